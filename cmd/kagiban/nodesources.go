package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/source"
)

// sources are the targets that a node has open, with their sessions, from batch to
// batch.
type sources struct {
	mu   sync.Mutex
	open map[string]*openSource
}

// An openSource is a target in use, or kept for the next batch.
type openSource struct {
	once   sync.Once
	target engine.Target
	source scan.Source
	err    error
	users  int
	last   time.Time
}

// sourceKept is how long a target stays open without work.
const sourceKept = time.Minute

// acquire returns a target that is open; release returns it.
func (s *sources) acquire(ctx context.Context, m *member, c chosen, task scan.Task) (*openSource, func(), error) {
	// Another share of the limits is another pace, another run has other rules.
	key := fmt.Sprint(task.Run, " ", task.Share, " ", task.Target)
	s.mu.Lock()
	s.closeIdle()
	if s.open == nil {
		s.open = map[string]*openSource{}
	}
	o := s.open[key]
	if o == nil {
		o = &openSource{}
		s.open[key] = o
	}
	o.users++
	s.mu.Unlock()
	o.once.Do(func() { o.err = o.reach(context.WithoutCancel(ctx), m, c, task) })
	release := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		o.users--
		o.last = time.Now()
		if o.err != nil && s.open[key] == o {
			delete(s.open, key) // the next batch tries again
		}
	}
	if o.err != nil {
		release()
		return nil, nil, o.err
	}
	return o, release, nil
}

// reach opens a target with this node's part of the limits of its server.
func (o *openSource) reach(ctx context.Context, m *member, c chosen, task scan.Task) error {
	opts, parsed, err := sourceOptions(m.cmd, c, m.log)
	if err != nil {
		return err
	}
	limits, err := pace(c.v)
	if err != nil {
		return err
	}
	opts.Pacer = source.NewPacer(limits.Part(task.Share))
	skip, err := newSkip(c.v)
	if err != nil {
		return err
	}
	o.target = engine.Target{Name: parsed.String(), Skip: leaveOutReports(skip, parsed, c.v.GetString("out"))}
	o.source, err = source.Open(ctx, c.Target, opts)
	return err
}

// closeIdle closes what had no work for a while; s.mu is held.
func (s *sources) closeIdle() {
	for key, o := range s.open {
		if o.users == 0 && time.Since(o.last) > sourceKept {
			_ = o.source.Close() // nothing of it is in use
			delete(s.open, key)
		}
	}
}

func (s *sources) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, o := range s.open {
		if o.source != nil {
			errs = append(errs, o.source.Close())
		}
	}
	return errors.Join(errs...)
}
