package source_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// Streams of folders are met by the walk: of the target itself, of one below it and of
// one in which there is no file. They are examined, kept while nothing changes, read
// again when they change at the same size, and gone when they were removed.
func TestSMBRunStreamsOfFolders(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir, Writers: true, Lines: []string{"vfs objects = streams_xattr"}}}})
	other := colleague(t, s, "data")
	write(t, filepath.Join(dir, "harmless.txt"), "text", 0o666)
	for _, name := range []string{"部", "部/empty"} {
		if err := other.Mkdir(name, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	addStream(t, other, "部:名簿.csv", streamedList)
	addStream(t, other, "部/empty:x", streamedList)
	addStream(t, other, "部/empty:note", "text")
	if err := unix.Setxattr(dir, "user.DosStream.top:$DATA", []byte(streamedList+"\x00"), 0); err != nil {
		t.Fatal(err)
	}
	d := newDrill(t, s, options(t, s))
	d.others = 1
	found := judged{Status: scan.StatusViolation, Records: 2, Persons: 2}
	clean := judged{Status: scan.StatusClean}
	d.finds("unasked", map[string]judged{"harmless.txt": clean})
	d.streams, d.opts.Streams = true, true
	all := map[string]judged{"harmless.txt": clean, ":top": found, "部:名簿.csv": found, "部/empty:x": found, "部/empty:note": clean}
	d.finds("asked", all)
	d.finds("asked, unchanged", all)
	if err := other.Remove("部/empty:x"); err != nil {
		t.Fatal(err)
	}
	addStream(t, other, "部/empty:x", strings.Repeat("-", len(streamedList)))
	if err := other.Remove("部:名簿.csv"); err != nil {
		t.Fatal(err)
	}
	all["部/empty:x"] = clean
	delete(all, "部:名簿.csv")
	d.finds("changed and removed", all)
	if n := d.gone(); n != 1 {
		t.Errorf("%d are gone, want the stream", n)
	}
	// What lies on the disk of the server is found there, too.
	src := open(t, dir, source.Options{Streams: true})
	met := map[string]bool{}
	if err := src.Walk(t.Context(), func(e scan.Entry, err error) error { met[e.Path] = true; return err }); err != nil {
		t.Fatal(err)
	}
	if !met["部/empty:user.DosStream.x:$DATA"] || !met["部/empty:user.DosStream.note:$DATA"] {
		t.Errorf("on the disk of the server %v", met)
	}
}
