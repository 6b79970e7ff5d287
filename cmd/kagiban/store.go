package main

import (
	"context"
	"io"

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
	identified
	io.Closer
}

// A caretaker looks after a state.
type caretaker interface {
	Check(context.Context) (state.Health, error)
	Compact(context.Context) error
	Export(context.Context, io.Writer) (int64, error)
	Backup(ctx context.Context, path string) error
}

// An identified state knows how a state is made, and under which key.
type identified interface {
	UseKey(key []byte) error
	Schema(context.Context) (int, error)
	BelongsTo(ctx context.Context, fingerprint string, another bool) error
}

// existing checks that there is a state: to look into one must not make it.
func existing(v *viper.Viper) error {
	path, err := statePath(v)
	if err != nil {
		return err
	}
	if nothingThere(path) {
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
	db, err := openAt(ctx, v, path)
	if err != nil {
		return nil, err
	}
	retention(v, db)
	return &store{db, db, db, db, db, db, db, db, db, db, db, db}, nil
}
