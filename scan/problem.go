package scan

import (
	"context"
	"errors"
	"io"
	"io/fs"
)

// A Problem is something that kept a part of a file from being examined.
type Problem struct {
	Kind   Kind   `json:"kind"`
	Detail string `json:"detail"` // for a technician; never quotes a cell
}

// Kind classes problems; the words a person reads come from the message catalogue.
type Kind string

// The kinds of problems.
const (
	KindDenied      Kind = "denied"      // no right to read
	KindLocked      Kind = "locked"      // held open by somebody in a way that excludes readers
	KindGone        Kind = "gone"        // vanished between listing and opening
	KindTimeout     Kind = "timeout"     // took longer than the limit, or the server stalled
	KindUnreadable  Kind = "unreadable"  // the source failed to deliver the bytes
	KindOffline     Kind = "offline"     // content is on tape or in a cloud; reading would recall it
	KindLink        Kind = "link"        // a link to another place (DFS) that is not followed
	KindMalformed   Kind = "malformed"   // damaged or half-written
	KindUnsupported Kind = "unsupported" // recognised or not, but not read by this version
	KindIncomplete  Kind = "incomplete"  // a volume without its siblings
	KindUnaccounted Kind = "unaccounted" // bytes of which nobody knows what they are
	KindLimit       Kind = "limit"       // one of the limits was reached
	KindCrashed     Kind = "crashed"     // a parser failed
	KindNode        Kind = "node"        // machines were lost while they examined it
)

// Errors by which formats and sources say what happened. Wrap them with %w.
var (
	ErrLocked      = errors.New("file is in use")
	ErrOffline     = errors.New("file is stored offline")
	ErrLink        = errors.New("link is not followed")
	ErrMalformed   = errors.New("damaged")
	ErrUnsupported = errors.New("not supported")
	ErrIncomplete  = errors.New("other volumes are missing")
	ErrUnaccounted = errors.New("not accounted for")
	ErrCrashed     = errors.New("parser crashed")
	ErrNodeLost    = errors.New("nodes were lost over it")
	ErrTarget      = errors.New("the target is at fault") // and not one of its folders
	ErrStalled     = errors.New("server does not answer")
)

// ErrTimeUp says that the walk of a target stopped because its time was up.
// What was begun was finished; the next run goes on from there.
var ErrTimeUp = errors.New("its time is up; the next run goes on from here")

// A SkipError is how the walk of a source reports what it leaves out by a rule of
// its own: the entry is counted as skipped, under the name of the rule.
type SkipError struct {
	Rule string // a stable code, such as RuleSnapshot
	Err  error
}

func (e *SkipError) Error() string { return e.Err.Error() }
func (e *SkipError) Unwrap() error { return e.Err }

// The rules of sources.
const (
	RuleSnapshot   = "snapshot"    // a folder with earlier states of the share
	RuleRecycleBin = "recycle-bin" // a folder with what was deleted
	RuleDFSLink    = "dfs-link"    // leads to another server or share
	RuleLoop       = "loop"        // a folder that is also one of those above it, or was met under many paths
	RuleOffline    = "offline"     // content is on tape or in a cloud; reading would recall it
)

// A LimitError says which limit of the file's budget was reached.
type LimitError struct{ Limit string }

func (e *LimitError) Error() string { return e.Text().String() }

// Text implements Spoken.
func (e *LimitError) Text() Text { return Say("limit %q reached", e.Limit) }

// A ReadError marks an error as coming from the source and not from the
// content, so that a broken line is never taken for a damaged file.
type ReadError struct{ Err error }

func (e *ReadError) Error() string { return e.Err.Error() }
func (e *ReadError) Unwrap() error { return e.Err }

// Passing says that the problem may be gone at the next scan, so that the
// result is not to be kept as "unchanged".
func (p Problem) Passing() bool {
	switch p.Kind {
	case KindDenied, KindLocked, KindGone, KindTimeout, KindUnreadable, KindOffline, KindCrashed, KindNode, KindIncomplete:
		return true
	}
	return false
}

// ProblemOf makes the one Problem that an error is. It is the only place where
// errors become data.
func ProblemOf(err error) Problem {
	var limit *LimitError
	var read *ReadError
	kind := KindMalformed
	switch {
	case errors.As(err, &limit):
		kind = KindLimit
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, ErrStalled):
		kind = KindTimeout
	case errors.Is(err, ErrCrashed):
		kind = KindCrashed
	case errors.Is(err, ErrNodeLost):
		kind = KindNode
	case errors.Is(err, fs.ErrPermission):
		kind = KindDenied
	case errors.Is(err, ErrLocked):
		kind = KindLocked
	case errors.Is(err, fs.ErrNotExist):
		kind = KindGone
	case errors.Is(err, ErrOffline):
		kind = KindOffline
	case errors.Is(err, ErrLink):
		kind = KindLink
	case errors.Is(err, ErrIncomplete):
		kind = KindIncomplete
	case errors.Is(err, ErrUnaccounted):
		kind = KindUnaccounted
	case errors.Is(err, ErrUnsupported):
		kind = KindUnsupported
	case errors.Is(err, ErrMalformed), errors.Is(err, io.ErrUnexpectedEOF):
		kind = KindMalformed
	case errors.As(err, &read):
		kind = KindUnreadable
	}
	return Problem{Kind: kind, Detail: err.Error()}
}
