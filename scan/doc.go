// Package scan is the contract of kagiban: what its parts say to each other.
// It knows no format, no protocol and no database, and starts no goroutine.
//
//	Source.Walk ─▶ unchanged? ─▶ N workers: identify ─▶ verdict ─▶ content ─▶ detect ─▶ one Result
//	                                          ▼
//	                       one recorder: Store.Save, a batch of files in one transaction
//
// The machine that does this is package engine. Read the contract in this order:
// source.go (where files come from), format.go and file.go (what files are, and
// what a format gets of one), detector.go (what is looked for), result.go,
// persons.go, rights.go and judgement.go (what is learnt), problem.go (what went
// wrong, as data), limits.go (what one file may cost), store.go (what is
// remembered), isolator.go (other processes), exception.go.
package scan
