package source_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// told are the paths of a walk, that begins with the folder from.
func told(t *testing.T, src scan.Source, from string) []string {
	t.Helper()
	var paths []string
	err := src.(scan.Resumable).WalkFrom(t.Context(), from, func(e scan.Entry, err error) error {
		if err != nil {
			t.Errorf("%q: %v", e.Path, err)
		}
		paths = append(paths, e.Path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// A walk from a folder tells what a whole walk tells from there on, for each
// folder, and also for folders that went away.
func TestWalkFrom(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}, {Name: "二"}}})
	dir := shareDir(t, s, "data")
	for _, name := range []string{"z.txt", "a/1", "a/b/1", "a/b/2", "a/b.c/1", "a-b/1", "年金/年度/1", "総務/1"} {
		write(t, filepath.Join(dir, name), "x", 0o644)
	}
	write(t, filepath.Join(shareDir(t, s, "二"), "a", "1"), "x", 0o644)
	for name, target := range map[string]string{"local": dir, "share": s.URL("data"), "server": s.URL("")} {
		t.Run(name, func(t *testing.T) {
			src := open(t, target, options(t, s))
			all := told(t, src, "")
			for i, path := range all {
				folder := filepath.ToSlash(filepath.Dir(path))
				if folder == "." {
					folder = ""
				}
				first := slices.IndexFunc(all, func(p string) bool { return filepath.ToSlash(filepath.Dir(p)) == filepath.ToSlash(filepath.Dir(path)) })
				if got := told(t, src, folder); !slices.Equal(got, all[first:]) {
					t.Errorf("from %q: %q, want %q (file %d of %q)", folder, got, all[first:], i, all)
				}
			}
		})
	}
	src := open(t, dir, options(t, s))
	for from, want := range map[string]string{"a/b.a/none": "a/b.c/1", "0": "a/1", "a/zz/x": "a-b/1"} {
		got := told(t, src, from)
		if len(got) == 0 || got[0] != want {
			t.Errorf("from %q, which is gone: %q, want %q first", from, got, want)
		}
	}
	if got := told(t, src, "龘"); len(got) != 0 {
		t.Errorf("from behind the end: %q", got)
	}
}

// The pace is kept, and a file of little size is not held open for it.
func TestPace(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"1", "2", "3", "4", "5", "6"} {
		write(t, filepath.Join(dir, name), string(make([]byte, 100_000)), 0o644)
	}
	for _, tt := range []struct {
		name  string
		pace  source.Pace
		least time.Duration
	}{
		{"none", source.Pace{}, 0},
		{"files", source.Pace{Files: 10}, 500 * time.Millisecond},
		{"bytes", source.Pace{Bytes: 1e6}, 500 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := open(t, dir, source.Options{Pacer: source.NewPacer(tt.pace)})
			begin := time.Now()
			for _, name := range []string{"1", "2", "3", "4", "5", "6"} {
				blob, err := src.Open(t.Context(), scan.Entry{Path: name})
				if err != nil {
					t.Fatal(err)
				}
				opened := time.Now()
				if _, err := blob.ReadAt(make([]byte, blob.Size()), 0); err != nil {
					t.Fatal(err)
				}
				if held := time.Since(opened); held > 10*time.Second {
					t.Errorf("the file was held for %v", held)
				}
				if err := blob.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(begin); took < tt.least {
				t.Errorf("it took %v, want at least %v", took, tt.least)
			}
		})
	}
	src := open(t, dir, source.Options{Pacer: source.NewPacer(source.Pace{Files: 0.001})})
	for range 2 {
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		blob, err := src.Open(ctx, scan.Entry{Path: "1"})
		if err == nil {
			_ = blob.Close()
		} else if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Open: %v", err)
		}
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("an Open that was given up took %v", took)
		}
		cancel()
	}
}

// Who is asked for permissions opens a file at the server, and waits likewise.
func TestPaceOfPermissions(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "1"), "x", 0o644)
	src := open(t, dir, source.Options{Pacer: source.NewPacer(source.Pace{Files: 10})})
	begin := time.Now()
	for range 3 {
		if _, err := src.(scan.Accessible).Access(t.Context(), scan.Entry{Path: "1"}); err != nil {
			t.Fatal(err)
		}
		if _, err := src.(scan.Owned).Owner(t.Context(), scan.Entry{Path: "1"}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(begin); took < 400*time.Millisecond {
		t.Errorf("six questions took %v at ten files a second", took)
	}
}
