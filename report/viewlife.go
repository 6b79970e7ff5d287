package report

import (
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A viewLife is what became of a finding, and what people said of it.
type viewLife struct{ shown }

// StageWord says how far a finding is.
func (v viewLife) StageWord() string {
	if v.Finding == nil {
		return ""
	}
	return v.words.code("stage", string(v.Finding.Stage))
}

func (v viewLife) Site() string    { return visible(v.File.Department.Site) }
func (v viewLife) Contact() string { return visible(v.File.Department.Contact) }

// Right says how a file was seen to be put right.
func (v viewLife) Right() string {
	switch {
	case v.Finding != nil && v.Finding.How != "":
		return v.words.code("how", v.Finding.How)
	case !v.History.Gone.IsZero():
		return v.words.code("how", scan.HowDeleted)
	}
	return v.words.code("right", string(v.Status))
}

// RightDay is when that was seen.
func (v viewLife) RightDay() time.Time {
	switch {
	case v.Finding != nil && !v.Finding.Stage.Open():
		return v.Finding.Since
	case !v.History.Gone.IsZero():
		return v.History.Gone
	}
	return v.Scanned
}

// Overdue is by how many days a file should have been put right before.
func (v viewLife) Overdue() int {
	if v.Due.IsZero() || !v.made.After(v.Due) {
		return 0
	}
	return int(v.made.Sub(v.Due)/(24*time.Hour)) + 1
}

// DueState is computed, and nobody can type it.
func (v viewLife) DueState() string {
	switch {
	case v.Due.IsZero():
		return ""
	case v.Overdue() > 0:
		return v.words.text("due.late", v.Overdue())
	}
	return v.words.text("due.within")
}

// Remark is what somebody wrote into a field last, in the words of the choice
// where there is one.
func (v viewLife) Remark(field string) string {
	r, ok := v.Remarks[field]
	if !ok {
		return ""
	}
	if field == scan.FieldDecision && v.Decided() == "" {
		return "" // it was another content: the question is asked again
	}
	if v.words.has(field, r.Value) {
		return v.words.code(field, r.Value)
	}
	return visible(r.Value)
}

// DecidedBy says who decided, and when; or that the file has changed since.
func (v viewLife) DecidedBy() string {
	r, ok := v.Remarks[scan.FieldDecision]
	switch {
	case !ok:
		return ""
	case v.Decided() == "":
		return v.words.text("decided.again")
	}
	return visible(r.Who) + " " + v.Day(r.At)
}

// ExceptionDecision is the number of the decision that allowed a file.
func (v viewLife) ExceptionDecision() string {
	if v.Exception == nil {
		return ""
	}
	return visible(v.Exception.Decision)
}

// ExceptionExpires is the last day on which that holds.
func (v viewLife) ExceptionExpires() time.Time {
	if v.Exception == nil {
		return time.Time{}
	}
	return lastDay(*v.Exception)
}
