package engine

import (
	"context"
	"errors"

	"github.com/kagiban/kagiban/scan"
)

// Alternate data streams are files that no listing shows. Each is an entry of its
// own, with the path of its file, a colon and its name, and is examined, kept and
// reported like any file.

// wantsStreams reports whether the streams of a file are looked at. Where somebody
// has to put a file right, what hangs on it is part of that.
func wantsStreams(g *engine, o scan.Outcome) bool {
	switch o := o.(type) {
	case *scan.AccessRefreshed: // it has findings
		return true
	case *scan.Result:
		return g.cfg.Streams || o.Distinct != (scan.Distinct{})
	}
	return g.cfg.Streams
}

// examineStreams makes the outcomes of the streams of a file. The error is fatal.
func examineStreams(ctx context.Context, g *engine, src scan.Source, e scan.Entry, part int64) (outcomes []scan.Outcome, err error) {
	streamer, ok := src.(scan.Streamer)
	if !ok {
		return nil, nil
	}
	var list []scan.Entry
	if err := guard(func() (err error) { list, err = streamer.Streams(ctx, e); return err }); err != nil {
		if ctx.Err() != nil || !g.cfg.Streams || errors.Is(err, scan.ErrLocked) {
			return nil, nil // the file itself says so, or nobody asked
		}
		all := scan.Entry{Target: e.Target, Path: e.Path + ":*"}
		return []scan.Outcome{failedResult(all, &scan.ReadError{Err: err})}, nil
	}
	for _, s := range list {
		o, err := examineStream(ctx, g, src, s, part)
		if err != nil || ctx.Err() != nil {
			return outcomes, err
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

func examineStream(ctx context.Context, g *engine, src scan.Source, e scan.Entry, part int64) (scan.Outcome, error) {
	if !g.cfg.Full {
		reuse, err := g.cfg.Store.Known(ctx, e, g.revision.holds)
		switch {
		case err != nil:
			return nil, &fatalError{err}
		case reuse == scan.Unchanged:
			return &scan.Kept{Entry: e}, nil
		case reuse == scan.RefreshAccess:
			return refreshAccess(ctx, src, e), nil
		}
	}
	return g.examineNoted(ctx, src, e, part)
}
