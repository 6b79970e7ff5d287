package isolate

import (
	"runtime/metrics"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/cputime"
)

// exitStalled is the exit code of a worker that ended itself because its
// decoder got nowhere, exitFull because it has more memory than it may; exitAlone
// of one whose parent is gone.
const (
	exitStalled = 75
	exitFull    = 76
	exitAlone   = 0
)

// watchTick is how often a worker looks at itself.
const watchTick = 250 * time.Millisecond

// watch ends the process when it has used scan.StallTime of processor time
// without a message in either direction. A loop in a decoder cannot be asked to
// stop, and what it holds is gone with the process.
func watch(w *wire, leave func(code int)) {
	go watchMemory(leave)
	var stalled, before time.Duration
	seen := w.messages.Load()
	for range time.Tick(watchTick) {
		used, err := cputime.Used()
		if err != nil {
			return // this system does not tell; the time of the file bounds it
		}
		if n := w.messages.Load(); n != seen {
			seen, stalled = n, 0
		} else if stalled += used - before; stalled > scan.StallTime {
			leave(exitStalled)
			return
		}
		before = used
	}
}

// memoryTick is how often a worker looks at its memory.
const memoryTick = 20 * time.Millisecond

// watchMemory ends the process when it holds more than memoryMax. The system bounds
// it too where it can; macOS cannot, and a job of Windows only where it was joined.
func watchMemory(leave func(code int)) {
	held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(memoryTick) {
		metrics.Read(held)
		for _, s := range held {
			if s.Value.Kind() != metrics.KindUint64 {
				return // a runtime that does not tell
			}
		}
		if held[0].Value.Uint64()-held[1].Value.Uint64() > memoryMax {
			leave(exitFull)
			return
		}
	}
}
