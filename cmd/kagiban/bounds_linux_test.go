package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestBounds scans the fixtures of all formats and damaged copies of them, and says
// how much memory the largest process took and which files took longest.
// KAGIBAN_BOUNDS names further folders, separated by colons, KAGIBAN_MUTATIONS the
// damaged copies of each file (make bounds).
func TestBounds(t *testing.T) {
	dirs := []string{"../../testdata/formats", "testdata/heavy"}
	copies := 1
	if more := os.Getenv("KAGIBAN_BOUNDS"); more != "" {
		dirs = append(dirs, filepath.SplitList(more)...)
	}
	if n, err := strconv.Atoi(os.Getenv("KAGIBAN_MUTATIONS")); err == nil {
		copies = n
	}
	share := t.TempDir()
	mutate := mutations(t, copies)
	files := 0
	for i, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			files++
			rel, err := filepath.Rel(dir, path)
			if err != nil {
				return err
			}
			return mutate(path, filepath.Join(share, fmt.Sprint(i), rel))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	state := t.TempDir()
	var errOut bytes.Buffer
	cmd := exec.Command(buildProgram(t), append([]string{"scan"}, append(dirs, share, "--progress", "none", "--slowest", "10", "--format", "jsonl", "--out", state, "--lang", "en",
		"--state", filepath.Join(state, "state.db"), "--key-file", filepath.Join(state, "hash.key"))...)...)
	cmd.Stderr = &errOut
	if err := cmd.Run(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() < 0 || cmd.ProcessState.ExitCode() == exitFatal {
		t.Fatalf("the scan: %v\n%s", err, errOut.String())
	}
	_, times, ok := strings.Cut(errOut.String(), "took longest")
	if n := strings.Count(times, "\n"); !ok || n != 11 {
		t.Errorf("the slowest files are %d lines:\n%s", n, errOut.String())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("no usage")
	}
	// It is the most of the scan and of the processes that it has waited for.
	t.Logf("%d files, %d damaged copies; the largest process took %d MiB; took longest%s", files, files*copies, usage.Maxrss>>10, times)
	if usage.Maxrss<<10 > heavyMemory {
		t.Errorf("a process took %d MiB", usage.Maxrss>>10)
	}
}

// mutations returns what writes damaged copies of a file, by a seed: bytes set
// anywhere and in the head, where lengths and counts are, a part left out, the end cut
// off.
func mutations(t *testing.T, copies int) func(from, to string) error {
	t.Helper()
	random := rand.New(rand.NewPCG(20261126, 1))
	return func(from, to string) error {
		if copies == 0 {
			return nil
		}
		data, err := os.ReadFile(from)
		if err != nil || len(data) == 0 {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		for n := range copies {
			b := bytes.Clone(data)
			switch n % 4 {
			case 0:
				for range 1 + random.IntN(8) {
					b[random.IntN(min(len(b), 2048))] = byte(random.Uint32())
				}
			case 1:
				for range 1 + random.IntN(8) {
					b[random.IntN(len(b))] ^= 1 << random.IntN(8)
				}
			case 2:
				b = b[:random.IntN(len(b))]
			case 3:
				at := random.IntN(len(b))
				b = append(b[:at], b[min(len(b), at+1+random.IntN(4096)):]...)
			}
			name := fmt.Sprintf("%s.%d%s", strings.TrimSuffix(to, filepath.Ext(to)), n, filepath.Ext(to))
			if err := os.WriteFile(name, b, 0o600); err != nil {
				return err
			}
		}
		return nil
	}
}
