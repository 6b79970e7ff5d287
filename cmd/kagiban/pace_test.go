package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for _, tt := range []struct{ window, now, want string }{
		{"22:00-06:00", "2026-04-01 21:59", "closed"},
		{"22:00-06:00", "2026-04-01 22:00", "2026-04-02 06:00"},
		{"22:00-06:00", "2026-04-02 05:59", "2026-04-02 06:00"},
		{"22:00-06:00", "2026-04-02 06:00", "closed"},
		{"22:00-06:00", "2026-12-31 23:00", "2027-01-01 06:00"},
		{"12:00 - 13:30", "2026-04-01 13:29", "2026-04-01 13:30"},
		{"12:00-13:30", "2026-04-01 11:00", "closed"},
		{"00:00-23:59", "2026-04-01 00:00", "2026-04-01 23:59"},
	} {
		w, err := parseWindow(tt.window)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.ParseInLocation("2006-01-02 15:04", tt.now, tokyo)
		if err != nil {
			t.Fatal(err)
		}
		got := "closed"
		if end := w.closes(now); !end.Equal(now) {
			got = end.Format("2006-01-02 15:04")
		}
		if got != tt.want {
			t.Errorf("%s at %s closes at %s, want %s", tt.window, tt.now, got, tt.want)
		}
	}
	for _, bad := range []string{"22-6", "22:00", "25:00-06:00", "22:00-22:00", "-"} {
		if _, err := parseWindow(bad); err == nil {
			t.Errorf("%q is taken for a window", bad)
		}
	}
}

// Outside its window nothing of a target is opened; the run says so and counts
// as incomplete.
func TestScanOutsideItsWindow(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "share/a.txt", "text")
	far := time.Now().Add(12 * time.Hour)
	closed := fmt.Sprintf("%s-%s", far.Format("15:04"), far.Add(time.Minute).Format("15:04"))
	_, stderr, code := program(t, dir, "scan", filepath.Join(dir, "share"), "--window", closed, "--out", filepath.Join(dir, "out"))
	if code != exitIncomplete || !strings.Contains(stderr, "time is up") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	t.Chdir(t.TempDir()) // where the reports would go
	for _, wrong := range [][]string{{"--window", "later"}, {"--max-busy", "101"}, {"--max-files", "-1"}, {"--max-rate", "fast"}} {
		if _, stderr, code := program(t, dir, append([]string{"scan", dir}, wrong...)...); code != exitUsage {
			t.Errorf("%v: exit code %d: %s", wrong, code, stderr)
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("a command that was wrong left %v behind, %v", left, err)
	}
}
