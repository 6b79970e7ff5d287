package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A piece is a folder that a node lists. Its files are compared with what is
// known; those to be examined make batches of their own, or are examined at once
// where they are few.
type piece struct {
	Duty
	node  *Node
	batch scan.Batch
	task  scan.Task

	mu       sync.Mutex
	outcomes []scan.Outcome
	found    scan.Further
	paged    bool // a page was stored
	bytes    int64
}

func (p *piece) list(ctx context.Context, lister scan.Lister) error {
	if p.task.Folder == "" {
		if err := identify(ctx, p.Store, p.Target.Name, p.Source, true); err != nil {
			return err
		}
	}
	g := p.node.alone(p.Duty)
	g.divert = func(e scan.Entry) error {
		return p.visited(ctx, func() { p.found.Files = append(p.found.Files, e); p.bytes += e.Size })
	}
	listed, err := g.stages(ctx, time.Time{}, p.Source, func(ctx context.Context, files chan<- job, results chan<- scan.Outcome) error {
		visit := g.visitor(ctx, p.Target, time.Time{}, files, results)
		return lister.List(ctx, p.task.Folder, func(e scan.Entry, err error) error {
			if err == nil && e.Folder {
				return p.folder(ctx, e)
			}
			return visit(e, err)
		})
	}, func(ctx context.Context, results <-chan scan.Outcome) error {
		for o := range results {
			if err := p.add(ctx, func() { p.outcomes = append(p.outcomes, o) }); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case identify(ctx, p.Store, p.Target.Name, p.Source, false) != nil || ctx.Err() != nil:
		return ctx.Err()
	case listed != nil && (p.task.Folder == "" || errors.Is(listed, scan.ErrTarget)):
		return &scan.ListError{Err: listed}
	case listed != nil:
		e := scan.Entry{Target: p.Target.Name, Path: p.task.Folder, Folder: true}
		p.outcomes = append(p.outcomes, failedResult(e, &scan.ReadError{Err: listed}))
	}
	return p.end(ctx)
}

// folder notes a subfolder, unless it is one of those above it.
func (p *piece) folder(ctx context.Context, e scan.Entry) error {
	e.Target = p.Target.Name
	if e.ID != 0 && slices.Contains(p.task.Above, e.ID) {
		return p.visited(ctx, func() { p.outcomes = append(p.outcomes, leftOut(e, scan.RuleLoop)) })
	}
	return p.visited(ctx, func() { p.found.Folders = append(p.found.Folders, e) })
}

// visited is add for the listing: a store that fails ends it as what it is, and not
// as a folder that could not be listed.
func (p *piece) visited(ctx context.Context, note func()) error {
	if err := p.add(ctx, note); err != nil {
		return &fatalError{err}
	}
	return nil
}

// add notes something, and stores a page when there is enough.
func (p *piece) add(ctx context.Context, note func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	note()
	if len(p.outcomes)+len(p.found.Files)+len(p.found.Folders) < pageFiles {
		return nil
	}
	outcomes, found := p.outcomes, p.found
	p.outcomes, p.found, p.paged = nil, scan.Further{}, true
	if err := p.node.save(ctx, p.Store, outcomes, p.batch.Add, found, nil); err != nil {
		return scan.Errorf("storing a page of %q: %w", p.task.Folder, err)
	}
	return nil
}

// end stores what is left and ends the batch.
func (p *piece) end(ctx context.Context) error {
	few := !p.paged && len(p.found.Files) <= atOnceFiles && p.bytes <= atOnceBytes && p.task.Losses == 0
	if !few || len(p.found.Files) == 0 {
		return p.node.save(ctx, p.Store, p.outcomes, p.batch.Done, p.found, nil)
	}
	// What is below is shared out first: others need not wait for these files.
	if len(p.found.Folders) > 0 {
		if err := p.Store.Save(ctx, nil, p.batch.Add(scan.Further{Folders: p.found.Folders})); err != nil {
			return err
		}
	}
	examined, err := p.node.examine(ctx, p.Duty, p.found.Files)
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return p.node.save(ctx, p.Store, slices.Concat(p.outcomes, examined), p.batch.Done, scan.Further{}, err)
}
