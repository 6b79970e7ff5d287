//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shared is a folder that everybody may write to, as /tmp is.
func shared(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shared")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Links, and files of others, are refused for what is written in a folder that
// others may write to; what is ours is taken, and so is all in a folder of our own.
func TestPathsOfOthersAreRefused(t *testing.T) {
	share := t.TempDir()
	put(t, share, "a.txt", "text")
	scanIn := func(state, out string) (string, int) {
		_, stderr, code := program(t, state, "scan", share, "--progress", "none", "--format", "csv", "--out", out)
		return stderr, code
	}
	private := t.TempDir()
	for _, name := range []string{"state.db", "state.db-wal", "state.db.lock", "state.db.work"} {
		dir := shared(t)
		if err := os.Symlink(filepath.Join(private, "stolen"), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if stderr, code := scanIn(dir, filepath.Join(private, "out")); code != exitUsage || !strings.Contains(stderr, "is a link") {
			t.Errorf("%s: %d, %s", name, code, stderr)
		}
	}
	dir := shared(t)
	for name, to := range map[string]string{"hash.key": filepath.Join(private, "theirs"), "out": private} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if stderr, code := scanIn(dir, filepath.Join(private, "out")); code != exitUsage || !strings.Contains(stderr, "key file") {
		t.Errorf("key: %d, %s", code, stderr)
	}
	if stderr, code := scanIn(private, filepath.Join(dir, "out")); code != exitUsage || !strings.Contains(stderr, "output folder") {
		t.Errorf("reports: %d, %s", code, stderr)
	}
	if _, err := os.Lstat(filepath.Join(private, "stolen")); err == nil {
		t.Error("something was written through a link")
	}
	if err := os.Remove(filepath.Join(dir, "hash.key")); err != nil {
		t.Fatal(err)
	}
	if stderr, code := scanIn(dir, filepath.Join(dir, "reports")); code != exitDone {
		t.Errorf("of our own: %d, %s", code, stderr)
	}
	if stderr, code := scanIn(private, filepath.Join(private, "out")); code != exitDone {
		t.Fatalf("%d, %s", code, stderr)
	}
	if err := os.Rename(filepath.Join(private, "state.db"), filepath.Join(private, "real.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.db", filepath.Join(private, "state.db")); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := program(t, private, "report", "--format", "console", "--out", "-"); code != exitDone {
		t.Errorf("in a folder of our own: %d, %s", code, stderr)
	}
	if os.Geteuid() == 0 {
		foreign := shared(t)
		put(t, foreign, "state.db", "")
		if err := os.Chown(filepath.Join(foreign, "state.db"), 65534, 65534); err != nil {
			t.Fatal(err)
		}
		if stderr, code := scanIn(foreign, filepath.Join(private, "out")); code != exitUsage || !strings.Contains(stderr, "another user's") {
			t.Errorf("another user's: %d, %s", code, stderr)
		}
	}
}

func TestPasswordFileForOthersIsRefused(t *testing.T) {
	file := put(t, t.TempDir(), "password", "of-no-worth\n")
	if p, err := passwordIn(file); err != nil || p != "of-no-worth" {
		t.Errorf("%q, %v", p, err)
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := passwordIn(file); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("%v, want a refusal", err)
	}
}

// What a run that died has left of reports is removed by the next one; what
// another one writes now is not.
func TestPiecesAreCleared(t *testing.T) {
	dir := t.TempDir()
	ago := func(name string, age time.Duration) {
		p := put(t, dir, name, "piece")
		if err := os.Chtimes(p, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	const gone = "999999999" // above any process number
	ago(".kagiban-"+gone+"-1", 2*time.Minute)
	ago(".kagiban-1-2", 2*time.Hour)
	ago(".kagiban-12345", 2*time.Hour) // as earlier versions named them
	ago(".kagiban-1-3", 2*time.Minute)
	ago(".kagiban-"+gone+"-4", 0)
	ago("2026-04-01/.kagiban-"+gone+"-5", 2*time.Minute)
	ago("2026-04-01-2/.kagiban-"+gone+"-6", 2*time.Minute)
	ago("kagiban-report.csv", 100*time.Hour)
	if err := writable(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "kagiban-report.csv")); err != nil {
		t.Errorf("the report itself: %v", err)
	}
	hidden, _ := filepath.Glob(filepath.Join(dir, ".kagiban-*"))
	days, _ := filepath.Glob(filepath.Join(dir, "*", ".kagiban-*"))
	if hidden = append(hidden, days...); len(hidden) != 2 {
		t.Errorf("left: %v", hidden)
	}
}
