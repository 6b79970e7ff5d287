// Package lex reads a cell or a piece of text by itself, without its neighbours
// and without a heading: numbers, dates, names, addresses. All of it are pure
// functions of the text; it imports none of the other stages.
//
// Read it in this order: number.go (a cell), find.go (numbers in running text),
// prefix.go and clock.go (what a number's digits say), date.go, name.go,
// address.go and prefecture.go (what belongs to a person), person.go (all of
// these in a piece of text), cell.go.
package lex
