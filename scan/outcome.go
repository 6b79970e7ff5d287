package scan

import "time"

// An Outcome is what a run has to say of one file: it was examined (*Result),
// left out by a rule (*LeftOut), or has not changed (*Kept, *AccessRefreshed).
type Outcome interface {
	// Of returns the file as it was listed.
	Of() Entry
}

// LeftOut is a file that a rule left out: it was not opened.
type LeftOut struct {
	Entry Entry
	Rule  string
	At    time.Time // UTC
}

// Result returns what is stored of a file that was left out.
func (l *LeftOut) Result() *Result {
	return &Result{Entry: l.Entry, Skipped: l.Rule, Items: []Item{{Size: l.Entry.Size}}, Revision: RevisionAgain, Scanned: l.At}
}

// Kept is a file whose stored result holds.
type Kept struct{ Entry Entry }

// AccessRefreshed is a file whose stored result holds, and of which was asked
// anew who may read it. That replaces what is stored.
type AccessRefreshed struct {
	Entry  Entry
	Access *Access // nil: not known now
}

// Of implements Outcome.
func (r *Result) Of() Entry { return r.Entry }

// Of implements Outcome.
func (l *LeftOut) Of() Entry { return l.Entry }

// Of implements Outcome.
func (k *Kept) Of() Entry { return k.Entry }

// Of implements Outcome.
func (a *AccessRefreshed) Of() Entry { return a.Entry }

var _ = []Outcome{(*Result)(nil), (*LeftOut)(nil), (*Kept)(nil), (*AccessRefreshed)(nil)}
