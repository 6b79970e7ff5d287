package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/sample"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/kagiban/kagiban/scan/state"
)

const (
	kills     = 20
	killFiles = 5000
	// killShare is the part of what there is to read that a killed run gets at
	// most beyond the walk; most of the bytes are those of a few large files.
	killShare = 0.01
)

// TestKilledRunsGoOn kills a scan of a share at twenty random points, as little
// of it left standing as SIGKILL leaves, and lets a last one finish. What one
// clean run finds is found; what a killed run had recorded is not examined
// again; and the state is sound after each. The points are counts of bytes that
// the server has sent, so that the pace of the machine does not matter.
func TestKilledRunsGoOn(t *testing.T) {
	samba.Require(t)
	dir := filepath.Join(t.TempDir(), "share")
	if _, err := sample.Write(dir, 3); err != nil {
		t.Fatal(err)
	}
	for i := range killFiles {
		put(t, dir, fmt.Sprintf("多数/%d/%04d.csv", i%50, i), fmt.Sprintf("整理番号,件名\n%d,第%d号の起案\n", i, i))
	}
	server := samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "共有", Dir: dir}}})
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("KAGIBAN_PASSWORD", server.Password)
	killed, clean := t.TempDir(), t.TempDir()
	line := newMeter(t, server.Address())
	target := "smb://" + server.User + "@" + line.address + "/共有"
	finish := func(in string) (sent int64) {
		t.Helper()
		line.arm(0)
		if _, stderr, code := program(t, in, "scan", target, "--format", "console", "--out", "-"); code != exitFound {
			t.Fatalf("the scan ended with %d, want %d:\n%s", code, exitFound, stderr)
		}
		_, sent = line.arm(0)
		return sent
	}
	all := finish(clean)
	walk := finish(clean) // nothing has changed

	recorded := map[string]time.Time{} // first time that a state told of a file
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	for i := range kills {
		most := float64(walk) + float64(all-walk)*killShare
		if i%4 == 0 {
			most = float64(walk) / 4 // before much is saved
		}
		at := 1 + int64(rnd.Float64()*most)
		killScan(t, killed, target, line, at)
		n := compareRecorded(t, filepath.Join(killed, "state.db"), recorded)
		t.Logf("kill %d, after %d of %d bytes: %d files recorded", i+1, at, all, n)
	}
	if n := len(recorded); n < 100 || n >= killFiles {
		t.Errorf("%d of some %d files were recorded by the killed runs: the test says little", n, killFiles)
	}
	finish(killed)
	compareRecorded(t, filepath.Join(killed, "state.db"), recorded)
	want, got := reported(t, clean), reported(t, killed)
	if diff := cmp.Diff(want, got); diff != "" || len(want) < killFiles {
		t.Errorf("%d files; results (-one clean run +killed and gone on):\n%s", len(want), diff)
	}
	if stdout, stderr, code := program(t, killed, "state", "check"); code != exitDone {
		t.Errorf("state check: %d\n%s%s", code, stdout, stderr)
	}
}

// killScan runs a scan in a process of its own and kills it when the server has
// sent so many bytes.
func killScan(t *testing.T, in, target string, line *meter, bytes int64) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	cmd := &exec.Cmd{Path: self, Stdout: &out, Stderr: &out, Args: []string{"kagiban", "scan", target, "--format", "console", "--out", "-",
		"--state", filepath.Join(in, "state.db"), "--key-file", filepath.Join(in, "hash.key")}}
	reached, _ := line.arm(bytes)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-reached:
		_ = cmd.Process.Kill()
		<-ended
	case err := <-ended:
		t.Fatalf("the scan ended by itself (%v) before it was killed:\n%s", err, out.String())
	}
	line.arm(0)
}

// compareRecorded adds to recorded what a state holds, and fails if a file
// that was recorded before has been examined since.
func compareRecorded(t *testing.T, path string, recorded map[string]time.Time) int {
	t.Helper()
	db, err := state.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	n := 0
	for r, err := range db.Results(t.Context(), scan.Present) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		before, known := recorded[r.Entry.Path]
		if known && !before.Equal(r.Scanned) && !strings.Contains(r.Revision, "again") {
			t.Errorf("%q was recorded at %v and examined again at %v", r.Entry.Path, before, r.Scanned)
		}
		recorded[r.Entry.Path] = r.Scanned
	}
	if n < len(recorded) {
		t.Errorf("the state holds %d files and held %d before", n, len(recorded))
	}
	return n
}

// withoutLife leaves out of jsonl what says when and in how many runs things were
// found.
func withoutLife(text string) string {
	life := regexp.MustCompile(`,"finding":\{[^{}]*(\{[^{}]*\})?[^{}]*\}|,"advice":"(?:[^"\\]|\\.)*"`)
	return life.ReplaceAllString(text, "")
}

// reported are the lines of a report, by path, without what says when and in how
// many runs things were found.
func reported(t *testing.T, in string) map[string]string {
	t.Helper()
	stdout, stderr, code := program(t, in, "report", "--format", "jsonl", "--out", "-")
	if code == exitUsage || code == exitFatal {
		t.Fatalf("report: %d\n%s", code, stderr)
	}
	lines := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(stdout), "\n") {
		var r struct{ Path string }
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		lines[r.Path] = withoutLife(line)
	}
	return lines
}

// TestSuspectsHaveTheirResult gives files that were under examination when a
// run died the results that they have in a run where nothing died, though each
// is examined in a process of its own.
func TestSuspectsHaveTheirResult(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share")
	if _, err := sample.Write(dir, 3); err != nil {
		t.Fatal(err)
	}
	killed, clean := t.TempDir(), t.TempDir()
	for _, in := range []string{clean, killed} {
		if in == killed {
			leaveSuspects(t, in, dir)
		}
		if _, stderr, code := program(t, in, "scan", dir, "--format", "console", "--out", "-"); code != exitFound {
			t.Fatalf("the scan ended with %d, want %d:\n%s", code, exitFound, stderr)
		}
	}
	want, got := reported(t, clean), reported(t, killed)
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 100 {
		t.Errorf("%d files; results (-clean run +suspects):\n%s", len(want), diff)
	}
}

// leaveSuspects makes the state of a run that died over every fourth file.
func leaveSuspects(t *testing.T, in, dir string) {
	t.Helper()
	db, err := state.Open(t.Context(), filepath.Join(in, "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // the run does not end
	run, err := db.Begin(t.Context(), scan.Start{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	src, err := source.Open(t.Context(), dir, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	n := 0
	err = src.Walk(t.Context(), func(e scan.Entry, err error) error {
		if n++; err != nil || n%4 != 0 {
			return nil
		}
		e.Target = dir
		_, err = run.(scan.Journal).Enter(e, false)
		return err
	})
	if err != nil || n < 100 {
		t.Fatalf("%d files: %v", n, err)
	}
}
