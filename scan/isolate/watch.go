package isolate

import (
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/internal/cputime"
)

// exitStalled is the exit code of a worker that ended itself because its
// decoder got nowhere; exitAlone of one whose parent is gone.
const (
	exitStalled = 75
	exitAlone   = 0
)

// watchTick is how often a worker looks at itself.
const watchTick = 250 * time.Millisecond

// watch ends the process when it has used scan.StallTime of processor time
// without a message in either direction. A loop in a decoder cannot be asked to
// stop, and what it holds is gone with the process.
func watch(w *wire, leave func(code int)) {
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
