package state

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// A journal holds the files that are under examination, in a file beside the
// database: one slot each, written over in place. What the process has written
// there survives its death, which is all that matters, so nothing is synced and
// a slot costs microseconds, where a transaction would wait for the recorder.
type journal struct {
	mu   sync.Mutex
	file *os.File
	free []int64      // slots that were used and are free again
	next int64        // slots that were used at all
	lock *flock.Flock // says that its process lives; nil: the lease of the state does

	names *seal.Names
}

// A slot is the length of its JSON (4 bytes, big endian; 0: free) and the JSON.
const (
	slotSize = 128 << 10 // the longest path of SMB is 32,767 characters
	slotMost = 4096
)

// underExamination is what a slot holds.
type underExamination struct {
	Target  string `json:"target"`
	Path    string `json:"path"`
	Size    int64  `json:"size"`
	ModTime int64  `json:"mtime"` // unix microseconds
	Alone   bool   `json:"alone"`
}

// openJournal opens a journal and returns what a run that died has left in it.
func openJournal(path string, names *seal.Names) (*journal, []underExamination, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, err
	}
	j := &journal{file: f, names: names}
	left, err := j.left()
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return j, left, nil
}

// left reads all slots. One that was not written to its end names no file: its
// file was not opened yet.
func (j *journal) left() ([]underExamination, error) {
	info, err := j.file.Stat()
	if err != nil {
		return nil, err
	}
	var list []underExamination
	for at := int64(0); at < info.Size() && at < slotMost*slotSize; at += slotSize {
		slot := make([]byte, slotSize)
		n, err := j.file.ReadAt(slot, at)
		if err != nil && err != io.EOF {
			return nil, err
		}
		slot = slot[:n]
		if len(slot) < 4 {
			continue
		}
		var u underExamination
		if size := binary.BigEndian.Uint32(slot); int64(size) <= int64(len(slot)-4) && json.Unmarshal(slot[4:4+size], &u) == nil && u.Path != "" {
			u.Target, u.Path = j.names.Open(u.Target), j.names.Open(u.Path)
			list = append(list, u)
		}
	}
	return list, nil
}

// clear frees all slots.
func (j *journal) clear() error { return j.file.Truncate(0) }

// enter writes a file into a free slot; leave frees it.
func (j *journal) enter(u underExamination) (leave func() error, err error) {
	u.Target, u.Path = j.names.Seal(u.Target), j.names.Seal(u.Path)
	text, err := json.Marshal(u)
	if err != nil {
		return nil, err
	}
	if len(text) > slotSize-4 {
		return func() error { return nil }, nil // no server has such paths; it is examined all the same
	}
	at := j.take()
	slot := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	if _, err := j.file.WriteAt(append(slot, text...), at*slotSize); err != nil {
		return nil, err
	}
	return func() error {
		_, err := j.file.WriteAt(make([]byte, 4), at*slotSize)
		j.mu.Lock()
		j.free = append(j.free, at)
		j.mu.Unlock()
		return err
	}, nil
}

func (j *journal) take() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	if n := len(j.free); n > 0 {
		at := j.free[n-1]
		j.free = j.free[:n-1]
		return at
	}
	j.next++
	return j.next - 1
}

// end removes a journal in which nothing is left.
func (j *journal) end() error {
	err := errors.Join(j.file.Close(), os.Remove(j.file.Name()))
	if j.lock != nil {
		err = errors.Join(err, j.lock.Unlock(), removed(j.lock.Path()))
	}
	return err
}

// journaling is the part of a run that knows what is under examination.
type journaling struct {
	run     *Run
	journal *journal
}

// suspect takes what runs that died have left into the database and opens the
// journal of this run.
func (r *journaling) suspect(ctx context.Context) error {
	own, dead, err := r.run.db.dialect.journal.open(r.run.db.names)
	if err != nil {
		return err
	}
	var left []underExamination
	for _, d := range dead {
		left = append(left, d.left...)
	}
	err = r.run.db.inSession(ctx, r.run, &ids{}, func(s *session) error {
		for _, u := range left {
			if err := s.suspected(u); err != nil {
				return err
			}
		}
		return nil
	})
	for _, d := range dead {
		if err == nil {
			err = d.clear()
		}
	}
	if err != nil {
		return errors.Join(err, own.file.Close())
	}
	r.journal = own
	return nil
}

func (s *session) suspected(u underExamination) error {
	changed, err := s.exec("UPDATE suspect SET size = ?3, mtime = ?4, alone = CASE WHEN size = ?3 AND mtime = ?4 THEN alone ELSE 0 END + ?5 WHERE target = ?1 AND path = ?2",
		u.Target, u.Path, u.Size, u.ModTime, alone(u))
	if err != nil || changed > 0 {
		return err
	}
	return s.do("INSERT INTO suspect (target, path, size, mtime, alone) VALUES (?1, ?2, ?3, ?4, ?5)", u.Target, u.Path, u.Size, u.ModTime, alone(u))
}

func alone(u underExamination) int64 {
	if u.Alone {
		return 1
	}
	return 0
}

var _ scan.Journal = (*Run)(nil)

// Enter implements scan.Journal.
func (r *journaling) Enter(e scan.Entry, alone bool) (func() error, error) {
	if r.run.joined {
		return func() error { return nil }, nil // who hands out the files knows which of them were not brought back
	}
	leave, err := r.journal.enter(underExamination{e.Target, e.Path, e.Size, micros(e.ModTime), alone})
	if err != nil {
		return nil, journalError(err)
	}
	return func() error { return journalError(leave()) }, nil
}

func journalError(err error) error {
	if err == nil {
		return nil
	}
	return scan.Errorf("the note of what is under examination, beside the state: %w", err)
}

// Suspects implements scan.Journal.
func (r *journaling) Suspects(ctx context.Context, target string) (map[string]scan.Suspect, error) {
	var known map[string]scan.Suspect
	err := r.run.db.retry(ctx, func() (err error) {
		known, err = suspects(ctx, r.run.db, target)
		return err
	})
	if err != nil {
		return nil, r.run.db.wrap(err)
	}
	return known, nil
}

func suspects(ctx context.Context, d *DB, target string) (map[string]scan.Suspect, error) {
	rows, err := d.read.QueryContext(ctx, "SELECT path, size, mtime, alone FROM suspect WHERE target = ?", target)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]scan.Suspect{}
	for rows.Next() {
		var path string
		var s scan.Suspect
		var mtime int64
		if err := rows.Scan(&path, &s.Size, &mtime, &s.Alone); err != nil {
			return nil, err
		}
		s.ModTime = time.UnixMicro(mtime).UTC()
		known[path] = s
	}
	return known, rows.Err()
}

// Acquit implements scan.Journal.
func (r *journaling) Acquit(ctx context.Context, e scan.Entry) error {
	return r.run.inSession(ctx, func(s *session) error {
		return s.do("DELETE FROM suspect WHERE target = ? AND path = ?", e.Target, e.Path)
	})
}
