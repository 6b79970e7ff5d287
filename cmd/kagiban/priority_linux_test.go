package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestLowPriority looks at the threads of a scan that is under way.
func TestLowPriority(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"1.csv", "2.csv", "3.csv"} {
		put(t, dir, name, "整理番号,件名\n1,起案\n")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		flag string
		want int
	}{{"--low-priority=false", 0}, {"--low-priority", lowNice}} {
		state := t.TempDir()
		// At this pace it is still under way when it is looked at.
		cmd := &exec.Cmd{Path: self, Args: []string{"kagiban", "scan", dir, "--format", "console", "--out", "-", "--max-files", "0.01",
			"--state", filepath.Join(state, "state.db"), "--key-file", filepath.Join(state, "hash.key"), tt.flag}}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var got []string
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if _, err := os.Stat(filepath.Join(state, "state.db-wal")); err != nil {
				continue
			}
			got = niceOfThreads(t, cmd.Process.Pid)
			break
		}
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
		own, err := unix.Getpriority(unix.PRIO_PROCESS, 0) // the kernel gives 20 - nice
		if err != nil {
			t.Fatal(err)
		}
		want := max(20-own, tt.want)
		for _, nice := range got {
			if nice != strconv.Itoa(want) {
				t.Errorf("%s: a thread has nice %s, want %d", tt.flag, nice, want)
			}
		}
		if len(got) == 0 {
			t.Errorf("%s: no thread was seen", tt.flag)
		}
	}
}

// niceOfThreads reads field 19 of proc(5)'s stat.
func niceOfThreads(t *testing.T, pid int) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "task/*/stat"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		_, after, _ := strings.Cut(string(data), ") ")
		all = append(all, strings.Fields(after)[16])
	}
	return all
}
