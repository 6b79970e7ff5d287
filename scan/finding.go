package scan

import (
	"context"
	"time"
)

// A Finding is what there is to put right in one file, over all runs. Its number
// stays when the file is renamed or moved and is never used for another.
type Finding struct {
	Number int64
	File   int64 // Result.ID
	Stage  Stage
	How    string // it came to be closed or withdrawn, as the How codes say; "" while it is open
	Since  time.Time
	First  time.Time // first run in which it was open
	Last   time.Time // latest one
	Basis  Basis     // what the latest judgement rests on
}

// A Stage is how far a finding is from being put right.
type Stage string

// The stages. A finding is closed by what a later complete walk read, never by
// anybody's word.
const (
	StageNew       Stage = "new"       // open in one run so far
	StageOpen      Stage = "open"      // open in several
	StageRecurred  Stage = "recurred"  // open again after it was closed
	StageClosed    Stage = "closed"    // put right: content, protection or access changed
	StageWithdrawn Stage = "withdrawn" // judged otherwise by other rules or settings; nobody put it right
)

// Open reports whether there is something to put right.
func (s Stage) Open() bool { return s == StageNew || s == StageOpen || s == StageRecurred }

// How a finding came to be closed (the first seven) or withdrawn.
const (
	HowPassword   = "password"   // a password was set
	HowRemoved    = "removed"    // the numbers are not in it any more
	HowDeleted    = "deleted"    // a complete walk did not meet the file any more
	HowMoved      = "moved"      // to where few can read it
	HowRestricted = "restricted" // fewer can read it
	HowException  = "exception"  // somebody allowed it, for a time
	HowExamined   = "examined"   // what could not be examined was, and nothing was found
	HowRules      = "rules"      // the file is the same and other rules judge it otherwise
	HowSettings   = "settings"   // so do other settings
	HowLeftOut    = "left-out"   // a rule leaves the file out now
)

// A Basis is what a judgement rests on, so that a later run can say what changed.
type Basis struct {
	Status    Status
	Reason    string
	Size      int64
	ModTime   time.Time
	Revision  string
	Access    string // checksum of who may read; "" if not known
	Records   int64
	Persons   int64
	Exception int64
}

// SameContent reports whether two judgements rest on a file of the same size and time.
func (b Basis) SameContent(other Basis) bool {
	return b.Size == other.Size && b.ModTime.Equal(other.ModTime)
}

// An Event is one move of a finding. Events are only ever added.
type Event struct {
	Finding int64
	Run     int64
	At      time.Time // UTC
	Kind    EventKind
	Stage   Stage  // after it
	Status  Status // as judged then
	Why     string // a How code, or what opened it again
	Detail  string // of a move: where the file lay before
}

// EventKind is what happened to a finding.
type EventKind string

// The kinds of events.
const (
	EventFound     EventKind = "found"
	EventContinued EventKind = "continued" // met again in a later run
	EventChanged   EventKind = "changed"   // open, and judged otherwise than before
	EventMoved     EventKind = "moved"
	EventClosed    EventKind = "closed"
	EventWithdrawn EventKind = "withdrawn"
	EventReopened  EventKind = "reopened"
)

// What opens a finding again.
const (
	WhyContent        = "content"         // the file was changed
	WhyReturned       = "returned"        // it is there again
	WhyAccess         = "access"          // more can read it
	WhyExceptionEnded = "exception-ended" // it expired or was removed
)

// A Move is a finding as it is now, with the events that led there. A number
// of 0 stands for a finding that is new.
type Move struct {
	Finding Finding
	Events  []Event // Finding and Run are the store's to fill in
}

// A FindingLedger keeps findings. Results carry theirs.
type FindingLedger interface {
	// Events yields what happened to findings from a moment on, oldest first.
	Events(ctx context.Context, since time.Time) ([]Event, error)
}

// A Settler is a Run that takes down what became of findings.
type Settler interface {
	// Settle stores findings and adds their events, all in one transaction.
	Settle(ctx context.Context, moves []Move) error
}

// A Tally is the figures that a run ended with, kept for those that come after.
type Tally struct {
	Run     int64
	At      time.Time // end of the run, UTC; filled in by the store
	Targets []string  // whose files were counted, by name
	Sums    map[Status]TallySum
}

// A TallySum is the figures of one status.
type TallySum struct {
	Files, Records int64
	Persons        int64 // different ones
}

// A Tallier is a Run that takes down its figures.
type Tallier interface {
	Tally(ctx context.Context, t Tally) error
}

// A TallyBook keeps the figures of runs.
type TallyBook interface {
	// Tallies returns those of all runs, oldest first.
	Tallies(ctx context.Context) ([]Tally, error)
}
