// Package policy judges results: is this a violation of the rule that personal
// data on a share needs a password? It is pure: the same results under another
// policy give another judgement, and no share is touched for it.
package policy

import (
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/scan"
)

// Status is what a file is, exactly one of seven.
type Status string

// The statuses.
const (
	Violation Status = "violation" // 違反: numbers in something that opens without a password
	Review    Status = "review"    // 要確認: the same with middling confidence
	Protected Status = "protected" // 適合: needs a password; content not examined
	Clean     Status = "clean"     // 該当なし: read to the end, nothing found
	Excepted  Status = "excepted"  // 例外: a violation that somebody allowed, for a time
	Skipped   Status = "skipped"   // 対象外: left out by a rule, which is named
	Unchecked Status = "unchecked" // 検査不能: not decided; the reason is named
)

// Statuses lists all, worst first.
func Statuses() []Status {
	return []Status{Violation, Review, Unchecked, Excepted, Protected, Clean, Skipped}
}

// A Policy is the rule that is measured. The zero value is the rule as
// written: one record in the open is a violation, nothing is excepted.
type Policy struct {
	MinRecords int64            // a file with fewer records is for review, not a violation
	Exceptions []scan.Exception // the ledger; what is not active at At is ignored
	At         time.Time        // the moment of the judgement, for exceptions
}

// A Judgement is the status of a file and what it rests on.
type Judgement struct {
	Status    Status
	Reason    string          // a stable code: name of the skip rule, kind of the problem, "min-records"
	Counts    scan.Counts     // records that make the status; zero unless violation, review or excepted
	Persons   int64           // different persons among them
	Exception *scan.Exception // for Excepted
	Partial   bool            // some part was not examined, whatever the status
}

// Judge gives the one status of a file.
func (p Policy) Judge(r *scan.Result) Judgement {
	j := p.found(r)
	j.Partial = problem(r) != ""
	if j.Status != "" {
		return j
	}
	switch {
	case r.Skipped != "":
		j.Status, j.Reason = Skipped, r.Skipped
	case j.Partial:
		j.Status, j.Reason = Unchecked, problem(r)
	case len(r.Items) == 0:
		j.Status, j.Reason = Unchecked, string(scan.KindUnreadable)
	case r.Items[0].Skipped != "":
		j.Status, j.Reason = Skipped, r.Items[0].Skipped
	case closed(r):
		j.Status = Protected
	case r.Items[0].Protection.Verdict == scan.VerdictUnknown:
		// No format may leave it open without a problem; if one does, it is
		// still not clean.
		j.Status, j.Reason = Unchecked, string(scan.KindUnsupported)
	case r.Members > 0 && r.Members == r.Omitted:
		j.Status, j.Reason = Skipped, "members"
	default:
		j.Status = Clean
	}
	return j
}

// found judges what was found; an empty status means nothing was.
func (p Policy) found(r *scan.Result) Judgement {
	var high, middle scan.Counts
	for i := range r.Items {
		high.Add(r.Items[i].Findings.High)
		middle.Add(r.Items[i].Findings.Middle)
	}
	var j Judgement
	switch {
	case high.Records > 0 && high.Records >= p.MinRecords:
		j = Judgement{Status: Violation, Counts: high, Persons: r.Distinct.High}
		if e := p.exception(r.Entry); e != nil {
			j.Status, j.Exception = Excepted, e
		}
	case high.Records+middle.Records > 0:
		high.Add(middle)
		j = Judgement{Status: Review, Counts: high, Persons: r.Distinct.High + r.Distinct.Middle}
		if j.Counts.Records > middle.Records {
			j.Reason = "min-records"
		}
	}
	return j
}

// exception finds the active exception that covers a file.
func (p Policy) exception(e scan.Entry) *scan.Exception {
	for i := range p.Exceptions {
		x := &p.Exceptions[i]
		if !x.Active(p.At) {
			continue
		}
		for _, name := range []string{e.Path, e.Target + "/" + e.Path} {
			if ok, err := doublestar.Match(x.Pattern, name); err == nil && ok {
				return x
			}
		}
	}
	return nil
}

// problem is the kind of the first problem, "" if all was examined.
func problem(r *scan.Result) string {
	for i := range r.Items {
		for _, p := range r.Items[i].Problems {
			return string(p.Kind)
		}
	}
	return ""
}

// closed says that at least one part needs a password and no part is in the open with findings.
func closed(r *scan.Result) bool {
	for i := range r.Items {
		if r.Items[i].Protection.Verdict.Closed() {
			return true
		}
	}
	return false
}
