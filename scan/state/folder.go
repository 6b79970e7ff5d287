package state

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/kagiban/kagiban/scan"
)

// A walk asks for file after file of one folder. What is known of a folder is
// read at once, and when the walk has left it and met all that is known there,
// one row says so instead of one a file.

// known is what the state has of a file.
type known struct {
	id                 int64
	size, mtime, ctime int64
	identity           int64
	revision           string
	found, gone        bool
	seen               bool // by this run
}

// reuse says how far the stored result holds for a file as it is listed now.
func (k *known) reuse(e scan.Entry, current func(string) bool) scan.Reuse {
	switch {
	case k.size != e.Size || k.mtime != micros(e.ModTime) || k.ctime != micros(e.ChangeTime) || !current(k.revision):
		return scan.ReuseNone
	case k.found:
		return scan.RefreshAccess
	}
	return scan.Unchanged
}

// A folder is what is known of the files directly in one.
type folder struct {
	id     int64
	files  map[string]*known
	unseen int     // present files that this run has not met
	kept   []int64 // files that it met and did not examine
}

// Bounds of what is kept of folders: some 20 MB.
const (
	foldersKept = 2000
	rowsKept    = 100_000
	rowsAtOnce  = 20_000 // a folder with more is asked file by file
)

// folders are those that the walk was in lately, and what has to be marked of
// those that it has left.
type folders struct {
	mu    sync.Mutex
	known map[string]*folder
	order []string // as they were read
	rows  int
	marks marks
}

// marks are what was met and is not written down yet.
type marks struct {
	folders []int64 // all that is known in them
	files   []int64
}

func folderKey(target, path string) string { return target + "\x00" + path }

// look returns the folder of a file; nil if it has too many files.
func (f *folders) look(ctx context.Context, db *DB, target, path string) (*folder, error) {
	key := folderKey(target, path)
	if got, ok := f.known[key]; ok {
		return got, nil
	}
	var got *folder
	err := db.retry(ctx, func() (err error) {
		got, err = readFolder(ctx, db, target, path)
		return err
	})
	if err != nil {
		return nil, err
	}
	for len(f.order) >= foldersKept || f.rows > rowsKept && len(f.order) > 0 {
		f.leave(f.order[0])
		f.order = f.order[1:]
	}
	if f.known == nil {
		f.known = map[string]*folder{}
	}
	f.known[key] = got
	f.order = append(f.order, key)
	if got != nil {
		f.rows += len(got.files)
	}
	return got, nil
}

// readFolder reads what is known of the files in a folder.
func readFolder(ctx context.Context, db *DB, target, path string) (*folder, error) {
	rows, err := db.read.QueryContext(ctx, `
SELECT directory.id, file.id, file.name, size, mtime, ctime, identity, revision.name, found, gone IS NOT NULL
FROM target JOIN directory ON directory.target = target.id JOIN file ON file.directory = directory.id JOIN revision ON revision.id = file.revision
WHERE `+db.dialect.is("target.name", "?")+` AND `+db.dialect.is("directory.path", "?")+` LIMIT ?`, target, path, rowsAtOnce+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	f := &folder{files: map[string]*known{}}
	for rows.Next() {
		k := &known{}
		var name string
		if err := rows.Scan(&f.id, &k.id, &name, &k.size, &k.mtime, &k.ctime, &k.identity, &k.revision, &k.found, &k.gone); err != nil {
			return nil, err
		}
		if f.files[name] = k; !k.gone {
			f.unseen++
		}
	}
	if len(f.files) > rowsAtOnce {
		f = nil
	}
	return f, rows.Err()
}

// leave forgets a folder; f.mu is held.
func (f *folders) leave(key string) {
	got := f.known[key]
	delete(f.known, key)
	if got == nil {
		return
	}
	f.rows -= len(got.files)
	switch {
	case len(got.kept) == 0:
	case got.unseen == 0:
		f.marks.folders = append(f.marks.folders, got.id)
	default:
		f.marks.files = append(f.marks.files, got.kept...)
	}
}

// leaveAll forgets all folders.
func (f *folders) leaveAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range f.order {
		f.leave(key)
	}
	f.order = nil
}

// keep notes that a file was met and that its row stays as it is. False if the
// row has to be written.
func (f *folders) keep(e scan.Entry) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	in, k := f.at(e)
	if k == nil || k.gone || k.identity != int64(e.ID) {
		return false
	}
	if in.meet(k) {
		in.kept = append(in.kept, k.id)
	}
	return true
}

// marksKept are how many marks wait for the next transaction at most.
const marksKept = 1000

// keepAll notes that files were met; false if something has to be written, and
// what was noted may be noted again.
func (f *folders) keepAll(batch []scan.Outcome) bool {
	for _, o := range batch {
		if kept, ok := o.(*scan.Kept); !ok || !f.keep(kept.Entry) {
			return false
		}
	}
	m := f.marked()
	return len(m.folders)+len(m.files) < marksKept
}

// saved notes that the row of a file was written.
func (f *folders) saved(e scan.Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if in, k := f.at(e); k != nil {
		in.meet(k)
	}
}

// at returns what is remembered of a file, nil if nothing is; f.mu is held.
func (f *folders) at(e scan.Entry) (*folder, *known) {
	path, name := split(e.Path)
	in := f.known[folderKey(e.Target, path)]
	if in == nil {
		return nil, nil
	}
	return in, in.files[name]
}

// meet marks a file as seen; false if it was.
func (f *folder) meet(k *known) bool {
	if k.seen {
		return false
	}
	if k.seen = true; !k.gone {
		f.unseen--
	}
	return true
}

// marked returns what has to be written down.
func (f *folders) marked() marks {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.marks
}

// take returns what has to be written down and forgets it.
func (f *folders) take() marks {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.marks
	f.marks = marks{}
	return m
}

// written forgets marks that were; others may have come since.
func (f *folders) written(m marks) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.marks.folders, f.marks.files = f.marks.folders[len(m.folders):], f.marks.files[len(m.files):]
}

// write writes the marks down.
func (m marks) write(s *session, run int64) error {
	if mark := s.dialect.mark; mark != nil {
		return mark(s, run, m)
	}
	for _, id := range m.folders {
		if _, err := s.exec("UPDATE directory SET run = ? WHERE id = ?", run, id); err != nil {
			return err
		}
	}
	for _, id := range m.files {
		if _, err := s.exec("UPDATE file SET run = ? WHERE id = ?", run, id); err != nil {
			return err
		}
	}
	return nil
}

// Known implements scan.Store.
func (r *Run) Known(ctx context.Context, e scan.Entry, current func(string) bool) (scan.Reuse, error) {
	path, name := split(e.Path)
	r.folders.mu.Lock()
	in, err := r.folders.look(ctx, r.db, e.Target, path)
	r.folders.mu.Unlock()
	if err != nil {
		return scan.ReuseNone, r.db.wrap(err)
	}
	var k *known
	if in != nil {
		k = in.files[name]
	} else if k, err = r.single(ctx, e.Target, path, name); err != nil {
		return scan.ReuseNone, r.db.wrap(err)
	}
	if k != nil {
		return k.reuse(e, current), nil
	}
	var reuse scan.Reuse
	err = r.db.retry(ctx, func() (err error) {
		_, reuse, err = moved(ctx, &r.db.dialect, r.db.read, e, current)
		return err
	})
	if err != nil {
		return scan.ReuseNone, r.db.wrap(err)
	}
	return reuse, nil
}

// single reads what is known of one file.
func (r *Run) single(ctx context.Context, target, path, name string) (*known, error) {
	k := &known{}
	err := r.db.retry(ctx, func() error {
		return r.ask.QueryRowContext(ctx, target, path, name).Scan(&k.id, &k.size, &k.mtime, &k.ctime, &k.revision, &k.found)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return k, err
}
