package state_test

import (
	"os"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/scantest/storekit"
	"github.com/kagiban/kagiban/scan/state"
)

// cluster is the PostgreSQL of these tests.
var cluster pgserver.Lazy

func TestMain(m *testing.M) {
	code := m.Run()
	if err := cluster.Stop(); err != nil {
		println(err.Error())
		code = 1
	}
	os.Exit(code)
}

// openServer opens a database of the cluster.
func openServer(t testing.TB, url string, o state.Options) *state.DB {
	t.Helper()
	if o.Folder == "" {
		o.Folder = t.TempDir()
	}
	db, err := state.OpenWith(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// database makes one and returns its address.
func database(t testing.TB) string {
	t.Helper()
	name := cluster.Database(t)
	return cluster.Server(t).URL(pgserver.Owner, name)
}

func TestStoreOnServer(t *testing.T) {
	pgserver.Require(t)
	urls := map[string]string{}
	storekit.Run(t, func(t *testing.T, name string) storekit.Database {
		key := t.Name() + name
		if urls[key] == "" {
			urls[key] = database(t)
		}
		db := openServer(t, urls[key], state.Options{})
		if err := db.UseKey(make([]byte, 32)); err != nil {
			t.Fatal(err)
		}
		return storekit.Database{Lease: db, ResultReader: db, PersonCounter: db, PersonIndex: db, HistoryReader: db, ExceptionLedger: db, FindingLedger: db, TallyBook: db, RemarkBook: db}
	})
}
