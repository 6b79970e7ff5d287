//go:build !linux

package isolate

import "runtime/debug"

// memoryMax is what the collector is told to stay below, bytes.
const memoryMax = 1 << 30

// confine does what there is on this system: the deadline of the parent, and a
// collector that is told how much there is.
func confine() (string, error) {
	debug.SetMemoryLimit(memoryMax * 3 / 4)
	return "own process, deadline; no limits of the system", nil
}

// confineMemory tells the collector how much memory there is.
func confineMemory() (string, error) {
	debug.SetMemoryLimit(memoryMax * 3 / 4)
	return "own process", nil
}
