// Package incident answers what a leak held, from what is remembered of files: of
// the paths that are known to have leaked, how many records and people, with what
// beside the number, and what nobody knows because it was not read.
//
// Read it in this order: line.go and match.go (which files are meant), impact.go
// (what each held at the time), sums.go (what they come to together), answer.go
// (is one number in it). It touches no file and no database: it asks
// scan.HistoryReader and scan.PersonIndex.
package incident
