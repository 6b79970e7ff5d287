package state

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

func (s *stateFile) backup(ctx context.Context, path string) (err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return scan.Errorf("backup %s: %w", path, errors.Join(err, fs.ErrExist))
	}
	// It is made under another name, so that what has the name is whole, and
	// first of all empty with narrow rights: SQLite would make it readable for all.
	f, err := os.CreateTemp(filepath.Dir(path), ".kagiban-backup-*")
	if err != nil {
		return scan.Errorf("backup: %w", err)
	}
	temp := f.Name()
	defer func() {
		if err != nil {
			_ = os.Remove(temp)
		}
	}()
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return scan.Errorf("backup: %w", err)
	}
	if _, err := s.read.ExecContext(ctx, "VACUUM INTO ?", seal.Raw(temp)); err != nil {
		return s.explain(err)
	}
	if err := whole(ctx, temp); err != nil {
		return scan.Errorf("backup: %w", err)
	}
	if err := syncFile(temp); err != nil {
		return scan.Errorf("backup: %w", err)
	}
	// A link fails where a rename would replace what came there meanwhile.
	if err := os.Link(temp, path); err == nil {
		return os.Remove(temp)
	} else if errors.Is(err, fs.ErrExist) {
		return scan.Errorf("backup %s: %w", path, err)
	}
	return os.Rename(temp, path) // a file system without links
}

// whole looks quickly whether a copy is a database without damage.
func whole(ctx context.Context, path string) error {
	db, err := connect(path, 1, "deferred", &seal.Names{})
	if err != nil {
		return err
	}
	defer db.Close()
	var says string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&says); err != nil {
		return err
	}
	if says != "ok" {
		return scan.Errorf("the copy is damaged: %s", says)
	}
	// The journal mode is kept in the file; with this one it is a file alone.
	_, err = db.ExecContext(ctx, "PRAGMA journal_mode = DELETE")
	return err
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
