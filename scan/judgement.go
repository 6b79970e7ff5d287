package scan

// Status is what a file is, exactly one of seven.
type Status string

// The statuses.
const (
	StatusViolation Status = "violation" // 違反: numbers in something that opens without a password
	StatusReview    Status = "review"    // 要確認: the same with middling confidence
	StatusUnchecked Status = "unchecked" // 検査不能: not decided; the reason is named
	StatusExcepted  Status = "excepted"  // 例外: a violation that somebody allowed, for a time, or that few can read
	StatusProtected Status = "protected" // 適合: needs a password; content not examined
	StatusClean     Status = "clean"     // 該当なし: read to the end, nothing found
	StatusSkipped   Status = "skipped"   // 対象外: left out by a rule, which is named
)

// Statuses lists all, worst first.
func Statuses() []Status {
	return []Status{StatusViolation, StatusReview, StatusUnchecked, StatusExcepted, StatusProtected, StatusClean, StatusSkipped}
}

// ReasonRestricted is the reason of what is excepted because only few can read
// it, and not by an Exception.
const ReasonRestricted = "access-restricted"

// A Judgement is the status of a file and what it rests on. Package policy
// makes it, package report shows it.
type Judgement struct {
	Status    Status
	Reason    string     // a stable code: name of the skip rule, kind of the problem, "min-records", ReasonRestricted
	Counts    Counts     // records that make the status; zero unless violation, review or excepted
	Persons   int64      // different persons among them
	Exception *Exception // for StatusExcepted, unless the reason is ReasonRestricted
	Expired   *Exception // one that would cover a violation, had it not run out; nil: there is none
	Partial   bool       // some part was not examined, whatever the status
}
