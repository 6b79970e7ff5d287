// Package score judges numbers by what is known of their column, or of the text
// around them: points for what speaks for them and against them, a grade, and
// the reasons. It sees counts and never a row.
//
// Read it in this order: weights.go (what each reason counts), assess.go (the
// grades), column.go, text.go, record.go (a number that stands in several
// columns).
package score
