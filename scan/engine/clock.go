package engine

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/cputime"
)

// The time of one file. It grows with what there is to read, so that a small
// file cannot hold a worker for long: at the rates below even a slow and loaded
// machine reads several times faster.
const (
	timeBase     = 10 * time.Second
	timePerByte  = 1600 * time.Nanosecond // of the file as it is stored: 30 minutes for a gigabyte
	timePerExpan = 60 * time.Nanosecond   // of what decompressors yield: a minute for a gigabyte
	// What a small file unpacks to earns it little: at most timeSmall, and then
	// timePerByteMost for each byte as it is stored.
	timeSmall       = 12 * time.Second
	timePerByteMost = 4 * time.Microsecond
	clockTick       = 250 * time.Millisecond
)

// A clock measures the time that is spent on one file and ends the examination
// when it is up, or when nothing moves any more. Waiting for the source, for
// memory or for a worker does not count, nor does time in which the whole
// process stood still. On a loaded machine the share of the processor that the
// file can have had counts.
type clock struct {
	budget *budget
	cancel context.CancelCauseFunc
	active *atomic.Int64 // files under examination: they share the processor
	moved  atomic.Int64  // bytes read, expanded and handed on

	mu        sync.Mutex
	waits     int // goroutines of this file that wait
	elsewhere int // that wait for another process which has a clock of its own
	last      time.Time
	spent     time.Duration
	stalled   time.Duration // processor time since something moved
	seen      int64         // of moved
	cpu       time.Duration // of the process at the last tick
	timer     *time.Timer
	stopped   bool
}

// startClock bounds the time of the examination that works under the context
// it returns; stop releases the clock.
func startClock(ctx context.Context, b *budget, active *atomic.Int64) (timed context.Context, stop func()) {
	timed, cancel := context.WithCancelCause(ctx)
	c := &clock{budget: b, cancel: cancel, active: active, last: time.Now()}
	b.clock = c
	c.cpu, _ = cputime.Used() // zero where it is not known: then nothing counts as stalled
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(clockTick, c.tick)
	return timed, func() {
		c.mu.Lock()
		c.stopped = true
		c.timer.Stop()
		c.mu.Unlock()
		cancel(nil)
	}
}

// allowance is the time that the file may take by now.
func (c *clock) allowance() time.Duration {
	t := timeBase + time.Duration(c.budget.size)*timePerByte + time.Duration(c.budget.expanded.Load())*timePerExpan
	t = min(t, timeSmall+time.Duration(c.budget.size)*timePerByteMost)
	if limit := c.budget.limits.Time; limit > 0 && (t > limit || t < 0) {
		return limit
	}
	return t
}

func (c *clock) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return
	}
	c.pass(time.Now())
	switch allowed := c.allowance(); {
	case c.budget.limits.Time > 0 && c.spent > allowed:
		c.cancel(fmt.Errorf("limit of %v for this file: %w", allowed.Round(time.Second), context.DeadlineExceeded))
	case c.stalled > scan.StallTime:
		c.cancel(&scan.LimitError{Limit: "progress"})
	default:
		c.timer.Reset(clockTick)
	}
}

// pass counts the time since the last call, unless it was waited for.
func (c *clock) pass(now time.Time) {
	gap := min(now.Sub(c.last), 4*clockTick) // more: the process itself stood still
	c.last = now
	cpu, _ := cputime.Used()
	share := min(gap, (cpu-c.cpu)/time.Duration(max(c.active.Load(), 1)))
	c.cpu = cpu
	if c.waits > 0 {
		return
	}
	if c.elsewhere > 0 {
		c.spent += gap
	} else {
		c.spent += max(share, gap/4) // of a machine that others use too
	}
	if moved := c.moved.Load(); moved != c.seen || c.elsewhere > 0 {
		c.seen, c.stalled = moved, 0
	} else {
		c.stalled += share
	}
}

// move says that n bytes, or as many steps of another kind, were got through.
func (c *clock) move(n int) {
	if c != nil {
		c.moved.Add(int64(n) + 1)
	}
}

// fetched is move for bytes that came from the source.
func (c *clock) fetched(n int) {
	if c != nil {
		c.budget.read.Add(int64(n))
		c.move(n)
	}
}

// waiting runs f, whose time does not count.
func (c *clock) waiting(f func() error) error {
	if c == nil {
		return f()
	}
	c.wait(1)
	defer c.wait(-1)
	return f()
}

func (c *clock) wait(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits == 0 || c.waits+n == 0 {
		c.pass(time.Now())
	}
	c.waits += n
}

// watch says that another process works, which watches its own progress, until
// back is called: the time counts, standing still does not.
func (c *clock) watch() (back func()) {
	add := func(n int) {
		c.mu.Lock()
		c.elsewhere += n
		c.mu.Unlock()
	}
	add(1)
	return func() { add(-1) }
}
