// Package detectors knows what counts as a Japanese pension number, and what
// stands beside it. It is pure: cells in, findings out; it reads no file and
// keeps no raw value.
//
// The number (基礎年金番号) has ten digits, four and six, and no check digit.
// A shape alone therefore proves nothing: the same shape is worn by free-dial
// numbers, times and slips. The judgement is made by column: what its heading
// says, how many of its cells have the shape, whether the first two digits are
// codes of prefectures, what else the rows hold. It is made when the table is
// at its end; until then a table is kept as counts by the set of filled
// columns, never as rows.
//
// Read it in this order: detector.go (the document), table.go (a table),
// heading.go (its headings), number.go (a cell), text.go (a number in running
// text), tally.go (what is kept), judge.go (the score), hit.go (the evidence).
// list.go names the fields; each has a file of its own with its examples.
//
// The codes in Hit.Why are stable: header, layout, shape, bare, column,
// prefecture, name, birth, address, file-name speak for a number; other-header,
// no-prefecture, same-office, repeated, sequence, datetime, phone, care speak
// against it; repaired and certificate say how the value was read.
package detectors
