// Package kind holds what is particular to one kind of number, one file each.
//
// Read it in this order: pension.go.
package kind
