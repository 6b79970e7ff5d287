package scan

import (
	"context"
	"errors"
	"time"
)

// graceTime is how long an examination that was ended may take to return. One
// that does not is given up: its goroutine stays behind, the run goes on.
const graceTime = 1500 * time.Millisecond

// examine makes the result of one file, whatever happens.
func (g *engine) examine(ctx context.Context, src Source, e Entry, part int64) *Result {
	b := &budget{limits: g.cfg.Limits, size: e.Size, decoders: g.decoders}
	g.active.Add(1)
	defer g.active.Add(-1)
	g.inWork.enter(e, b)
	defer g.inWork.leave(b)
	ctx, stop := startClock(ctx, b, &g.active)
	defer stop()
	done := make(chan *Result, 1)
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
func failedResult(e Entry, err error) *Result {
	item := Item{Size: e.Size, Problems: []Problem{ProblemOf(err)}}
	return &Result{Entry: e, Items: []Item{item}, Revision: tokenAgain, Scanned: time.Now().UTC()}
}

// examineWithin makes the result of one file in the time that ctx leaves.
func (g *engine) examineWithin(ctx context.Context, src Source, e Entry, part int64, b *budget) *Result {
	res := &Result{Entry: e, Items: []Item{{Size: e.Size}}, Scanned: time.Now().UTC()}
	memory := g.cfg.Limits.Memory * part / parts
	v := &visit{
		engine: g, ctx: ctx, result: res, met: map[string]bool{}, budget: b,
		spools: &spoolDir{dir: g.cfg.TempDir, memory: memory},
	}
	defer v.spools.release(0)
	defer func() {
		if v.leave != nil {
			v.leave()
		}
	}()
	persons := &spoolDir{dir: g.cfg.TempDir, memory: memory} // outlives the visit: the store reads it
	res.Hashes = newPersons(func() *Spool { return persons.new(v.budget) })
	root := &Item{Size: e.Size}
	v.note(root, guard(func() error { return v.top(src, e, root) }))
	res.Items[0] = *root // Items may have grown, and moved, since
	distinct, err := res.Hashes.Distinct()
	v.note(&res.Items[0], err)
	res.Distinct = distinct
	_ = b.clock.waiting(func() error { res.own(ctx, src); return nil })
	res.Revision = g.revision.of(res, v.met, v.rows)
	return res
}

// problemsKept bounds the problems that one item records; the last one then
// says how many more there were.
const problemsKept = 20

// note records why an examination ended early, once.
func (v *visit) note(item *Item, err error) {
	if err != nil && !errors.Is(err, errStop) {
		item.addProblem(ProblemOf(err))
	}
}

// addProblem adds a problem; too many are folded into one.
func (i *Item) addProblem(p Problem) {
	switch n := len(i.Problems); {
	case n < problemsKept:
		i.Problems = append(i.Problems, p)
	case n == problemsKept:
		i.Problems = append(i.Problems, Problem{p.Kind, "more problems like those above"})
	case p.Passing() && !i.Problems[n-1].Passing():
		i.Problems[n-1].Kind = p.Kind // the worse of what is folded together decides
	}
}

// itemsKept bounds the members that are told one by one; those after them share
// one last item, so that a result stays small whatever an archive holds.
const itemsKept = 10_000

// keep records what a member has to tell.
func (v *visit) keep(item *Item) {
	items := v.result.Items
	if len(items) <= itemsKept {
		v.result.Items = append(items, *item)
		return
	}
	if len(items) == itemsKept+1 {
		v.result.Items = append(items, Item{Inner: []string{"…"}, Protection: item.Protection})
	}
	rest := &v.result.Items[itemsKept+1]
	rest.Findings.Add(item.Findings, 0)
	for _, p := range item.Problems {
		rest.addProblem(p)
	}
	if item.Protection.Verdict.Closed() {
		rest.Protection = item.Protection
	}
}
