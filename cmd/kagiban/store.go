package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/spf13/viper"
)

// A store is an open state, by what the commands need of it.
type store struct {
	scan.ResultReader
	scan.PersonCounter
	scan.ExceptionLedger
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

// openState opens the state that the settings name.
func openState(ctx context.Context, v *viper.Viper) (*store, error) {
	path, err := statePath(v)
	if err != nil {
		return nil, err
	}
	db, err := state.Open(ctx, path)
	if err != nil {
		return nil, fatal(fmt.Errorf("%w; name another with --state FILE", err))
	}
	if days := v.GetInt("history"); days > 0 {
		db.Retention = time.Duration(days) * 24 * time.Hour
	}
	return &store{db, db, db, db, db, db}, nil
}
