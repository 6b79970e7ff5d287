// Package tally counts what was observed: of each column what its numbers are
// like, of each row which columns hold its number and which are filled, never the
// row itself. What is kept is bounded; when it is full its owner has it judged and
// counting goes on. It knows no words.
//
// Read it in this order: table.go (what is kept), column.go (the numbers of a
// column), text.go (numbers in running text), value.go (the numbers themselves,
// until they are hashed), count.go (what goes into the findings), sample.go (the
// evidence).
package tally
