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
// A row goes one way through the stages, each in a package of its own:
//
//	scan.Row ─▶ internal/lex     a cell or a text is read by itself
//	         ─▶ internal/layout  tables, forms, texts: what is a number where, and what announces it
//	         ─▶ internal/tally   observations are counted by what stands beside them
//	         ─▶ internal/score   what is known of a column is judged
//	         ─▶ scan.Findings
//
// Numbers of declared kinds are found by internal/kind in the rows that the layout
// hands back, and judged alike. internal/vocab knows the words of headings and labels,
// internal/kind what is particular to one kind of number, internal/observed what the
// stages hand on. This package puts them together; read it in this order: detector.go
// and options.go (a detector), list.go (what else can be looked for), examination.go
// (a document), judge.go (when it is judged), names.go (numbers in names of files and
// sheets), hit.go (the evidence), hash.go (what leaves in place of a number).
//
// The codes in Hit.Why are stable: header, direct, layout, title, mentioned, shape, bare,
// column, column-short, prefecture-many, prefecture-some, prefecture,
// certificate-code, certificate, list, name, birth, address, file-name, in-name speak
// for a number; other-header, unknown-header, no-prefecture, no-prefecture-some,
// no-prefecture-many, same-office, repeated, sequence, datetime, datetime-like,
// datetime-header, phone, phone-like, care, limited speak against it.
//
// A record is a number in a row: a number that a row holds twice is one record,
// two numbers in a row (a couple) are two, so that there are never more persons
// than records.
package detectors
