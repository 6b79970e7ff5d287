// Package layout finds where a table holds its numbers and what announces them:
// rows come in, observations go out. It knows headings, forms, running text and the
// files of the pension service; how much an observation counts it does not know.
//
// Read it in this order: table.go (the order in which a row is examined), page.go
// (what its parts share), column.go and row.go (the table and the row at hand),
// person.go (what stands beside a number), shared.go (texts that cells share),
// heading.go and headjoin.go (rows of headings), cells.go and parts.go (numbers in
// cells), form.go (labels and what stands beside them), prose.go (running text),
// filing.go (files for the pension service).
//
// No step costs more than its input, however that is made: what a number asks of
// its row is worked out once for the row, what a table begins anew costs what the
// one before held, and each list that is searched is bounded.
package layout
