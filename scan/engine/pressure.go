package engine

import (
	"context"
	"runtime/metrics"
	"time"
)

// Each file keeps to its own limits, but up to dozens of small ones are under
// examination at a time. While those take much of the memory together, the next
// one waits.
const (
	pressureTick = 20 * time.Millisecond
	// pressurePart of Config.Memory may be live before the next file waits: the
	// rest is for what the files at hand still take.
	pressurePart = 0.6
)

// relief waits until the process has memory for one more file. The only one
// never waits.
func (g *engine) relief(ctx context.Context) error {
	if g.cfg.Memory <= 0 || g.active.Load() == 0 || liveMemory() < int64(pressurePart*float64(g.cfg.Memory)) {
		return nil
	}
	tick := time.NewTicker(pressureTick)
	defer tick.Stop()
	for g.active.Load() > 0 && liveMemory() >= int64(pressurePart*float64(g.cfg.Memory)) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// liveMemory is what the latest collection of garbage found in use, bytes.
func liveMemory() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64())
}
