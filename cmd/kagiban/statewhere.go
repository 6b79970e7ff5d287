package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/kagiban/kagiban/scan/state/postgres"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// serverFlags are those of a state that is kept in a database.
func serverFlags(f *pflag.FlagSet) {
	f.String("state-password-file", "", "`FILE` whose first line is the password of the role in the state's database")
	f.Bool("state-insecure", false, "let the state's database be on another machine without TLS")
	f.Duration("state-patience", postgres.DefaultPatience, "wait so long for the state's database when it goes away in the middle")
}

// inDatabase reports whether the state is kept in a database, and where.
func inDatabase(v *viper.Viper) (where string, is bool) {
	where = v.GetString("state")
	return where, postgres.Is(where)
}

// openDatabase opens a state that is kept in a database.
func openDatabase(ctx context.Context, v *viper.Viper, where string) (*state.DB, error) {
	o := state.Options{Options: postgres.Options{
		Password: os.Getenv("KAGIBAN_STATE_PASSWORD"), Insecure: v.GetBool("state-insecure"), Patience: v.GetDuration("state-patience"),
	}}
	if o.Patience < 0 {
		return nil, usage("--state-patience %v is negative; write a time such as 10m", o.Patience)
	}
	if file := v.GetString("state-password-file"); file != "" {
		var err error
		if o.Password, err = passwordIn(file); err != nil {
			return nil, err
		}
	}
	var err error
	if o.Folder, err = stateDir(); err != nil {
		return nil, err
	}
	db, err := state.OpenWith(ctx, where, o)
	if errors.Is(err, postgres.ErrPassword) {
		return nil, usage("--state: %w", err)
	}
	if err != nil {
		return nil, fatal(err)
	}
	return db, nil
}

// openAt opens the state at a place, with the key of its names.
func openAt(ctx context.Context, v *viper.Viper, where string) (*state.DB, error) {
	db, err := openKeyless(ctx, v, where)
	if err != nil {
		return nil, err
	}
	if err := useKey(v, db); err != nil {
		return nil, fatal(errors.Join(err, db.Close()))
	}
	return db, nil
}

// openKeyless opens a database or a file.
func openKeyless(ctx context.Context, v *viper.Viper, where string) (*state.DB, error) {
	if postgres.Is(where) {
		return openDatabase(ctx, v, where)
	}
	if err := trustedState(where); err != nil {
		return nil, err
	}
	db, err := state.Open(ctx, where)
	if err != nil {
		return nil, fatal(scan.Errorf("%w; name another with --state FILE", err))
	}
	return db, nil
}

// nothingThere says that no state was ever made at a file.
func nothingThere(path string) bool {
	if postgres.Is(path) {
		return false
	}
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// besideState is where a file lies that goes with the state but is this machine's.
func besideState(where, suffix string) (string, error) {
	if !postgres.Is(where) {
		return where + suffix, nil
	}
	dir, err := stateDir()
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	return filepath.Join(dir, "state"+suffix), err
}

// retention is how long results that were replaced are kept.
func retention(v *viper.Viper, db *state.DB) {
	if days := v.GetInt("history"); days > 0 {
		db.Retention = time.Duration(days) * 24 * time.Hour
	}
}
