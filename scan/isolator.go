package scan

import "context"

// An Isolator opens files in another process, where a parser that dies takes
// nothing else with it. Without one, such files are not read at all.
type Isolator interface {
	// Open does Format.Isolated of the format of that name elsewhere. Its
	// errors and those of the document wrap ErrCrashed if the process died. A
	// document that is an io.Closer is closed after use.
	Open(ctx context.Context, format string, f *File) (Document, error)
}

// A Quarantine examines a whole file in a process of its own, whose death is
// that of the file only.
type Quarantine interface {
	// Examine returns what the same examination here would, but for what only
	// the source knows (owner, access). Persons takes the hashes. An error
	// that wraps ErrCrashed says that the process died.
	Examine(ctx context.Context, src Source, e Entry, persons *Persons) (*Result, error)
}
