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

	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/sample"
	"github.com/kagiban/kagiban/scan/state"
)

const (
	kills     = 20
	killFiles = 5000
	// killRate makes the runs slow enough that twenty parts of one do not
	// reach the end: files a second.
	killRate = 300
)

// TestKilledRunsGoOn kills a scan of a share at twenty random moments, as
// little of it left standing as SIGKILL leaves, and lets a last one finish.
// What one clean run finds is found; what a killed run had recorded is not
// examined again; and the state is sound after each.
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
	target := server.URL("共有")

	recorded := map[string]time.Time{} // first time that a state told of a file
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	for i := range kills {
		// One in four is killed before it has saved anything, the others a
		// moment after they have marked what is unchanged and saved some more.
		writes, after := 2+len(recorded)/128+rnd.IntN(3), time.Duration(rnd.Int64N(int64(400*time.Millisecond)))
		if i%4 == 0 {
			writes = 0
		}
		killScan(t, killed, target, writes, after)
		n := compareRecorded(t, filepath.Join(killed, "state.db"), recorded)
		t.Logf("kill %d, %v after write %d: %d files recorded", i+1, after, writes, n)
	}
	if n := len(recorded); n < 100 || n >= killFiles {
		t.Errorf("%d of some %d files were recorded by the killed runs: the test says little", n, killFiles)
	}
	for _, in := range []string{killed, clean} {
		if _, stderr, code := program(t, in, "scan", target, "--format", "console", "--out", "-"); code != exitIncomplete {
			t.Fatalf("the last scan ended with %d, want %d (the sample holds files that cannot be read):\n%s", code, exitIncomplete, stderr)
		}
	}
	compareRecorded(t, filepath.Join(killed, "state.db"), recorded)
	want, got := reported(t, clean), reported(t, killed)
	if diff := cmp.Diff(want, got); diff != "" || len(want) < killFiles {
		t.Errorf("%d files; results (-one clean run +killed and gone on):\n%s", len(want), diff)
	}
	if stdout, stderr, code := program(t, killed, "state", "check"); code != exitDone {
		t.Errorf("state check: %d\n%s%s", code, stdout, stderr)
	}
}

// killScan runs a scan in a process of its own and kills it some time after it
// has written so many times to its state; the first write tells of the run.
func killScan(t *testing.T, in, target string, writes int, after time.Duration) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(in, "state.db")
	var out strings.Builder
	cmd := &exec.Cmd{Path: self, Stdout: &out, Stderr: &out, Args: []string{"kagiban", "scan", target, "--format", "console", "--out", "-",
		"--state", path, "--key-file", filepath.Join(in, "hash.key"), "--max-files", fmt.Sprint(killRate)}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := written(path)
	for deadline := time.Now().Add(time.Minute); writes > 0 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if now := written(path); now != last {
			last = now
			writes--
		}
	}
	time.Sleep(after)
	_ = cmd.Process.Kill() // fails if it has ended, which the next line tells
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the scan ended by itself (%v) before it was killed:\n%s", err, out.String())
	}
}

// written is when a state was last written to.
func written(path string) (at time.Time) {
	if info, err := os.Stat(path + "-wal"); err == nil {
		at = info.ModTime()
	}
	return at
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
	for r, err := range db.Results(t.Context(), state.Present) {
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

// reported are the lines of a report, by path, without the moments at which
// things were found.
func reported(t *testing.T, in string) map[string]string {
	t.Helper()
	stdout, stderr, code := program(t, in, "report", "--format", "jsonl", "--out", "-")
	if code == exitUsage || code == exitFatal {
		t.Fatalf("report: %d\n%s", code, stderr)
	}
	moments := regexp.MustCompile(`"(first_seen|first_found|last_found|scanned)":"[^"]*",?`)
	lines := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(stdout), "\n") {
		var r struct{ Path string }
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		lines[r.Path] = moments.ReplaceAllString(line, "")
	}
	return lines
}
