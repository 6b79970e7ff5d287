package state

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// A journalPlace is where journals lie.
type journalPlace struct {
	path string // of the only one
	// Of a database that several processes of this machine write to at once each
	// has its own; a lock says that its process lives.
	prefix string // of their names
}

// A leftJournal is one that a run which died has left.
type leftJournal struct {
	left  []underExamination
	clear func() error
}

const (
	journalEnd = ".work"
	lockEnd    = ".lock"
)

// open opens the journal of this run and those of the dead.
func (p journalPlace) open(names *seal.Names) (own *journal, dead []leftJournal, err error) {
	if p.prefix == "" {
		j, left, err := openJournal(p.path, names)
		if err != nil {
			return nil, nil, err
		}
		return j, []leftJournal{{left, j.clear}}, nil
	}
	if err := os.MkdirAll(filepath.Dir(p.prefix), 0o700); err != nil {
		return nil, nil, err
	}
	if dead, err = p.dead(names); err != nil {
		return nil, nil, err
	}
	path := fmt.Sprintf("%s-%d-%08x%s", p.prefix, os.Getpid(), rand.Uint32(), journalEnd)
	lock := flock.New(path + lockEnd)
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil, nil, errors.Join(scan.Errorf("%s is locked by another process", path), err)
	}
	if own, _, err = openJournal(path, names); err != nil {
		return nil, nil, errors.Join(err, lock.Unlock())
	}
	own.lock = lock
	return own, dead, nil
}

// dead opens the journals of processes that do not live any more.
func (p journalPlace) dead(names *seal.Names) (dead []leftJournal, err error) {
	files, err := os.ReadDir(filepath.Dir(p.prefix))
	if err != nil {
		return nil, err
	}
	for _, n := range files {
		if !strings.HasPrefix(n.Name(), filepath.Base(p.prefix)+"-") || !strings.HasSuffix(n.Name(), journalEnd) {
			continue
		}
		path := filepath.Join(filepath.Dir(p.prefix), n.Name())
		lock := flock.New(path + lockEnd)
		if ok, err := lock.TryLock(); err != nil || !ok {
			continue // its process lives
		}
		j, left, err := openJournal(path, names)
		if err != nil {
			return nil, errors.Join(err, lock.Unlock())
		}
		dead = append(dead, leftJournal{left, func() error { return errors.Join(j.end(), lock.Unlock(), removed(path+lockEnd)) }})
	}
	return dead, nil
}

// removed removes a file that may have gone before.
func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
