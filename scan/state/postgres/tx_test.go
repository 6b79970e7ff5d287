package postgres

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
)

// TestWhatBecameOfACommit: after a crash the server uses the numbers of transactions
// again, so a number that was committed proves nothing.
func TestWhatBecameOfACommit(t *testing.T) {
	cluster := pgserver.Lazy{Config: pgserver.Config{Sync: true}}
	url := cluster.Server(t).URL(pgserver.Owner, cluster.Database(t))
	defer func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	}()
	s, err := Open(t.Context(), url, Options{Patience: time.Minute}, &seal.Names{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	var own writing
	written := func(end func(*sql.Tx) error) writing {
		t.Helper()
		tx, err := s.DB.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		w, err := (*Lease)(nil).check(ctx, tx)
		if err != nil {
			t.Fatal(err)
		}
		if err := end(tx); err != nil {
			t.Fatal(err)
		}
		return w
	}
	failed := errors.New("the connection was lost")
	own = written((*sql.Tx).Commit)
	if err := s.became(ctx, own, failed); err != nil {
		t.Errorf("committed: %v", err)
	}
	if err := s.became(ctx, written((*sql.Tx).Rollback), failed); !errors.Is(err, failed) {
		t.Errorf("rolled back: %v", err)
	}
	// As after a crash that took a transaction with it, and whose number another one
	// has now.
	gone := writing{number: own.number, server: "before the crash", token: own.token + 1}
	if err := s.became(ctx, gone, failed); !errors.Is(err, failed) {
		t.Errorf("lost with the server: %v", err)
	}
	kept := writing{number: own.number, server: "before the crash", token: own.token}
	if err := s.became(ctx, kept, failed); err != nil {
		t.Errorf("committed before the crash: %v", err)
	}
}
