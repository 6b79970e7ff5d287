package scan

import (
	"context"
	"errors"
	"iter"
	"time"
)

// What is remembered between runs is behind the small interfaces of this file.
// A database is written against them and against their acceptance kit,
// package storekit in scantest.

// A Store remembers what a run learns. Known (asked by the walk) and Save
// (called by the recorder) run at the same time.
type Store interface {
	// Known returns what holds of a file: whether it has the size and times
	// of the stored one, and current accepts the revision that was stored.
	Known(ctx context.Context, e Entry, current func(revision string) bool) (Reuse, error)
	// Save stores a batch of outcomes, replacing what was known of those files,
	// and carries out done (if it is not nil), all in one transaction.
	Save(ctx context.Context, batch []Outcome, done Completion) error
	// Finish ends the walk of a target. What was not seen in a complete walk
	// is gone; after an incomplete one nothing is concluded, and neither is it
	// where the walk is in doubt: then a *LossError or *ElsewhereError is returned.
	Finish(ctx context.Context, target string, complete bool) error
}

// A Completion is what ends together with a batch of results, such as the job
// that made them. Tx is the transaction of the store: *sql.Tx in the embedded
// database, pgx.Tx in PostgreSQL. If that is away for a moment the transaction is
// run again, and so is CompleteIn.
type Completion interface {
	CompleteIn(ctx context.Context, tx any) error
}

// Reuse says how far a stored result can be used again.
type Reuse int

// The zero value has the file examined.
const (
	ReuseNone     Reuse = iota
	Unchanged           // the result holds
	RefreshAccess       // it holds, and has findings: who may read the file is asked anew
)

// A Run is a Store for one run.
type Run interface {
	Store
	// End marks the run as finished and lets the next one begin.
	End(ctx context.Context) error
}

// A Lease lets one run at a time write.
type Lease interface {
	// Begin starts a run. ErrBusy if another one is under way that may write the
	// same.
	Begin(ctx context.Context, start Start) (Run, error)
}

// A Start is how a run begins.
type Start struct {
	Version string // of kagiban
	Loss    Loss
	// Targets are those that the run writes. A store that several processes use at
	// once lets another run have others meanwhile; with none the run has all.
	Targets []string
}

// ErrBusy says that another run holds the lease.
var ErrBusy = errors.New("another scan is using it")

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
	// Alone is how many runs died while it was the only file under examination.
	Alone int
}

// Which files Results yields.
type Which int

// Present are the files that the latest walks met; Gone those that were there
// once and that a complete walk did not meet any more. Found and FoundGone are
// the few of them in which numbers in the open were ever found. Noted are those,
// there or gone, that have a finding or whose result is more than "clean" or
// "left out".
const (
	Present Which = iota
	Gone
	Found
	FoundGone
	Noted
)

// A ResultReader is the part of a store that reports read.
type ResultReader interface {
	// Results yields the files of the given targets (of all, if none is given)
	// by target, folder and name. Hashes is nil in them; see Persons.
	Results(ctx context.Context, which Which, targets ...string) iter.Seq2[*Result, error]
	// Targets lists the targets that were ever walked, by name.
	Targets(ctx context.Context) ([]TargetState, error)
}

// A TargetState is what is known of the walks of a target.
type TargetState struct {
	Name      string
	Complete  bool      // the latest walk reached its end
	Completed time.Time // when one last did, UTC
	Doubt     string    // why the latest walk proves nothing: DoubtLoss, DoubtIdentity; "" if it does
	Files     int64     // present
	Bytes     int64
}

// A PersonCounter counts different persons over files.
type PersonCounter interface {
	// Distinct counts different persons in each group of files. A person in two
	// files of a group counts once. While members are yielded the store may be read.
	Distinct(ctx context.Context, members iter.Seq2[GroupMember, error]) (map[string]PersonCount, error)
}

// A GroupMember puts a file into a group whose different persons are wanted.
type GroupMember struct {
	Group  string
	File   int64 // Result.ID
	Medium bool  // persons of both confidences count, else those of high confidence
}

// A PersonCount is a number of different persons. Beyond what a store counts
// exactly it is an estimate.
type PersonCount struct {
	N        int64
	Estimate bool
}

// A PersonIndex finds the files that hold a person.
type PersonIndex interface {
	// Holding returns the results that hold a keyed hash, those that were
	// replaced since too, by file and time.
	Holding(ctx context.Context, hash uint64) ([]Holding, error)
	// Revisions counts the files that are there by the revision of their result.
	// Hashes that were made under another key cannot be found.
	Revisions(ctx context.Context) (map[string]int64, error)
}

// A Holding is a result that holds a person.
type Holding struct {
	File         int64 // Result.ID
	Version      int64 // Version.Number
	Grade        Confidence
	Class        Class
	Since, Until time.Time // UTC; zero Until: it holds, or held when the file went
}

// A HistoryReader knows what held of files at some time, as long as results are
// kept after others have replaced them.
type HistoryReader interface {
	// Listed yields the files of the given targets (of all, if none is given) that
	// are there or were there once, with the places, sizes and times that they ever
	// had while numbers were found in them; a file comes several times then.
	Listed(ctx context.Context, targets ...string) iter.Seq2[Listed, error]
	// Versions returns what held of a file, oldest first.
	Versions(ctx context.Context, file int64) ([]Version, error)
	// Sightings yields the persons of versions by ascending hash, each once for
	// each version that holds it.
	Sightings(ctx context.Context, versions []int64) iter.Seq2[Sighting, error]
}

// A Listed is a file under one of the places that it had.
type Listed struct {
	File  int64 // Result.ID
	Entry Entry // target, path, size and modification time
	// Noted says that there is or was more to tell of it than that it is clean, or
	// was left out (LeftOut).
	Noted, LeftOut  bool
	FirstSeen, Gone time.Time // UTC; zero Gone: it is there
}

// A Version is a result with the time in which it held.
type Version struct {
	*Result // with the place, the size and the time that the file had then
	// Number is that of the version; 0 for a time in which the file was clean or
	// was left out, of which no more is kept than the latest result.
	Number int64
	// Since is the examination that first found it so, Until the one that found
	// otherwise, or the walk that did not meet the file any more. UTC; zero Until:
	// it holds.
	Since, Until time.Time
}

// A Sighting is a person in a version.
type Sighting struct {
	Person
	Version int64 // Version.Number
}

// An ExceptionLedger keeps all exceptions that were ever granted.
type ExceptionLedger interface {
	// AddException enters an exception and returns its number.
	AddException(ctx context.Context, e Exception) (int64, error)
	// RemoveException ends an exception, which stays in the ledger.
	// ErrNoException if there is none that holds.
	RemoveException(ctx context.Context, id int64, r Removal) error
	// Exceptions returns the ledger, oldest first.
	Exceptions(ctx context.Context) ([]Exception, error)
}

// ErrNoException says that there is no such exception, or that it was removed before.
var ErrNoException = errors.New("no such exception")

// Mounts are the file systems, or shares of a server, that a target reaches into:
// by the folder below the target at which each begins, "" for the target itself.
// The texts are compared and nothing else.
type Mounts map[string]string

// MountGone stands for one of which the server says that there is no such share.
const MountGone = "gone"

// An Identifier is a Run that is told which file systems and shares a target reaches
// into, so that another one in the same folder is noticed when the walk ends.
type Identifier interface {
	// Mounts returns those of the latest walk that was believed.
	Mounts(ctx context.Context, target string) (Mounts, error)
	// Identify adds those that were met in this run.
	Identify(target string, met Mounts)
}

// A Mounted is a Source that knows which file systems and shares it reads.
type Mounted interface {
	// Mount returns which one a folder below the target lies on, "" if that is not
	// known.
	Mount(ctx context.Context, folder string) (string, error)
	// Boundaries returns the folders in which Walk and List met another one than in
	// the folder above, since they were last asked for.
	Boundaries() []string
}

// A SharedRun is a run that several processes write to.
type SharedRun interface {
	Run
	Identifier
	Number() int64
	// Leave goes without ending the run.
	Leave(ctx context.Context) error
}

// A Sharer is a store that several processes can reach.
type Sharer interface {
	// Resume takes over a run that did not end and whose starter is gone; ErrBusy
	// while it is not.
	Resume(ctx context.Context, run int64, start Start) (SharedRun, error)
	// Join makes a node's side of a run. What it saves is marked as met at once.
	Join(ctx context.Context, run int64) (SharedRun, error)
	// Database is what the queue that lies in it works with.
	Database() any
}
