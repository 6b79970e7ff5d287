package scan

import "time"

// An Exception allows what would be a violation, for a time, on somebody's
// word and with a reason that can be read back. All times are UTC.
type Exception struct {
	ID       int64
	Pattern  string // glob over target + "/" + path; "**" spans folders
	Reason   string
	Approver string
	Created  time.Time
	Expires  time.Time
	Removed  time.Time // zero: not removed
}

// Active reports whether the exception holds at a moment.
func (e Exception) Active(at time.Time) bool {
	return e.Removed.IsZero() && !at.Before(e.Created) && at.Before(e.Expires)
}
