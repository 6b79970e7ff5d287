// Package policy judges results: is this a violation of the rule that personal
// data on a share needs a password, or restricted access where that counts? It is pure: the same results under another
// policy give another judgement, and no share is touched for it.
package policy

import (
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Policy is the rule that is measured. The zero value is the rule as
// written: one record in the open is a violation, nothing is excepted.
type Policy struct {
	MinRecords int64            // a file with fewer records is for review, not a violation
	Exceptions []scan.Exception // the ledger; what is not active at At is ignored
	At         time.Time        // the moment of the judgement, for exceptions
	Restricted Restriction      // which restricted access is as good as a password

	places places // of Exceptions; see Ready
}

// Judge returns the one status of a file.
func (p Policy) Judge(r *scan.Result) scan.Judgement {
	j := p.found(r)
	j.Partial = problem(r) != ""
	if j.Status != "" {
		return j
	}
	switch {
	case r.Skipped != "":
		j.Status, j.Reason = scan.StatusSkipped, r.Skipped
	case j.Partial:
		j.Status, j.Reason = scan.StatusUnchecked, problem(r)
	case len(r.Items) == 0:
		j.Status, j.Reason = scan.StatusUnchecked, string(scan.KindUnreadable)
	case r.Items[0].Skipped != "":
		j.Status, j.Reason = scan.StatusSkipped, r.Items[0].Skipped
	case closed(r):
		j.Status = scan.StatusProtected
	case r.Items[0].Protection.Verdict == scan.VerdictUnknown:
		// No format may leave it open without a problem; if one does, it is
		// still not clean.
		j.Status, j.Reason = scan.StatusUnchecked, string(scan.KindUnsupported)
	case r.Members > 0 && r.Members == r.Omitted:
		j.Status, j.Reason = scan.StatusSkipped, "members"
	default:
		j.Status = scan.StatusClean
	}
	return j
}

// found judges what was found; an empty status means nothing was.
func (p Policy) found(r *scan.Result) scan.Judgement {
	var high, middle scan.Counts
	for i := range r.Items {
		high.Add(r.Items[i].Findings.High)
		middle.Add(r.Items[i].Findings.Medium)
	}
	var j scan.Judgement
	switch {
	case high.Records > 0 && high.Records >= p.MinRecords:
		j = scan.Judgement{Status: scan.StatusViolation, Counts: high, Persons: r.Distinct.High}
		// Somebody's word with a reason and an end comes before the general rule.
		active, expired := p.exception(r.Entry)
		if j.Expired = expired; active != nil {
			j.Status, j.Exception = scan.StatusExcepted, active
		} else if p.Restricted.covers(r.Access) {
			j.Status, j.Reason = scan.StatusExcepted, scan.ReasonRestricted
		}
	case high.Records+middle.Records > 0:
		high.Add(middle)
		j = scan.Judgement{Status: scan.StatusReview, Counts: high, Persons: r.Distinct.High + r.Distinct.Medium}
		if j.Counts.Records > middle.Records {
			j.Reason = "min-records"
		}
	}
	return j
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
