package engine

import (
	"context"
	"errors"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/spool"
)

// graceTime is how long an examination that was ended may take to return. One
// that does not is given up: its goroutine stays behind, the run goes on.
const graceTime = 1500 * time.Millisecond

// examine makes the result of one file, whatever happens.
func (g *engine) examine(ctx context.Context, src scan.Source, e scan.Entry, part int64) *scan.Result {
	b := &budget{limits: g.cfg.Limits, size: e.Size, decoders: g.decoders}
	g.active.Add(1)
	defer g.active.Add(-1)
	g.track.inWork.add(e, b)
	defer g.track.inWork.remove(e, b)
	ctx, stop := startClock(ctx, b, g.active)
	defer stop()
	done := make(chan *scan.Result, 1)
	go func() { done <- g.examineWithin(ctx, src, e, part, b) }()
	select {
	case res := <-done:
		return res
	case <-ctx.Done():
	}
	select {
	case res := <-done:
		return res
	case <-time.After(graceTime):
		return failedResult(e, context.Cause(ctx))
	}
}

// failedResult is the result of a file of which nothing else is known than why.
func failedResult(e scan.Entry, err error) *scan.Result {
	item := scan.Item{Size: e.Size, Problems: []scan.Problem{scan.ProblemOf(err)}}
	return &scan.Result{Entry: e, Items: []scan.Item{item}, Revision: scan.RevisionAgain, Scanned: time.Now().UTC()}
}

// examineWithin makes the result of one file in the time that ctx leaves.
func (g *engine) examineWithin(ctx context.Context, src scan.Source, e scan.Entry, part int64, b *budget) *scan.Result {
	res := &scan.Result{Entry: e, Items: []scan.Item{{Size: e.Size}}, Scanned: time.Now().UTC()}
	memory := g.cfg.Limits.Memory * part / parts
	v := &visit{
		engine: g, ctx: ctx, result: res, met: map[string]bool{}, budget: b, nearby: nearby{hints: g.cfg.Nearby},
	}
	b.spools = spool.NewDir(g.cfg.TempDir, memory, b.spool)
	defer b.spools.Release(0)
	defer func() {
		if v.leave != nil {
			v.leave()
		}
	}()
	persons := spool.NewDir(g.cfg.TempDir, memory, b.spool) // outlives the visit: the store reads it
	res.Hashes = scan.NewPersonsOn(func() scan.Scratch { return persons.New() })
	root := &scan.Item{Size: e.Size}
	v.note(root, guard(func() error { return v.top(src, e, root) }))
	res.Items[0] = *root // Items may have grown, and moved, since
	distinct, err := res.Hashes.Distinct()
	v.note(&res.Items[0], err)
	res.Distinct = distinct
	_ = b.clock.waiting(func() error { own(ctx, src, res); return nil })
	res.Revision = g.revision.of(res, v.met, v.rows)
	return res
}

// note records why an examination ended early, once.
func (v *visit) note(item *scan.Item, err error) {
	if err != nil && !errors.Is(err, errStop) {
		item.AddProblem(scan.ProblemOf(err))
	}
}

// itemsKept bounds the members that are recorded one by one; those after them share
// one last item, so that a result stays small whatever an archive holds.
const itemsKept = 10_000

// keep records what was learnt of a member.
func (v *visit) keep(item *scan.Item) {
	items := v.result.Items
	if len(items) <= itemsKept {
		v.result.Items = append(items, *item)
		return
	}
	if len(items) == itemsKept+1 {
		v.result.Items = append(items, scan.Item{Inner: []string{"…"}, Protection: item.Protection})
	}
	rest := &v.result.Items[itemsKept+1]
	rest.Findings.Add(item.Findings, 0)
	for _, p := range item.Problems {
		rest.AddProblem(p)
	}
	if item.Protection.Verdict.Closed() {
		rest.Protection = item.Protection
	}
}
