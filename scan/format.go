package scan

import (
	"context"
	"io"
)

// A Format is one row in the ordered table of known formats.
type Format struct {
	Name    string // stable: it stands in reports and in the state
	Version int    // bump when a verdict or a row may change
	About   About  // the row of the manual's table
	// Skip names the rule by which such files are out of scope ("picture",
	// "program", …). Open is then nil.
	Skip string
	// Match decides by content whether the file is of this format; f.Head is
	// already read. An extension may break a tie, never decide alone.
	Match func(f *File) bool
	// Claim, of a format with Skip, accounts for what is out of scope. What is
	// behind it is not. Nil: all of the file is.
	Claim func(f *File)
	// Open reads what the verdict needs and no more. Nil with an empty Skip
	// means: recognised, and not read by this version (ErrUnsupported).
	Open func(ctx context.Context, f *File) (Document, error)
	// Isolated, if not nil, opens the file for its content, and for the verdict
	// too if Open is nil. It runs in another process (Config.Isolator): it is
	// for decoders of others that a hostile file can make take a process down.
	Isolated func(ctx context.Context, f *File) (Document, error)
}

// A Document is an opened file: a verdict and, separately, its content.
type Document interface {
	Protection() Protection
	// Content hands out what is inside, in order. It is called at most once,
	// and never when the verdict is VerdictPassword or VerdictOther. It
	// returns nil only if everything was read or each gap was reported to
	// out.Problem.
	Content(ctx context.Context, out Sink) error
}

// A Locked document can be tried with passwords that its owner has declared to be
// no secret.
type Locked interface {
	// Unlock returns the document as the first password that opens it does; nil
	// if none does. It is called for documents whose verdict is VerdictPassword
	// or VerdictPartial, before Content.
	Unlock(ctx context.Context, passwords []string) (Document, error)
}

// A Sink takes what is inside a document. Formats return its errors unchanged.
type Sink interface {
	Member(Member) error // a file in a file: the engine identifies it
	Row(Row) error       // a table row; a line of text is a one-cell row
	Problem(error)       // this part could not be read, the rest goes on
}

// A Member is a file inside a file.
type Member struct {
	// Name is the path inside the container, UTF-8, separated by '/'. An empty
	// name means the same file in another wrapping (a decrypted package): its
	// findings belong to the container's own item, and its verdict too if the
	// container's is VerdictUnknown (volumes that are joined).
	Name string
	Size int64 // bytes as declared, -1 if unknown; a hint, never trusted
	// Protection is what the container says of this member. With
	// VerdictPassword or VerdictOther, Open is not called. The zero value
	// means that the container adds no protection of its own.
	Protection Protection
	// Unlocked says that a declared password opens it: Open is called although
	// the verdict is VerdictPassword.
	Unlocked bool
	// Again says that it is the document of a member before it in another form, as
	// the HTML of a mail is: its records are counted only if it names somebody whom
	// nothing before it has named.
	Again bool
	// Open starts reading. What it yields must be bounded by File.Bound if it
	// expands. The engine closes it.
	Open func() (io.ReadCloser, error)
	// At, if not nil, returns the bytes in place (a stored entry), so that
	// nothing is copied. Size is then exact.
	At io.ReaderAt
}

// A Row is one row of a table. It and its cells are valid until Sink.Row
// returns: nothing is allocated per cell.
type Row struct {
	Table string // name of the sheet or table; "" where there is just one
	N     int    // 1-based
	Cells []Cell
	// Heads says that the cells are headings, by the word of the format and not by
	// what they look like: the keys of a record, the columns of a statement. Each
	// holds for its column from here on, and those of other columns stay. A key
	// within others comes with them, from the outermost to its own, parted by '/'.
	Heads bool
}

// A Cell is one cell that is not empty.
type Cell struct {
	Col    int    // 0-based; empty cells are left out, so that a lone cell in column XFD costs one cell
	Text   []byte // as a person sees it, UTF-8
	Shared uint32 // not 0: cells of this document with the same number have the same text, so it is judged once
}

// An About is what a person should know of a format.
type About struct {
	Names   string // as people call it
	Verdict string // how surely the verdict is formed: "yes", "always open", "by rule", "no"
	Content Coverage
	Limits  string
}

// Coverage is how much of a format's content is read.
type Coverage string

// The grades of coverage.
const (
	CoverageFull Coverage = "yes"
	CoverageBest Coverage = "best effort" // what may be missing is reported as a problem
	CoverageNone Coverage = "no"
)
