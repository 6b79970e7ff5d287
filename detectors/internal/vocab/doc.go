// Package vocab knows the words by which people and systems announce what a
// column or a place in a text holds. Fields are data: each is a value with its
// words and its examples of yes and no. It sees texts only, never a table or a
// number, and imports none of the other stages.
//
// Read it in this order: word.go (a word and how headings are folded), field.go
// (a field), list.go (the table of fields), person.go and other.go (their words),
// number.go (the words of the number that is searched), part.go (numbers in two
// columns), foreign.go (numbers without a field), reader.go (headings), text.go
// (running text).
package vocab
