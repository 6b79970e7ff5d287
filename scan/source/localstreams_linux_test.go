package source_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source"
)

// Streams of local files and folders are extended attributes, also those that Samba
// keeps for its clients; what is read is what is in them.
func TestLocalStreams(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share")
	set := func(path, name, text string) {
		t.Helper()
		if err := unix.Setxattr(path, name, []byte(text), 0); err != nil {
			t.Fatalf("%s %s: %v; this needs a file system with attributes of users", path, name, err)
		}
	}
	for _, name := range []string{"a.txt", "部/b:c.txt", "部/none.txt", "empty/x/y.txt"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), "text", 0o644)
	}
	set(filepath.Join(dir, "a.txt"), "user.DosStream.名簿.csv:$DATA", streamedList+"\x00")
	set(filepath.Join(dir, "a.txt"), "user.DOSATTRIB", "0x20\x00")
	set(filepath.Join(dir, "部/b:c.txt"), "user.a/b", streamedList)
	set(filepath.Join(dir, "部/b:c.txt"), "user.empty", "")
	set(filepath.Join(dir, "部"), "user.note", streamedList)
	set(filepath.Join(dir, "empty/x"), "user.DOSATTRIB", streamedList) // longer than Samba's
	set(dir, "user.root", streamedList)
	open := func(streams bool) (scan.Source, map[string]scan.Entry) {
		t.Helper()
		src, err := source.Open(t.Context(), dir, source.Options{Streams: streams})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { src.Close() })
		met := map[string]scan.Entry{}
		err = src.Walk(t.Context(), func(e scan.Entry, err error) error {
			met[e.Path] = e
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return src, met
	}
	src, met := open(true)
	got := map[string]string{}
	take := func(e scan.Entry) {
		t.Helper()
		b, err := src.Open(t.Context(), e)
		if err != nil {
			t.Errorf("%s: %v", e.Path, err)
			return
		}
		defer b.Close()
		text, err := io.ReadAll(io.NewSectionReader(b, 0, b.Size()))
		if err != nil || int64(len(text)) != e.Size || e.ModTime.IsZero() || e.ChangeTime.IsZero() {
			t.Errorf("%+v: %d bytes, %v", e, len(text), err)
		}
		got[e.Path] = string(text)
	}
	for _, e := range met {
		take(e)
		streams, err := src.(scan.Streamer).Streams(t.Context(), e)
		if err != nil {
			t.Errorf("%s: %v", e.Path, err)
		}
		for _, s := range streams {
			take(s)
		}
	}
	want := map[string]string{
		":user.root": streamedList, "a.txt": "text", "a.txt:user.DosStream.名簿.csv:$DATA": streamedList + "\x00", "部:user.note": streamedList,
		"部/b:c.txt": "text", "部/b:c.txt:user.a/b": streamedList, "部/b:c.txt:user.empty": "", "部/none.txt": "text",
		"empty/x/y.txt": "text", "empty/x:user.DOSATTRIB": streamedList,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, met := open(false); len(met) != 4 {
		t.Errorf("unasked, %d files were met, want those four: %v", len(met), met)
	}
	if _, err := src.Open(context.Background(), scan.Entry{Path: "a.txt:user.none"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a stream that is not there: %v", err)
	}
	// A file that is called like a stream must not be read in its place unseen.
	write(t, filepath.Join(dir, "部/b:c.txt:user.empty"), "text", 0o644)
	if _, err := src.(scan.Streamer).Streams(t.Context(), scan.Entry{Path: "部/b:c.txt"}); err == nil {
		t.Error("a stream and a file of one name are not told apart")
	}
}
