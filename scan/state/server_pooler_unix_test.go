//go:build unix

package state_test

import (
	"os"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
)

// The whole kit behind PgBouncer in transaction mode: nothing rests on a session.
func TestStoreBehindPooler(t *testing.T) {
	server := cluster.Server(t)
	if err := pgserver.PoolerAvailable(); err != nil {
		if os.Getenv("KAGIBAN_TEST_REQUIRE") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	pooler, err := pgserver.StartPooler(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pooler.Stop(); err != nil {
			t.Error(err)
		}
	})
	names := map[string]string{}
	storekit.Run(t, func(t *testing.T, name string) storekit.Database {
		key := t.Name() + name
		if names[key] == "" {
			names[key] = cluster.Database(t)
		}
		db := openServer(t, pooler.URL(names[key]), state.Options{})
		return storekit.Database{Lease: db, ResultReader: db, PersonCounter: db, PersonIndex: db, HistoryReader: db, ExceptionLedger: db, FindingLedger: db, TallyBook: db, RemarkBook: db}
	})
}
