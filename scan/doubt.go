package scan

import (
	"errors"
	"strings"
)

// What a walk does not meet is gone, and a finding that is gone counts as put
// right. So a walk that reached its end is doubted where a share may have lost
// its mount or another server answers: such a walk closes nothing.

// A Loss is how much of what is known of a target may be missing at the end of a
// walk before it is doubted. The zero value doubts nothing.
type Loss struct {
	Share float64 // of the known files
	Least int64   // fewer files than these may be missing, unless nothing is left
}

// DefaultLoss allows half of the known files.
func DefaultLoss() Loss { return Loss{Share: 0.5, Least: 20} }

// TooMuch reports whether a loss is to be doubted.
func (l Loss) TooMuch(e LossError) bool {
	switch {
	case l == Loss{} || e.Missing == 0:
		return false
	case e.Missing >= e.Known:
		return true
	}
	return e.Missing >= l.Least && float64(e.Missing) > l.Share*float64(e.Known)
}

// The codes of doubts, as they are stored and reported.
const (
	DoubtLoss     = "loss"
	DoubtIdentity = "identity"
)

// A LossError says that a walk did not meet most of what is known of a target.
type LossError struct {
	Target         string
	Known, Missing int64
}

func (e *LossError) Error() string { return e.Text().String() }

// Text implements Spoken.
func (e *LossError) Text() Text {
	if e.Missing >= e.Known {
		return Say("%s: nothing of the %d files that were there is met any more; nothing counts as put right; look whether the share is mounted, or confirm with --accept-missing", e.Target, e.Known)
	}
	return Say("%s: %d of %d files that were there are not met any more; nothing counts as put right; look what became of them, or confirm with --accept-missing", e.Target, e.Missing, e.Known)
}

// An ElsewhereError says that a target, or a folder in it, is another file system or
// server than before.
type ElsewhereError struct{ Target, Folder string }

func (e *ElsewhereError) Error() string { return e.Text().String() }

// Text implements Spoken.
func (e *ElsewhereError) Text() Text {
	place := e.Target
	if e.Folder != "" {
		place = strings.TrimSuffix(e.Target, "/") + "/" + e.Folder
	}
	return Say("%s: this is another file system or server than at the last walk; nothing counts as put right; look whether the right one is mounted, or confirm with --accept-missing", place)
}

// Doubted reports whether an error is a doubt about a walk that reached its end.
func Doubted(err error) bool {
	var loss *LossError
	var elsewhere *ElsewhereError
	return errors.As(err, &loss) || errors.As(err, &elsewhere)
}
