package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// mounted mounts something on a place until the test is over; false without the right
// to, as in many containers. make chaos insists.
func mounted(t *testing.T, source, place, kind string, flags uintptr, data string) bool {
	t.Helper()
	err := syscall.Mount(source, place, kind, flags, data)
	if (errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES)) && os.Getenv("KAGIBAN_CHAOS") == "" {
		t.Logf("nothing may be mounted, so nothing is shown: %v", err)
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(place, syscall.MNT_DETACH) })
	return true
}

// TestChaosRoom scans and reports with too little room for the state, for what is
// unpacked and for the reports, and then with enough: what could not be done is said,
// nothing passes for clean that is not, and afterwards all is as if there had been
// room from the start.
func TestChaosRoom(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share")
	if _, err := sample.Write(dir, 3); err != nil {
		t.Fatal(err)
	}
	clean := t.TempDir()
	if _, stderr, code := program(t, clean, "scan", dir, "--format", "console", "--out", "-"); code != exitFound {
		t.Fatalf("the scan ended with %d:\n%s", code, stderr)
	}
	want := reported(t, clean)
	for _, c := range []struct {
		place, little string
		ends          int  // the exit code with little room; -1: of any kind
		says          bool // with a word on what to do
	}{
		{"state", "size=192k", exitFatal, true},
		{"state", "size=300k", exitFatal, true},
		{"temp", "size=16k", -1, false},
		{"out", "size=24k", exitFatal, true},
	} {
		t.Run(c.place+" "+c.little, func(t *testing.T) {
			small, in, out := t.TempDir(), t.TempDir(), t.TempDir()
			if !mounted(t, "none", small, "tmpfs", 0, c.little) {
				return
			}
			switch c.place {
			case "state":
				in = small
			case "out":
				out = small
			default:
				t.Setenv("TMPDIR", small)
			}
			scan := func() (string, int) {
				_, stderr, code := program(t, in, "scan", dir, "--format", "html,csv", "--out", out)
				return stderr, code
			}
			stderr, code := scan()
			if c.ends >= 0 && code != c.ends || c.says && !strings.Contains(stderr, "room") && !strings.Contains(stderr, "space") {
				t.Errorf("with little room the scan ended with %d, want %d:\n%s", code, c.ends, stderr)
			}
			if c.place == "temp" {
				notCleaner(t, want, reported(t, in))
			}
			if err := syscall.Mount("none", small, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
				t.Fatal(err)
			}
			if stderr, code := scan(); code != exitFound {
				t.Errorf("with room the scan ended with %d:\n%s", code, stderr)
			}
			if diff := cmp.Diff(want, reported(t, in)); diff != "" {
				t.Errorf("(-always room +room at last):\n%s", diff)
			}
			if stdout, stderr, code := program(t, in, "state", "check"); code != exitDone {
				t.Errorf("state check: %d\n%s%s", code, stdout, stderr)
			}
			pieces, _ := filepath.Glob(filepath.Join(out, ".*"))
			if len(pieces) > 0 {
				t.Errorf("pieces of reports are left: %v", pieces)
			}
		})
	}
}

// notCleaner compares statuses: what was not clean may be anything but clean.
func notCleaner(t *testing.T, want, got map[string]string) {
	t.Helper()
	for path, line := range want {
		if clean := `"status":"clean"`; !strings.Contains(line, clean) && strings.Contains(got[path], clean) {
			t.Errorf("%s is clean now", path)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

// TestChaosStateIO has a state whose reads and writes fail, as on a disk that is going:
// the scan says so and ends, and goes on when the disk is whole.
func TestChaosStateIO(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share")
	if _, err := sample.Write(dir, 3); err != nil {
		t.Fatal(err)
	}
	in := t.TempDir()
	scan := func() (string, int) {
		_, stderr, code := program(t, in, "scan", dir, "--format", "console", "--out", "-")
		return stderr, code
	}
	if stderr, code := scan(); code != exitFound {
		t.Fatalf("the scan ended with %d:\n%s", code, stderr)
	}
	want := reported(t, in)
	t.Run("EIO", func(t *testing.T) { // the memory of a process at 0 can be neither read nor written
		if !mounted(t, "/proc/self/mem", filepath.Join(in, "state.db"), "", syscall.MS_BIND, "") {
			return
		}
		if stderr, code := scan(); code != exitFatal || strings.Contains(stderr, "panic") || !strings.Contains(stderr, "state") {
			t.Errorf("without a state that can be read the scan ended with %d:\n%s", code, stderr)
		}
		if _, stderr, code := program(t, in, "report", "--format", "jsonl", "--out", "-"); code != exitFatal {
			t.Errorf("the report ended with %d:\n%s", code, stderr)
		}
	})
	if stderr, code := scan(); code != exitFound {
		t.Errorf("afterwards the scan ended with %d:\n%s", code, stderr)
	}
	if diff := cmp.Diff(want, reported(t, in)); diff != "" {
		t.Errorf("(-before +afterwards):\n%s", diff)
	}
}
