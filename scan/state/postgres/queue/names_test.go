package queue

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/kagiban/kagiban/scan"
)

// TestNumbersInNamesAreSealed has numbers in the names of a target, its folders and
// files: nodes get them as they are, and no row of any table holds one.
func TestNumbersInNamesAreSealed(t *testing.T) {
	t.Parallel()
	db := database(t)
	q, err := Open(db)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	const target, folder, file, failure = "smb://fs01/3412-567890", "総務/３４１２－５６７８９１", "3412567892.csv", "cannot list 3412-567893"
	spec := Spec{Run: 1, Version: "1", Rules: "r", Targets: []Target{{Name: target, Server: "one", Slots: 2, Settings: []byte(`{"exclude":["3412-567894/**"],"max":3412567895}`)}}}
	if err := q.Start(ctx, spec); err != nil {
		t.Fatal(err)
	}
	raw := func(when string) {
		t.Helper()
		for table, query := range map[string]string{
			"shared_run": "SELECT row_to_json(x)::text FROM shared_run AS x", "node": "SELECT row_to_json(x)::text FROM node AS x", "river_job": "SELECT row_to_json(x)::text FROM river_job AS x",
			"batch":         "SELECT convert_from(folder, 'UTF8') || coalesce(encode(entries, 'escape'), '') FROM batch",
			"shared_target": "SELECT convert_from(name, 'UTF8') || error || settings::text || lane || server FROM shared_target",
		} {
			rows, err := db.Query(ctx, query)
			if err != nil {
				t.Fatal(err)
			}
			list, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range list {
				for _, number := range []string{"3412-567890", "３４１２－５６７８９１", "3412567892", "3412-567893", "3412-567894"} {
					if strings.Contains(text, number) {
						t.Errorf("%s: %s holds %s: %s", when, table, number, text)
					}
				}
			}
		}
	}
	raw("at the beginning")
	var mu sync.Mutex
	var seen []string
	n := q.NewNode(NodeConfig{Name: "n", Version: "1", Rules: "r", Takes: func(name string, settings []byte) bool {
		return name == target && bytes.Contains(settings, []byte(`3412-567894/**`)) && bytes.Contains(settings, []byte("3412567895"))
	}})
	var group sync.WaitGroup
	group.Go(func() {
		err := n.Serve(ctx, func(ctx context.Context, b scan.Batch) error {
			task := b.Task()
			var f scan.Further
			switch {
			case task.Files != nil:
				if task.Files[0].Path == folder+"/"+file {
					return &scan.ListError{Err: errors.New(failure)}
				}
			case task.Folder == "":
				f.Folders = []scan.Entry{{Path: folder, Folder: true}}
			default:
				f.Files = []scan.Entry{{Path: task.Folder + "/" + file, Owner: "3412-567890", Size: 1}}
			}
			mu.Lock()
			seen = append(seen, task.Target+" "+task.Folder)
			mu.Unlock()
			return pgx.BeginFunc(ctx, db.Pool, func(tx pgx.Tx) error { return b.Done(f).CompleteIn(ctx, tx) })
		})
		if err != nil {
			t.Error(err)
		}
	})
	failed := func() bool {
		status, err := q.Status(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return len(status.Runs[0].Targets) == 1 && status.Runs[0].Targets[0].Name == target && strings.Contains(status.Runs[0].Targets[0].Error, failure)
	}
	for !failed() {
		raw("under way")
	}
	raw("after a failure")
	stop()
	group.Wait()
	if want := []string{target + " ", target + " " + folder}; strings.Join(seen, "|") != strings.Join(want, "|") {
		t.Errorf("nodes got %q, want %q", seen, want)
	}
	ctx = context.Background()
	if run, names, err := q.Under(ctx, []string{target}); err != nil || run != 1 || len(names) != 1 || names[0] != target {
		t.Errorf("under way: %d %q %v", run, names, err)
	}
}
