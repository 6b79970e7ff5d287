// Package kind holds what is particular to one kind of number, one file each: its
// words, and of kinds other than the pension number its shape too.
//
// Read it in this order: pension.go, mynumber.go, declared.go (numbers that are
// declared by a pattern and headings), columns.go (how those are found and counted).
package kind
