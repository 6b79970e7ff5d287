// Package engine is a run: it walks targets, has each new or changed file
// examined, and hands the results to a store. What it works with is handed to
// it, in the terms of package scan.
//
// Read it in this order: run.go (walker, workers, recorder), work.go and streams.go
// (one file, and what hangs on it), progress.go (how
// far), capacity.go and pressure.go (how many at a time), resume.go (locked files,
// and going on the next night), revision.go (when a result still holds),
// suspect.go (files that took a run down), owner.go (whose a finding is); then
// one file: examine.go (its result), visit.go and member.go (what is in it), isolated.go (what
// is read in another process), unlock.go (passwords that are no secret),
// budget.go and clock.go (what it may cost), access.go and sibling.go (how its
// bytes are reached).
//
// There is one direction. The only loop, a file inside a file, is visit.member
// calling visit.file.
package engine
