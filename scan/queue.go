package scan

import (
	"context"
	"errors"
	"slices"
)

// Where several machines share a run, its work lies in a queue as batches: a
// folder that is to be listed, or files that are to be examined. What a folder
// holds makes further batches.

// A Batch is a piece of a run that one node has taken. It is the node's until
// it is ended, or until the node is silent for too long: then another one gets it,
// and the completions of this one fail with ErrTaken.
type Batch interface {
	Task() Task
	// Add adds what a folder holds to the work of the run; Done does so too and
	// ends the batch. Both take part in the transaction of a Store.Save.
	Add(Further) Completion
	Done(Further) Completion
}

// A Task is what is to be done in a batch.
type Task struct {
	Batch  int64 // number
	Run    int64
	Target string
	Folder string   // below the target; of all Files
	Above  []uint64 // Entry.ID of the folder and of those above it, as far as known
	Files  []Entry  // to be examined; nil: the folder is to be listed
	// Losses is how many nodes were lost over the batch. After the first a folder
	// is only listed; what is Condemned is not touched any more but reported.
	Losses    int
	Condemned bool
	// Looped: the folder was met under too many other paths, and is left out.
	Looped   bool
	Settings []byte // of the target, as the run was started with; JSON
	// Share is the part of the limits of the target's server that is this node's.
	Share float64
}

// Further is what a folder holds that is still to be done, and what was done.
type Further struct {
	Files   []Entry // to be examined
	Folders []Entry // to be listed
	Figures Figures // of the outcomes that are stored with it
}

// Figures are those of outcomes.
type Figures struct {
	Files    int64 // met: examined, left out or unchanged
	Bytes    int64 // their sizes
	Found    int64 // with numbers in the open
	Problems int64 // with a problem
}

// Count adds the figures of outcomes.
func (f *Figures) Count(outcomes []Outcome) {
	for _, o := range outcomes {
		f.Files++
		f.Bytes += o.Of().Size
		res, ok := o.(*Result)
		if !ok {
			continue
		}
		if res.Distinct.High > 0 {
			f.Found++
		}
		if slices.ContainsFunc(res.Items, func(i Item) bool { return len(i.Problems) > 0 }) {
			f.Problems++
		}
	}
}

// A Queue hands out batches.
type Queue interface {
	// Serve calls do for each batch that this node gets, several at a time, until
	// the context ends. An error of do puts the batch back for another try.
	Serve(ctx context.Context, do func(context.Context, Batch) error) error
}

// ErrTaken says that a batch was given to another node meanwhile.
var ErrTaken = errors.New("the batch was given to another node")

// A ListError says that a target could not be listed, and not just one folder.
type ListError struct{ Err error }

func (e *ListError) Error() string { return e.Err.Error() }
func (e *ListError) Unwrap() error { return e.Err }
