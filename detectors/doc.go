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
// Read it in this order: internal/lex (a cell), internal/vocab (the words of
// headings and labels), internal/kind (what is particular to a number), then
// detector.go (the document), table.go and column.go (a table), memo.go (what is
// worked out once for a row or a document), heading.go (its headings), parts.go
// (a number over several cells), form.go (labels and what stands beside them),
// text.go and company.go (running text), nametext.go (names of files and sheets),
// layout.go (files for the pension service), tally.go (what is kept), slot.go,
// weights.go and judge.go (the score), hit.go (the evidence). list.go names what
// else can be looked for.
//
// The codes in Hit.Why are stable: header, direct, layout, title, mentioned, shape, bare,
// column, column-short, prefecture-many, prefecture-some, prefecture,
// certificate-code, certificate, list, name, birth, address, file-name, in-name speak
// for a number; other-header, unknown-header, no-prefecture, no-prefecture-some,
// no-prefecture-many, same-office, repeated, sequence, datetime, datetime-like,
// datetime-header, phone, phone-like, care, limited speak against it.
//
// No step costs more than its input, however that is made: what a number asks
// of its row is worked out once for the row, what a table begins anew costs what
// the one before held, and each list that is searched is bounded. The test of
// counted work in cmd/kagiban shows it.
//
// A record is a number in a row: a number that a row holds twice is one record,
// two numbers in a row (a couple) are two, so that there are never more persons
// than records.
package detectors
