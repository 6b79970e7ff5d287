package scan

import "time"

// An Exception allows what would be a violation, for a time, on somebody's
// word and with a reason that can be read back. All times are UTC.
type Exception struct {
	ID       int64
	Pattern  string // glob over target + "/" + path; "**" spans folders
	Reason   string
	Decision string // number of the decision
	Approver string
	AddedBy  string
	Created  time.Time
	Expires  time.Time
	Removal  Removal // zero: it was not removed
}

// A Removal ends an exception before its time.
type Removal struct {
	At     time.Time
	By     string
	Reason string
}

// Active reports whether the exception holds at a moment.
func (e Exception) Active(at time.Time) bool {
	return e.Removal.At.IsZero() && !at.Before(e.Created) && at.Before(e.Expires)
}
