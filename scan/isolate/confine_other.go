//go:build !linux

package isolate

import (
	"runtime/debug"

	"github.com/kagiban/kagiban/scan"
)

// memoryMax is what the collector is set to stay below, bytes.
const memoryMax = 1 << 30

// confine does what there is on this system: the deadline of the parent, and a
// collector that knows how much there is.
func confine() (string, error) {
	debug.SetMemoryLimit(memoryMax * 3 / 4)
	return scan.Say("own process with a deadline; on Windows a job object and a restricted token").String(), nil
}

// confineMemory sets the limit of the collector.
func confineMemory() (string, error) {
	debug.SetMemoryLimit(memoryMax * 3 / 4)
	return "own process", nil
}
