// Package scantest holds the acceptance kits that every source, format and
// store must pass, and what their tests share.
package scantest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
)

// A SourceTree is what a source under test must tell and deliver.
type SourceTree struct {
	Dir    string            // where its files were written
	Files  map[string][]byte // by Entry.Path
	Denied []string          // paths of files whose Open must fail with fs.ErrPermission
	Closed []string          // paths of folders that Walk must tell with fs.ErrPermission
	Gaps   []string          // paths that Walk must tell with another error, as links
	// Roomy says that the file system keeps names that only unix allows.
	Roomy bool
}

// treeTime is the modification time of each file of a tree: one that no file
// system rounds.
func treeTime(i int) time.Time {
	return time.Date(1995+i, 3, 4, 5, 6, 8, 900_000_000, time.UTC)
}

// NewSourceTree writes a tree of odd names and sizes below dir. Content is
// random by a fixed seed.
func NewSourceTree(t testing.TB, dir string) *SourceTree {
	t.Helper()
	tree := &SourceTree{Dir: dir, Files: map[string][]byte{}, Roomy: runtime.GOOS == "linux"}
	rnd := rand.New(rand.NewChaCha8([32]byte{4, 2}))
	add := func(name string, size int) {
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(rnd.Uint32())
		}
		tree.Files[name] = data
	}
	for _, name := range []string{
		"a.xlsx", "総務/年金/名簿 一覧(令和八年).xlsx", "総務/ﾒｲﾎﾞ.csv", "総務/か\u3099nfd.txt", "総務/全角　空白.zip", "総務/表①㈱髙﨑𠮷野家.xls",
		"絵/😀.xlsx", ".dotfile", "~$owner.xlsx", "100%/%41.txt", "#1/a;b,c=d&e'f.txt", "総務.d/zzz",
		"長い/" + strings.Repeat("名", 83) + ".xlsx", strings.Repeat("d/", 40) + "deep.txt",
	} {
		add(name, 100)
	}
	if tree.Roomy {
		add("NFC/が.txt", 10)
		add("NFC/か\u3099.txt", 11)
		add("末尾空白 .d/b", 12)
	}
	for _, size := range []int{0, 1, 4095, 64 << 10, 64<<10 + 1, 1 << 20, 1<<20 + 1, 3<<20 + 12345} {
		add(fmt.Sprintf("sizes/%d.bin", size), size)
	}
	for i, name := range tree.paths() {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, tree.Files[name], 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, treeTime(i), treeTime(i)); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

func (tree *SourceTree) paths() []string {
	paths := make([]string, 0, len(tree.Files))
	for path := range tree.Files {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// Source is the acceptance kit: open gives a source over the tree.
func Source(t *testing.T, tree *SourceTree, open func(t *testing.T) scan.Source) {
	t.Run("walk tells the tree", func(t *testing.T) { sourceWalk(t, tree, open(t)) })
	t.Run("list tells the tree", func(t *testing.T) { sourceList(t, open(t)) })
	t.Run("content", func(t *testing.T) { sourceContent(t, tree, open(t)) })
	t.Run("ReadAt at the edges", func(t *testing.T) { sourceEdges(t, tree, open(t)) })
	t.Run("ReadAt from many goroutines", func(t *testing.T) { sourceConcurrent(t, tree, open(t)) })
	t.Run("open while walking", func(t *testing.T) { sourceOpenInWalk(t, tree, open(t)) })
	t.Run("cancel ends walk", func(t *testing.T) { sourceCancel(t, open(t)) })
	t.Run("visit ends walk", func(t *testing.T) { sourceVisitError(t, tree, open(t)) })
	t.Run("denied", func(t *testing.T) { sourceDenied(t, tree, open(t)) })
	t.Run("vanished", func(t *testing.T) { sourceVanished(t, tree, open(t)) })
	t.Run("owner", func(t *testing.T) { sourceOwner(t, tree, open(t)) })
}

type listed struct {
	Size    int64
	ModTime time.Time
}

// WalkAll collects what a source tells: files and gaps, by path. A path that
// is told twice fails the test.
func WalkAll(t testing.TB, src scan.Source) (files map[string]scan.Entry, gaps map[string]error) {
	t.Helper()
	files, gaps = map[string]scan.Entry{}, map[string]error{}
	err := src.Walk(t.Context(), func(e scan.Entry, err error) error {
		_, twice := files[e.Path]
		if twice || gaps[e.Path] != nil {
			t.Errorf("Walk tells %q twice", e.Path)
		}
		if err != nil {
			gaps[e.Path] = err
		} else {
			files[e.Path] = e
		}
		return nil
	})
	if err != nil {
		t.Fatalf("Walk: %v", err)
	}
	return files, gaps
}

func sourceWalk(t *testing.T, tree *SourceTree, src scan.Source) {
	files, gaps := WalkAll(t, src)
	want, got := map[string]listed{}, map[string]listed{}
	for i, path := range tree.paths() {
		want[path] = listed{int64(len(tree.Files[path])), treeTime(i)}
	}
	for path, e := range files {
		if e.Folder || e.Target == "" {
			t.Errorf("Walk tells file %q as %+v", path, e)
		}
		if !slices.Contains(tree.Denied, path) {
			got[path] = listed{e.Size, e.ModTime}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Walk (-want +got):\n%s", diff)
	}
	for _, path := range tree.Denied {
		if _, ok := files[path]; !ok {
			t.Errorf("Walk does not tell %q, which may be listed but not read", path)
		}
	}
	for _, path := range tree.Gaps {
		if gaps[path] == nil {
			t.Errorf("Walk does not tell the gap %q", path)
		}
	}
	if len(gaps) != len(tree.Gaps)+len(tree.Closed) {
		t.Errorf("Walk tells the gaps %v, want %v and %v", gaps, tree.Gaps, tree.Closed)
	}
	again, _ := WalkAll(t, src)
	if diff := cmp.Diff(files, again); diff != "" {
		t.Errorf("a second Walk differs (-first +second):\n%s", diff)
	}
}

func openPath(t *testing.T, src scan.Source, path string) scan.Blob {
	t.Helper()
	blob, err := src.Open(t.Context(), scan.Entry{Path: path})
	if err != nil {
		t.Fatalf("Open(%q): %v", path, err)
	}
	return blob
}

func sourceContent(t *testing.T, tree *SourceTree, src scan.Source) {
	for _, path := range tree.paths() {
		blob := openPath(t, src, path)
		if blob.Size() != int64(len(tree.Files[path])) {
			t.Errorf("Size of %q = %d, want %d", path, blob.Size(), len(tree.Files[path]))
		}
		got, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
		if err != nil || !bytes.Equal(got, tree.Files[path]) {
			t.Errorf("content of %q: %d bytes, %v; want %d", path, len(got), err, len(tree.Files[path]))
		}
		if err := blob.Close(); err != nil {
			t.Errorf("Close of %q: %v", path, err)
		}
	}
}

// sourceEdges checks the contract of io.ReaderAt, which the SMB library by
// itself does not keep at the end of a file.
func sourceEdges(t *testing.T, tree *SourceTree, src scan.Source) {
	for _, path := range []string{"sizes/0.bin", "sizes/1.bin", "sizes/65537.bin", "sizes/1048577.bin"} {
		data := tree.Files[path]
		size := len(data)
		blob := openPath(t, src, path)
		for _, at := range []struct{ off, n int }{
			{0, 0}, {0, 1}, {0, size}, {0, size + 1}, {size, 0}, {size, 1}, {size + 1, 1}, {size + 1<<20, 5},
			{max(size-1, 0), 1}, {max(size-1, 0), 2}, {size / 2, size}, {0, size + 2<<20},
		} {
			p := make([]byte, at.n)
			n, err := blob.ReadAt(p, int64(at.off))
			want, wantErr := bytes.NewReader(data).ReadAt(make([]byte, at.n), int64(at.off))
			if at.n == 0 {
				wantErr = err // either is allowed: nothing was asked for
			}
			if n == at.n && err == io.EOF {
				err = wantErr // allowed by io.ReaderAt when all was read
			}
			if n != want || !errors.Is(err, wantErr) || n > 0 && !bytes.Equal(p[:n], data[at.off:at.off+n]) {
				t.Errorf("ReadAt of %q, %d bytes at %d = %d, %v; want %d, %v", path, at.n, at.off, n, err, want, wantErr)
			}
		}
		if n, err := blob.ReadAt(make([]byte, 1), -1); n != 0 || err == nil || err == io.EOF {
			t.Errorf("ReadAt of %q at -1 = %d, %v; want an error", path, n, err)
		}
		if err := blob.Close(); err != nil {
			t.Errorf("Close of %q: %v", path, err)
		}
	}
}

func sourceConcurrent(t *testing.T, tree *SourceTree, src scan.Source) {
	const path = "sizes/3158073.bin"
	data := tree.Files[path]
	blob := openPath(t, src, path)
	defer blob.Close()
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(g), 1))
			for range 12 {
				off := rnd.IntN(len(data))
				p := make([]byte, min(1+rnd.IntN(1<<20), len(data)-off))
				if n, err := blob.ReadAt(p, int64(off)); n != len(p) || err != nil && err != io.EOF || !bytes.Equal(p, data[off:off+n]) {
					t.Errorf("ReadAt %d bytes at %d = %d, %v", len(p), off, n, err)
				}
			}
		})
	}
	wg.Wait()
}

func sourceOpenInWalk(t *testing.T, tree *SourceTree, src scan.Source) {
	var wg sync.WaitGroup
	gate := make(chan struct{}, 8)
	err := src.Walk(t.Context(), func(e scan.Entry, err error) error {
		data, known := tree.Files[e.Path]
		if err != nil || !known {
			return nil
		}
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			blob, err := src.Open(t.Context(), e)
			if err != nil {
				t.Errorf("Open(%q): %v", e.Path, err)
				return
			}
			got, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("content of %q: %d bytes, %v", e.Path, len(got), err)
			}
			if err := blob.Close(); err != nil {
				t.Errorf("Close of %q: %v", e.Path, err)
			}
		})
		return nil
	})
	wg.Wait()
	if err != nil {
		t.Errorf("Walk: %v", err)
	}
}

func sourceCancel(t *testing.T, src scan.Source) {
	stop := errors.New("the person has had enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	calls := 0
	begin := time.Now()
	err := src.Walk(ctx, func(scan.Entry, error) error {
		calls++
		cancel(stop)
		return nil
	})
	if !errors.Is(err, context.Canceled) && !errors.Is(err, stop) {
		t.Errorf("Walk after cancel: %v", err)
	}
	if calls != 1 {
		t.Errorf("visit was called %d times after cancel, want none", calls-1)
	}
	if _, err := src.Open(ctx, scan.Entry{Path: "a.xlsx"}); !errors.Is(err, context.Canceled) && !errors.Is(err, stop) {
		t.Errorf("Open after cancel: %v", err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("cancel took %v", took)
	}
}

func sourceVisitError(t *testing.T, tree *SourceTree, src scan.Source) {
	// An error that looks like the source's own must come back untouched too.
	want := &fs.PathError{Op: "open", Path: tree.Dir, Err: fs.ErrPermission}
	calls := 0
	err := src.Walk(t.Context(), func(scan.Entry, error) error {
		calls++
		return want
	})
	if err != error(want) || calls != 1 {
		t.Errorf("Walk = %v after %d calls, want the error of visit after 1", err, calls)
	}
}

func sourceDenied(t *testing.T, tree *SourceTree, src scan.Source) {
	_, gaps := WalkAll(t, src)
	for _, path := range tree.Closed {
		if !errors.Is(gaps[path], fs.ErrPermission) {
			t.Errorf("Walk tells folder %q with %v, want fs.ErrPermission", path, gaps[path])
		}
	}
	for _, path := range tree.Denied {
		if _, err := src.Open(t.Context(), scan.Entry{Path: path}); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("Open(%q): %v, want fs.ErrPermission", path, err)
		}
	}
}

func sourceVanished(t *testing.T, tree *SourceTree, src scan.Source) {
	path := filepath.Join(tree.Dir, "vanishing.txt")
	if err := os.WriteFile(path, []byte("soon gone"), 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(path)
	files, _ := WalkAll(t, src)
	e, ok := files["vanishing.txt"]
	if !ok {
		t.Fatal("Walk does not tell a new file")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{e.Path, "no such folder/a.txt"} {
		e.Path = path
		if _, err := src.Open(t.Context(), e); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): %v, want fs.ErrNotExist", path, err)
		}
	}
}

func sourceOwner(t *testing.T, tree *SourceTree, src scan.Source) {
	owned, ok := src.(scan.Owned)
	if !ok {
		t.Skip("this source knows no owners")
	}
	files, _ := WalkAll(t, src)
	owner, err := owned.Owner(t.Context(), files["総務/ﾒｲﾎﾞ.csv"])
	if err != nil || owner == "" {
		t.Errorf("Owner = %q, %v", owner, err)
	}
}
