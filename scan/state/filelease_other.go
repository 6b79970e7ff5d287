//go:build !linux

package state

// An ownLock is nothing here: on Windows a file that is open cannot be removed,
// and elsewhere there are no locks that bear another descriptor of the file.
type ownLock struct{ path string }

func (l *ownLock) tryLock() (bool, error) { return true, nil }
func (l *ownLock) unlock() error          { return nil }
func (l *ownLock) close() error           { return nil }
