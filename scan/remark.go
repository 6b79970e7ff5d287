package scan

import (
	"context"
	"errors"
	"time"
)

// A Remark is what somebody said of a finding. The latest of a field holds; none
// is ever changed, and none closes a finding.
type Remark struct {
	Finding int64
	Field   string // a stable code: FieldPerson, …
	Value   string
	Who     string
	At      time.Time // UTC
	Basis   Basis     // of the finding when it was said
}

// The fields that people fill in.
const (
	FieldKind     = "fix-kind"   // how it is to be put right
	FieldPerson   = "fix-person" // who does it
	FieldState    = "fix-state"  // how far that person says to be
	FieldNote     = "note"
	FieldDecision = "decision" // of what is for review or could not be examined: DecisionApplies, DecisionNot
	FieldGround   = "ground"   // why it was decided so
)

// Fields lists all.
func Fields() []string {
	return []string{FieldKind, FieldPerson, FieldState, FieldNote, FieldDecision, FieldGround}
}

// Decisions on what is for review or could not be examined.
const (
	DecisionApplies = "applies"
	DecisionNot     = "not"
)

// Holds reports whether a decision still is about the file as it is.
func (r Remark) Holds(now Basis) bool {
	return r.Basis.SameContent(now) && r.Basis.Records == now.Records && r.Basis.Status == now.Status
}

// An Import is a file of remarks that was taken in.
type Import struct {
	SHA256 string // of the file, in hex
	Name   string
	Who    string
	At     time.Time // UTC
}

// ErrImported says that the same file was taken in before.
var ErrImported = errors.New("this file was imported before")

// A RemarkBook keeps what people said.
type RemarkBook interface {
	// AddRemarks takes in a file of remarks, all of it or nothing. ErrImported if
	// it was taken in before.
	AddRemarks(ctx context.Context, i Import, remarks []Remark) error
	// Remarks returns the latest remark of each finding and field, by finding.
	Remarks(ctx context.Context) ([]Remark, error)
}
