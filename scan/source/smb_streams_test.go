package source_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	hiro "github.com/hirochachacha/go-smb2"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// addStream writes an alternate data stream by another client.
func addStream(t *testing.T, other *hiro.Share, path, text string) {
	t.Helper()
	if err := other.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const streamedList = "基礎年金番号,氏名\n1467-890123,佐藤一郎\n1578-901234,鈴木花子\n"

// A list in an alternate data stream is found where streams are asked for, stays
// found while nothing changes, and is gone when it was removed. Files with
// findings are asked for theirs in any case.
func TestSMBRunStreams(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: dir, Writers: true, Lines: []string{"vfs objects = streams_xattr"}}}})
	other := colleague(t, s, "data")
	write(t, filepath.Join(dir, "harmless.txt"), "text", 0o666)
	write(t, filepath.Join(dir, "plain.txt"), "text", 0o666)
	write(t, filepath.Join(dir, "list.csv"), streamedList, 0o666)
	addStream(t, other, "harmless.txt:名簿.csv", streamedList)
	addStream(t, other, "plain.txt:Zone.Identifier", "[ZoneTransfer]\r\nZoneId=3\r\n")
	addStream(t, other, "list.csv:more", streamedList)
	d := newDrill(t, s, options(t, s))
	d.others = 1
	found := judged{Status: scan.StatusViolation, Records: 2, Persons: 2}
	clean := judged{Status: scan.StatusClean}
	unasked := map[string]judged{"harmless.txt": clean, "plain.txt": clean, "list.csv": found, "list.csv:more": found}
	d.finds("unasked", unasked)
	d.finds("unasked, unchanged", unasked)
	d.streams = true
	all := map[string]judged{
		"harmless.txt": clean, "harmless.txt:名簿.csv": found, "plain.txt": clean, "plain.txt:Zone.Identifier": clean, "list.csv": found, "list.csv:more": found,
	}
	d.finds("asked", all)
	d.finds("asked, unchanged", all)
	if n := d.gone(); n != 0 {
		t.Errorf("%d are said to be gone", n)
	}
	if err := other.Remove("harmless.txt:名簿.csv"); err != nil {
		t.Fatal(err)
	}
	delete(all, "harmless.txt:名簿.csv")
	d.finds("removed", all)
	if n := d.gone(); n != 1 {
		t.Errorf("%d are gone, want the stream", n)
	}
}

// A server without streams has none, and that is no trouble; nor do names of them
// come twice over several pages of questions.
func TestSMBStreamsOfAServerWithout(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	write(t, filepath.Join(shareDir(t, s, "data"), "a.txt"), "text", 0o644)
	src := open(t, s.URL("data"), options(t, s))
	files, _ := scantest.WalkAll(t, src)
	list, err := src.(scan.Streamer).Streams(t.Context(), files["a.txt"])
	if err != nil || len(list) != 0 {
		t.Errorf("%v, %v; want none", list, err)
	}
}

// finds runs, and fails the test unless the share is judged so.
func (d *drill) finds(what string, want map[string]judged) {
	d.t.Helper()
	d.run(time.Minute)
	if diff := cmp.Diff(want, d.judged()); diff != "" {
		d.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
