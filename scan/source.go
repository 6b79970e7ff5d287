package scan

import (
	"context"
	"io"
	"time"
)

// An Entry is one file as its source lists it.
type Entry struct {
	Target  string    // the target as reports show it; never holds a password
	Path    string    // below the target, separated by '/'; its own name for a target that is itself the file
	Size    int64     // bytes
	ModTime time.Time // UTC
	// ChangeTime is when content or attributes last changed as the server
	// keeps it; zero where the source has none. It catches an edit that
	// restored ModTime.
	ChangeTime time.Time
	ID         uint64 // the file's identity on its server; 0 if unknown
	Owner      string // who owns it; filled in for files with findings only
	Folder     bool   // a folder: one that could not be listed, or one that a Lister found
}

// A Source lists and opens the files below one target. It cannot write.
// Walk is called once at a time; Open may be called from many goroutines,
// also while Walk runs.
type Source interface {
	// Walk calls visit for each file, and with an error for what could not be
	// listed: the entry then names the folder or file that was not reached.
	// (A *SkipError says that a rule of the source leaves it out.)
	// visit decides: an error from it ends the walk and is returned unchanged.
	// Walk itself returns an error only if the target was not walked to its end.
	Walk(ctx context.Context, visit func(Entry, error) error) error
	// Open opens a file for reading by ranges. Its errors can be distinguished
	// with errors.Is: fs.ErrPermission, fs.ErrNotExist, ErrLocked, ErrOffline.
	Open(ctx context.Context, e Entry) (Blob, error)
	Close() error
}

// A Blob is an open file. ReadAt may be called from several goroutines.
type Blob interface {
	io.ReaderAt
	io.Closer
	Size() int64 // bytes, as of Open
}

// An Owned source also knows who owns a file. It is asked for files with
// findings only, since a look at an owner costs round trips.
type Owned interface {
	Owner(ctx context.Context, e Entry) (string, error)
}

// A Streamer is a source whose files may have alternate data streams beside what
// they hold themselves: the same file by name, and another content.
type Streamer interface {
	// Streams lists them as entries, which Open opens; none where the file has
	// none, or its server knows no such thing.
	Streams(ctx context.Context, e Entry) ([]Entry, error)
}

// A Resumable source can begin its walk where an earlier one stopped.
type Resumable interface {
	// WalkFrom is Walk without what comes before the folder from, in the order
	// of the walk; the folder itself is visited whole. If it is not there any
	// more, the walk begins with what comes after it.
	WalkFrom(ctx context.Context, from string, visit func(Entry, error) error) error
}

// A Lister can list one folder, which is what is handed out where several
// machines share the walk of a target.
type Lister interface {
	// List calls visit for what is directly in a folder below the target ("" is
	// the target): for files and for what was not reached as Walk does, and for
	// each subfolder, without an error and with Entry.Folder set. Who goes down
	// leaves out a subfolder whose Entry.ID is that of one above it. An error
	// that is not from visit means that the folder was not listed to its end.
	List(ctx context.Context, folder string, visit func(Entry, error) error) error
}
