package state

import (
	"errors"

	"github.com/gofrs/flock"
)

// A lease is what one run at a time holds: a lock on a file beside the state, and
// on systems that have such, one on the state itself. The former can be removed
// by whoever tidies up, and then another run would lock a new file of its name.
type lease struct {
	beside *flock.Flock
	within *ownLock
}

func newLease(path string) *lease {
	return &lease{beside: flock.New(path + ".lock"), within: &ownLock{path: path}}
}

// TryLock takes the lease; false if somebody else has it.
func (l *lease) TryLock() (bool, error) {
	ok, err := l.beside.TryLock()
	if !ok || err != nil {
		return false, err
	}
	if ok, err = l.within.tryLock(); !ok || err != nil {
		return false, errors.Join(err, l.beside.Unlock())
	}
	return true, nil
}

// Unlock gives the lease back.
func (l *lease) Unlock() error { return errors.Join(l.within.unlock(), l.beside.Unlock()) }

// Close gives back what is held. It comes after the database is closed, whose
// locks end when any descriptor of its file is.
func (l *lease) Close() error { return errors.Join(l.within.close(), l.beside.Close()) }
