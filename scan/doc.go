// Package scan is the vocabulary and the pipeline of kagiban. It knows no
// format, no protocol and no database; those are handed to it.
//
//	Source.Walk ─▶ unchanged? ─▶ N workers: identify ─▶ verdict ─▶ content ─▶ detect ─▶ one Result
//	                                          ▼
//	                       one recorder: Store.Save, a batch of files in one transaction
//
// Read it in this order: source.go (where files come from), format.go (what
// files are), detector.go (what is looked for), result.go (what is learnt),
// problem.go (what went wrong, as data), limits.go and clock.go (the budget and
// the time of a file), file.go (how bytes are reached), sibling.go (volumes
// beside a file), examine.go (the result of one file), visit.go (what is in
// it), unlock.go (passwords that are no secret), run.go (all files),
// progress.go (how far), room.go and pressure.go (how many
// at a time), resume.go (going on the
// next night), suspect.go (files that took a run down), rights.go (who may read a finding).
//
// There is one direction. The only loop, a file inside a file, is
// visit.member calling visit.file.
package scan
