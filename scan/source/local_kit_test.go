package source_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/source"
)

func open(t *testing.T, target string, opts source.Options) scan.Source {
	t.Helper()
	src, err := source.Open(t.Context(), target, opts)
	if err != nil {
		t.Fatalf("Open(%q): %v", target, err)
	}
	t.Cleanup(func() {
		if err := src.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return src
}

func TestLocalSource(t *testing.T) {
	tree := scantest.NewSourceTree(t, t.TempDir())
	if tree.Roomy {
		addUnixOnly(t, tree)
	}
	scantest.Source(t, tree, func(t *testing.T) scan.Source {
		var c source.Counters
		return open(t, tree.Dir, source.Options{Counters: &c})
	})
}

// addUnixOnly adds what only unix has: links (one leads to the folder above),
// and a folder and a file without rights where they bind the user.
func addUnixOnly(t *testing.T, tree *scantest.SourceTree) {
	t.Helper()
	for name, to := range map[string]string{"loop": ".", "link.xlsx": "a.xlsx", "away": "/etc", "broken": "nothing"} {
		if err := os.Symlink(to, filepath.Join(tree.Dir, name)); err != nil {
			t.Fatal(err)
		}
		tree.Gaps = append(tree.Gaps, name)
	}
	if os.Getuid() == 0 {
		return
	}
	if err := os.Mkdir(filepath.Join(tree.Dir, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tree.Dir, "denied.txt"), nil, 0); err != nil {
		t.Fatal(err)
	}
	tree.Closed = append(tree.Closed, "closed")
	tree.Denied = append(tree.Denied, "denied.txt")
}

func TestLocalFileAsTarget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "名簿.csv")
	if err := os.WriteFile(path, []byte("a,b"), 0o600); err != nil {
		t.Fatal(err)
	}
	src := open(t, path, source.Options{})
	files, gaps := scantest.WalkAll(t, src)
	e, ok := files["名簿.csv"]
	if len(files) != 1 || len(gaps) != 0 || !ok || e.Target != path || e.Size != 3 {
		t.Fatalf("Walk of a file tells %v, %v", files, gaps)
	}
	blob, err := src.Open(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	if got, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size())); string(got) != "a,b" || err != nil {
		t.Errorf("content = %q, %v", got, err)
	}
}

func TestLocalTargetErrors(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nothing")
	_, err := source.Open(t.Context(), missing, source.Options{})
	var target *source.TargetError
	if !errors.As(err, &target) || !errors.Is(err, fs.ErrNotExist) || target.Target != missing || target.Remedy.Empty() {
		t.Errorf("Open of a missing folder: %#v", err)
	}
}

func TestLocalFolderThatVanishesBeforeWalk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "soon gone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	src := open(t, dir, source.Options{})
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	err := src.Walk(t.Context(), func(e scan.Entry, err error) error {
		t.Errorf("visit(%+v, %v)", e, err)
		return nil
	})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Walk: %v, want fs.ErrNotExist", err)
	}
}

func TestLocalReadLeavesAccessTime(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can read without moving the access time")
	}
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	before := accessTime(t, path)
	src := open(t, filepath.Dir(path), source.Options{})
	blob, err := src.Open(t.Context(), scan.Entry{Path: "a.txt"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blob.ReadAt(make([]byte, 3), 0); err != nil {
		t.Fatal(err)
	}
	if err := blob.Close(); err != nil {
		t.Fatal(err)
	}
	if after := accessTime(t, path); after != before {
		t.Errorf("access time moved from %v to %v", before, after)
	}
}

// A target that is a file can have its volumes read, which lie beside it.
func TestFileTargetOpensSiblings(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.7z.001": "first", "a.7z.002": "second"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	src := open(t, filepath.Join(dir, "a.7z.001"), source.Options{})
	for name, want := range map[string]int64{"a.7z.001": 5, "a.7z.002": 6} {
		blob, err := src.Open(t.Context(), scan.Entry{Path: name})
		if err != nil {
			t.Fatal(err)
		}
		if blob.Size() != want {
			t.Errorf("%s has %d bytes, want %d", name, blob.Size(), want)
		}
		if err := blob.Close(); err != nil {
			t.Error(err)
		}
	}
}
