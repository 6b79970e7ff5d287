package queue

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/state/internal/seal"
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

// database is one of its own with the tables of the queue, and a table in which
// what nodes do is counted.
func database(t *testing.T) plainDatabase {
	t.Helper()
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, cluster.Server(t).URL(pgserver.Owner, cluster.Database(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	tables, err := os.ReadFile("../schema/0002.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"CREATE TABLE run (id bigint PRIMARY KEY)", "INSERT INTO run VALUES (1), (2)", string(tables),
		"CREATE TABLE done (path text NOT NULL, node text NOT NULL)"} {
		if _, err := pool.Exec(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := Migrate(ctx, pool); err != nil {
		t.Fatal(err)
	}
	names := &seal.Names{}
	if err := names.Use(make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	return plainDatabase{pool, names}
}

// plainDatabase is one that is never away.
type plainDatabase struct {
	*pgxpool.Pool
	names *seal.Names
}

func (d plainDatabase) Connections() *pgxpool.Pool                  { return d.Pool }
func (plainDatabase) Retry(_ context.Context, f func() error) error { return f() }
func (plainDatabase) Away(error) bool                               { return false }
func (d plainDatabase) Names() *seal.Names                          { return d.names }

// a tree of folders by path; its files are 000 to 009 in each.
func further(task scan.Task) (f scan.Further) {
	if len(task.Folder) < 4 {
		for i := range 5 {
			f.Folders = append(f.Folders, scan.Entry{Path: join(task.Folder, fmt.Sprint(i)), Folder: true})
		}
	}
	for i := range 10 {
		f.Files = append(f.Files, scan.Entry{Path: join(task.Folder, fmt.Sprintf("%03d", i)), Size: 100})
	}
	return f
}

func join(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}

// worker does batches of the tree: what it examines is counted in done.
type treeNode struct {
	pool *pgxpool.Pool
	name string
	wait func(scan.Task)
}

func (n treeNode) do(ctx context.Context, b scan.Batch) error {
	task := b.Task()
	var f scan.Further
	if task.Files == nil {
		f = further(task)
	}
	if n.wait != nil {
		n.wait(task)
	}
	return pgx.BeginFunc(ctx, n.pool, func(tx pgx.Tx) error {
		for _, e := range task.Files {
			if _, err := tx.Exec(ctx, "INSERT INTO done VALUES ($1, $2)", e.Path, n.name); err != nil {
				return err
			}
		}
		return b.Done(f).CompleteIn(ctx, tx)
	})
}

// finish waits until nothing of a run is left and returns how often each file was done.
func finish(t *testing.T, q *Queue, run int64) map[string]int {
	t.Helper()
	ctx := context.Background()
	for {
		ended, all, err := q.Ended(ctx, run)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range ended {
			if err := q.Concluded(ctx, run, e.Name, e.Failed); err != nil {
				t.Fatal(err)
			}
		}
		if all {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	rows, err := q.pool.Query(ctx, "SELECT path, count(*)::int FROM done GROUP BY path")
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	var path string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&path, &n}, func() error { times[path] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	return times
}

func once(t *testing.T, times map[string]int, want int) {
	t.Helper()
	if len(times) != want {
		t.Errorf("%d files were done, want %d", len(times), want)
	}
	for path, n := range times {
		if n != 1 {
			t.Errorf("%s was done %d times", path, n)
		}
	}
}

func TestNodesShareARun(t *testing.T) {
	t.Parallel()
	db := database(t)
	q, err := Open(db)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	spec := Spec{Run: 1, Version: "1", Rules: "r", Targets: []Target{
		{Name: "a", Server: "one", Slots: 2, Settings: []byte("{}")}, {Name: "b", Server: "two", Slots: 2, Settings: []byte("{}")}}}
	if err := q.Start(ctx, spec); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 3 {
		n := q.NewNode(NodeConfig{Name: fmt.Sprint(i), Version: "1", Rules: "r", Batches: 4, Notice: func(s scan.Text, about ...any) { t.Log(s, about) }})
		group.Go(func() {
			if err := n.Serve(ctx, treeNode{pool: db.Pool, name: fmt.Sprint(i)}.do); err != nil {
				t.Error(err)
			}
		})
	}
	times := finish(t, q, 1)
	stop()
	group.Wait()
	// Both targets have the same paths.
	if want := (1 + 5 + 25 + 125) * 10; len(times) != want {
		t.Errorf("%d files were done, want %d", len(times), want)
	}
	for path, n := range times {
		if n != 2 {
			t.Errorf("%s was done %d times, want once in each target", path, n)
		}
	}
}
