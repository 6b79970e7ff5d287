package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// stopped is a clock that only the test moves.
func stopped(t *testing.T, b *budget) (*clock, context.Context) {
	ctx, stop := startClock(t.Context(), b, &atomic.Int64{})
	t.Cleanup(stop)
	b.clock.mu.Lock()
	defer b.clock.mu.Unlock()
	b.clock.timer.Stop()
	return b.clock, ctx
}

func TestTimeGrowsWithWhatThereIsToRead(t *testing.T) {
	for _, tt := range []struct {
		size, expanded int64
		limit          time.Duration
		want           time.Duration
	}{
		{0, 0, 30 * time.Minute, timeBase},
		{8 << 10, 0, 30 * time.Minute, timeBase + 13107200*time.Nanosecond},
		{1 << 30, 0, 30 * time.Minute, 1727986918400 * time.Nanosecond},
		{8 << 30, 0, 30 * time.Minute, 30 * time.Minute},
		{1 << 50, 1 << 60, 30 * time.Minute, 30 * time.Minute},
		{1000, 1 << 30, 30 * time.Minute, timeSmall + 4*time.Millisecond},
		{100 << 20, 100 << 20, 30 * time.Minute, timeBase + 1660*(100<<20)},
		{1 << 30, 0, 3 * time.Second, 3 * time.Second},
	} {
		c := &clock{budget: &budget{size: tt.size, limits: scan.Limits{Time: tt.limit}}}
		c.budget.expanded.Store(tt.expanded)
		if got := c.allowance(); got != tt.want {
			t.Errorf("%d bytes, %d expanded: %v, want %v", tt.size, tt.expanded, got, tt.want)
		}
	}
}

func TestWaitingDoesNotCount(t *testing.T) {
	c, _ := stopped(t, &budget{})
	c.mu.Lock()
	c.last = time.Now()
	c.spent = 0
	at := c.last
	c.pass(at.Add(time.Second / 2))
	c.waits = 1
	c.pass(at.Add(time.Hour))
	c.waits = 0
	c.pass(at.Add(time.Hour + time.Second/2))
	c.pass(at.Add(3 * time.Hour)) // the process stood still
	got := c.spent
	c.mu.Unlock()
	if want := (time.Second + 4*clockTick) / 4; got != want { // nothing was computed
		t.Errorf("%v counted, want %v", got, want)
	}
	if err := c.waiting(func() error { return errors.New("x") }); err == nil || c.waits != 0 {
		t.Errorf("waiting: %v, %d still wait", err, c.waits)
	}
}

func TestStandingStillIsGivenUp(t *testing.T) {
	c, ctx := stopped(t, &budget{limits: scan.Limits{Time: time.Hour}})
	c.mu.Lock()
	c.stalled = scan.StallTime + 1
	c.seen = c.moved.Load()
	c.mu.Unlock()
	c.move(1) // something moved after all
	c.tick()
	if ctx.Err() != nil {
		t.Fatalf("given up although it moved: %v", context.Cause(ctx))
	}
	c.mu.Lock()
	c.stalled, c.elsewhere = scan.StallTime+1, 1 // another process watches itself
	c.mu.Unlock()
	c.tick()
	if ctx.Err() != nil {
		t.Fatalf("given up although another process works: %v", context.Cause(ctx))
	}
	c.mu.Lock()
	c.stalled, c.elsewhere = scan.StallTime+1, 0
	c.mu.Unlock()
	c.tick()
	var limit *scan.LimitError
	if !errors.As(context.Cause(ctx), &limit) || limit.Limit != "progress" {
		t.Errorf("cause %v, want the limit of progress", context.Cause(ctx))
	}
}
