package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/spf13/viper"
)

// A store is an open state, by what the commands need of it.
type store struct {
	scan.ResultReader
	scan.PersonCounter
	scan.PersonIndex
	scan.HistoryReader
	scan.ExceptionLedger
	scan.FindingLedger
	scan.TallyBook
	scan.RemarkBook
	scan.Lease
	caretaker
	io.Closer
}

// A caretaker looks after a state file.
type caretaker interface {
	Check(context.Context) (state.Health, error)
	Compact(context.Context) error
	Export(context.Context, io.Writer) (int64, error)
	Backup(ctx context.Context, path string) error
}

// existing checks that there is a state: to look into one must not make it.
func existing(v *viper.Viper) error {
	path, err := statePath(v)
	if err != nil {
		return err
	}
	if state.IsServer(path) {
		return nil // its opening says what is there
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return usage("there is no state file %s yet; run kagiban scan TARGET first, or name another --state", path)
	}
	return nil
}

// openState opens the state that the settings name.
func openState(ctx context.Context, v *viper.Viper) (*store, error) {
	path, err := statePath(v)
	if err != nil {
		return nil, err
	}
	if !state.IsServer(path) {
		if err := trustedState(path); err != nil {
			return nil, err
		}
	}
	db, err := state.Open(ctx, path)
	if err != nil {
		return nil, fatal(fmt.Errorf("%w; name another with --state FILE", err))
	}
	if days := v.GetInt("history"); days > 0 {
		db.Retention = time.Duration(days) * 24 * time.Hour
	}
	return &store{db, db, db, db, db, db, db, db, db, db, db}, nil
}
