package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Node does batches of runs that several machines share. It may do several at
// a time: they share its workers and its memory. Of its configuration it uses
// neither targets nor store nor progress.
type Node struct {
	engine *engine
	files  atomic.Int64
}

// NewNode makes a node.
func NewNode(cfg Config) *Node {
	cfg.Progress, cfg.CountAhead = nil, false
	return &Node{engine: newEngine(&cfg)}
}

// Files counts the files that the node has examined.
func (n *Node) Files() int64 { return n.files.Load() }

// Rules names all that the results of a node depend on. Nodes whose rules differ
// cannot share a run: its results would depend on who got which file.
func (n *Node) Rules() string {
	tokens := make([]string, 0, len(n.engine.revision.current))
	for token := range n.engine.revision.current {
		tokens = append(tokens, token)
	}
	slices.Sort(tokens)
	return digest(fmt.Sprint(tokens))
}

const (
	// maxDepth bounds a tree that loops in a way that identities do not show, as
	// the walk of a source does.
	maxDepth = 256
	// pageFiles bounds what is gathered of a large folder before it is stored.
	pageFiles = 20_000
	// A folder with no more than this is examined where it is listed: another
	// batch would cost more than it shares out.
	atOnceFiles = 100
	atOnceBytes = 32 << 20
)

// A Duty is what a node does a batch with: the target it is of, and the settings
// of the run.
type Duty struct {
	Target Target
	Source scan.Source
	Store  scan.Store // of the run
	Full   bool       // as in Config
	// Streams is as in Config.
	Streams bool
}

// Do does a batch and stores what it learnt. The error is that of a store that
// fails, of a batch that was taken away, or of a source that cannot list at all.
func (n *Node) Do(ctx context.Context, d Duty, b scan.Batch) error {
	task := b.Task()
	switch {
	case task.Condemned:
		return n.save(ctx, d.Store, condemned(task), b.Done, scan.Further{}, nil)
	case task.Looped:
		loop := leftOut(scan.Entry{Target: d.Target.Name, Path: task.Folder, Folder: true}, scan.RuleLoop)
		return n.save(ctx, d.Store, []scan.Outcome{loop}, b.Done, scan.Further{}, nil)
	case strings.Count(task.Folder, "/") > maxDepth:
		deep := failedResult(scan.Entry{Target: d.Target.Name, Path: task.Folder, Folder: true}, fmt.Errorf("more than %d folders deep: %w", maxDepth, scan.ErrLink))
		return n.save(ctx, d.Store, []scan.Outcome{deep}, b.Done, scan.Further{}, nil)
	case task.Files != nil:
		outcomes, err := n.examine(ctx, d, task.Files)
		return n.save(ctx, d.Store, outcomes, b.Done, scan.Further{}, err)
	}
	lister, ok := d.Source.(scan.Lister)
	if !ok {
		return scan.Errorf("%s: its folders cannot be listed one by one: %w", d.Target.Name, errors.ErrUnsupported)
	}
	p := &piece{Duty: d, node: n, batch: b, task: task}
	return p.list(ctx, lister)
}

// save stores outcomes with what is still to be done, unless they were cut short.
func (n *Node) save(ctx context.Context, store scan.Store, outcomes []scan.Outcome, end func(scan.Further) scan.Completion, f scan.Further, err error) error {
	defer func() {
		for _, o := range outcomes {
			if res, ok := o.(*scan.Result); ok && res.Hashes != nil {
				_ = res.Hashes.Close()
			}
		}
	}()
	if err != nil {
		return err
	}
	n.files.Add(int64(len(outcomes)))
	f.Figures.Count(outcomes)
	return store.Save(ctx, outcomes, end(f))
}

// condemned is what is said of files that nobody examines any more.
func condemned(t scan.Task) []scan.Outcome {
	err := fmt.Errorf("%d nodes were lost while they examined it: %w", t.Losses, scan.ErrNodeLost)
	if t.Files == nil {
		return []scan.Outcome{failedResult(scan.Entry{Target: t.Target, Path: t.Folder, Folder: true}, err)}
	}
	var list []scan.Outcome
	for _, e := range t.Files {
		list = append(list, failedResult(e, err))
	}
	return list
}

// alone is an engine for one batch, with the workers and the memory of the node.
func (n *Node) alone(d Duty) *engine {
	g := *n.engine
	g.cfg.Store, g.cfg.Full, g.cfg.Streams = d.Store, d.Full, d.Streams
	g.suspects, g.track = &suspects{}, &tracker{start: time.Now()}
	return &g
}

// examine examines files and returns an outcome for each.
func (n *Node) examine(ctx context.Context, d Duty, files []scan.Entry) (outcomes []scan.Outcome, err error) {
	g := n.alone(d)
	_, err = g.stages(ctx, time.Time{}, d.Source, func(ctx context.Context, jobs chan<- job, _ chan<- scan.Outcome) error {
		for _, e := range files {
			e.Target = d.Target.Name
			if err := g.enqueue(ctx, jobs, job{Entry: e}); err != nil {
				return err
			}
		}
		return nil
	}, func(_ context.Context, results <-chan scan.Outcome) error {
		for o := range results {
			outcomes = append(outcomes, o)
		}
		return nil
	})
	return outcomes, err
}
