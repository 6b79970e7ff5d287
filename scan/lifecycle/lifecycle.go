// Package lifecycle says what becomes of findings from run to run: new, open,
// put right, withdrawn, come back. A finding is put right only if a complete
// walk read the file, or its absence, and content, protection or access changed;
// what other rules or settings judge otherwise is withdrawn. Nobody's word
// closes one.
//
// Read next (the rule for one file), then Settle (all files of a run).
package lifecycle

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A seen is a file as a run has met it.
type seen struct {
	basis    scan.Basis
	gone     bool
	complete bool   // the walk of its target reached its end
	moved    string // where it lay before, if it was moved
}

func seenAs(r *scan.Result, j scan.Judgement, complete bool) seen {
	b := scan.Basis{
		Status: j.Status, Reason: j.Reason, Size: r.Entry.Size, ModTime: r.Entry.ModTime, Revision: r.Revision,
		Access: accessSum(r.Access), Records: j.Counts.Records, Persons: j.Persons,
	}
	if j.Exception != nil {
		b.Exception = j.Exception.ID
	}
	return seen{basis: b, gone: !r.History.Gone.IsZero(), complete: complete}
}

// accessSum tells two lists of permissions apart.
func accessSum(a *scan.Access) string {
	if a == nil {
		return ""
	}
	h := fnv.New64a()
	for _, g := range a.Grants {
		fmt.Fprintf(h, "%s %v %v\n", g.SID, g.Read, g.Write)
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// open is true of what has to be put right or looked into.
func open(s scan.Status) bool {
	return s == scan.StatusViolation || s == scan.StatusReview || s == scan.StatusUnchecked
}

// found is true of the statuses with numbers in the open.
func found(s scan.Status) bool { return s == scan.StatusViolation || s == scan.StatusReview }

// noted reports whether a file is to have a finding from now on.
func (s seen) noted() bool {
	return !s.gone && (open(s.basis.Status) || s.basis.Status == scan.StatusExcepted)
}

// A change is what happens to a finding in one run.
type change struct {
	kind  scan.EventKind
	stage scan.Stage
	why   string
}

// begin is the first entry of a file into the ledger.
func begin(s seen, at time.Time) scan.Move {
	f := scan.Finding{Stage: scan.StageNew, Since: at, First: at, Last: at, Basis: s.basis}
	if s.basis.Status == scan.StatusExcepted {
		f.Stage, f.How = scan.StageClosed, excepted(s)
	}
	return scan.Move{Finding: f, Events: []scan.Event{{At: at, Kind: scan.EventFound, Stage: f.Stage, Status: s.basis.Status, Why: f.How}}}
}

// next returns what becomes of a finding; ok is false if the ledger stays as it is.
func next(f scan.Finding, s seen, at time.Time) (m scan.Move, ok bool) {
	m.Finding = f
	if s.moved != "" {
		m.Events = append(m.Events, scan.Event{At: at, Kind: scan.EventMoved, Stage: f.Stage, Status: s.basis.Status, Detail: s.moved})
	}
	before := f.Basis
	var c change
	if f.Stage.Open() {
		c = fromOpen(f, s)
	} else {
		c = fromClosed(f, s)
	}
	if closes(f, c) && !s.complete && c.why != scan.HowException {
		return m, len(m.Events) > 0 // the end of the walk may show otherwise
	}
	m.Finding.Basis = s.basis
	if s.gone {
		m.Finding.Basis = before
		m.Finding.Basis.Status = ""
	}
	if c.kind != "" {
		m.Events = append(m.Events, scan.Event{At: at, Kind: c.kind, Stage: c.stage, Status: s.basis.Status, Why: c.why})
		if c.stage != f.Stage {
			m.Finding.Since = at
		}
		m.Finding.Stage, m.Finding.How = c.stage, ""
		if !c.stage.Open() {
			m.Finding.How = c.why
		}
	}
	if m.Finding.Stage.Open() {
		m.Finding.Last = at
	}
	return m, len(m.Events) > 0 || m.Finding != f
}

func closes(f scan.Finding, c change) bool { return f.Stage.Open() && c.kind != "" && !c.stage.Open() }

// fromOpen is what becomes of an open finding.
func fromOpen(f scan.Finding, s seen) change {
	was, is := f.Basis.Status, s.basis.Status
	changed := f.Basis.Revision == s.basis.Revision || !f.Basis.SameContent(s.basis)
	withdrawn := change{scan.EventWithdrawn, scan.StageWithdrawn, scan.HowRules}
	switch {
	case s.gone:
		return change{scan.EventClosed, scan.StageClosed, scan.HowDeleted}
	case found(is) && was == scan.StatusUnchecked:
		return change{scan.EventFound, scan.StageNew, ""}
	case open(is) && is != was:
		return change{scan.EventChanged, f.Stage, ""}
	case open(is) && f.Stage == scan.StageNew:
		return change{scan.EventContinued, scan.StageOpen, ""}
	case open(is):
		return change{}
	case is == scan.StatusExcepted && s.basis.Exception == 0 && s.moved == "" && f.Basis.Access == s.basis.Access:
		return change{scan.EventWithdrawn, scan.StageWithdrawn, scan.HowSettings}
	case is == scan.StatusExcepted:
		return change{scan.EventClosed, scan.StageClosed, excepted(s)}
	case is == scan.StatusSkipped:
		return change{scan.EventWithdrawn, scan.StageWithdrawn, scan.HowLeftOut}
	case is == scan.StatusClean && was == scan.StatusUnchecked:
		return change{scan.EventClosed, scan.StageClosed, scan.HowExamined}
	case !changed:
		return withdrawn
	case is == scan.StatusProtected:
		return change{scan.EventClosed, scan.StageClosed, scan.HowPassword}
	}
	return change{scan.EventClosed, scan.StageClosed, scan.HowRemoved}
}

// excepted says how a file came to be excepted.
func excepted(s seen) string {
	switch {
	case s.basis.Exception != 0:
		return scan.HowException
	case s.moved != "":
		return scan.HowMoved
	}
	return scan.HowRestricted
}

// fromClosed is what becomes of a finding that was closed or withdrawn.
func fromClosed(f scan.Finding, s seen) change {
	is := s.basis.Status
	switch {
	case s.gone:
		if f.How == scan.HowException || f.How == scan.HowRestricted || f.Stage == scan.StageWithdrawn {
			return change{scan.EventClosed, scan.StageClosed, scan.HowDeleted}
		}
		return change{}
	case is == scan.StatusExcepted && excepted(s) != f.How && f.Basis.Status == scan.StatusExcepted:
		return change{scan.EventClosed, scan.StageClosed, excepted(s)}
	case is == scan.StatusUnchecked && f.Stage == scan.StageClosed:
		return change{scan.EventFound, scan.StageNew, ""}
	case !open(is):
		return change{}
	case f.Stage == scan.StageWithdrawn:
		return change{scan.EventReopened, scan.StageOpen, scan.HowRules}
	case f.How == scan.HowException:
		return change{scan.EventReopened, scan.StageRecurred, scan.WhyExceptionEnded}
	case f.How == scan.HowRestricted || f.How == scan.HowMoved:
		return change{scan.EventReopened, scan.StageRecurred, scan.WhyAccess}
	case f.How == scan.HowDeleted:
		return change{scan.EventReopened, scan.StageRecurred, scan.WhyReturned}
	}
	return change{scan.EventReopened, scan.StageRecurred, scan.WhyContent}
}
