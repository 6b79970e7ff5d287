package engine

import (
	"context"

	"github.com/kagiban/kagiban/scan"
)

// A job is a file that a worker gets.
type job struct {
	scan.Entry
	refresh bool   // its result holds; only who may read it is asked anew
	rule    string // it is left out by this rule; only whose it is is asked
	kept    bool   // its result holds; only its streams are examined
}

// work examines one file. One that is in use is put aside for the end.
func (g *engine) work(ctx context.Context, src scan.Source, j job, results chan<- scan.Outcome) error {
	defer g.locked.pending.Done()
	part := partOf(j.Size)
	release, err := g.capacity.acquire(ctx, part)
	if err != nil {
		return err
	}
	if err := g.relief(ctx); err != nil {
		release()
		return err
	}
	if j.rule != "" {
		e := ownerOf(ctx, src, j.Entry)
		release()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return send(ctx, results, leftOut(e, j.rule))
	}
	outcome, err := outcomeOf(ctx, g, src, j, part)
	var streams []scan.Outcome
	if err == nil && ctx.Err() == nil && wantsStreams(g, outcome) {
		streams, err = examineStreams(ctx, g, src, j.Entry, part)
	}
	release()
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err() // a result cut short by the end of the run is none
	}
	for _, o := range streams {
		if err := send(ctx, results, o); err != nil {
			return err
		}
	}
	if res, ok := outcome.(*scan.Result); ok && g.locked.putAside(res) {
		return nil
	}
	return send(ctx, results, outcome)
}

// outcomeOf is what is to be said of a file itself. The error is fatal.
func outcomeOf(ctx context.Context, g *engine, src scan.Source, j job, part int64) (scan.Outcome, error) {
	switch {
	case j.kept:
		return &scan.Kept{Entry: j.Entry}, nil
	case j.refresh:
		return refreshAccess(ctx, src, j.Entry), nil
	}
	return g.examineNoted(ctx, src, j.Entry, part)
}

// examineNoted examines a file that is written down meanwhile.
func (g *engine) examineNoted(ctx context.Context, src scan.Source, e scan.Entry, part int64) (*scan.Result, error) {
	leave, err := g.suspects.begin(e, false)
	if err != nil {
		return nil, err
	}
	res := g.examine(ctx, src, e, part)
	return res, leave()
}
