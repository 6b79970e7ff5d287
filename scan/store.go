package scan

import (
	"context"
	"time"
)

// A Store remembers results between runs. Unchanged (asked by the walk) and
// Save (called by the recorder) run at the same time.
type Store interface {
	// Unchanged tells whether the stored result of e still holds: same size
	// and times, and current accepts the revision it was stored with.
	Unchanged(ctx context.Context, e Entry, current func(revision string) bool) (Known, error)
	// Save keeps a batch of results in one transaction, replacing what was
	// known of those files. A Result that is Kept is only marked as seen; if
	// its Access was Asked for, that replaces the stored one.
	Save(ctx context.Context, batch []*Result) error
	// Finish ends the walk of a target. What was not seen in a complete walk
	// is gone; after an incomplete one nothing is concluded.
	Finish(ctx context.Context, target string, complete bool) error
}

// Known is what a store has of a file.
type Known int

// The zero value has the file examined.
const (
	ToExamine Known = iota
	Same            // a result that holds
	SameFound       // one that holds, of a file with findings
)

// A Bookmark says where a walk stopped because its time was up. The zero value
// is none.
type Bookmark struct {
	Folder string // below the target
	Full   bool   // the walk examined unchanged files too
}

// A Bookmarker is a Store that keeps bookmarks, one for each target. Until the
// walk that follows a bookmark is finished, what was seen before it counts as
// seen.
type Bookmarker interface {
	Bookmark(ctx context.Context, target string) (Bookmark, error)
	// SetBookmark replaces a bookmark; with the zero value the next walk is one
	// of its own.
	SetBookmark(ctx context.Context, target string, b Bookmark) error
}

// A Journal is a Store that knows what was under examination when a run died.
type Journal interface {
	// Enter writes down that a file is under examination, before it is read;
	// leave takes that back. Alone says that it is the only one. Enter is called
	// from several goroutines.
	Enter(e Entry, alone bool) (leave func() error, err error)
	// Suspects returns the files of a target that were under examination when an
	// earlier run died, by path.
	Suspects(ctx context.Context, target string) (map[string]Suspect, error)
	// Acquit says that a suspect was examined and took nothing down.
	Acquit(ctx context.Context, e Entry) error
}

// A Suspect is what is known of such a file.
type Suspect struct {
	Size    int64     // bytes, as it was
	ModTime time.Time // UTC
	// Alone: it was the only file under examination, so it was the cause.
	Alone bool
}
