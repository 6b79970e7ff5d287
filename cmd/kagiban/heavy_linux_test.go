package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// heavyMemory bounds each process of a scan, bytes.
const heavyMemory = 300 << 20

// TestHeavyFilesAmongGoodLists scans small files that were made to take
// gigabytes or minutes, among lists of people. The lists are found, the report
// is written, no heavy file passes for clean, and no process takes much memory.
func TestHeavyFilesAmongGoodLists(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	heavy, err := filepath.Glob("testdata/heavy/*")
	if err != nil || len(heavy) < 8 {
		t.Fatalf("%d heavy files, %v", len(heavy), err)
	}
	for _, path := range heavy {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		put(t, dir, filepath.Base(path), string(data))
	}
	for i := range 20 {
		var list strings.Builder
		list.WriteString("基礎年金番号,氏名\n")
		for n := range 30 {
			fmt.Fprintf(&list, "%04d-%06d,年金 %d子\n", 5100+i, 123400+n, n)
		}
		put(t, dir, fmt.Sprintf("名簿/%02d.csv", i), list.String())
	}
	var out, errOut bytes.Buffer
	cmd := exec.Command(buildProgram(t), "scan", dir, "--format", "jsonl", "--out", "-", "--progress", "none",
		"--state", filepath.Join(state, "state.db"), "--key-file", filepath.Join(state, "hash.key"))
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() < 0 {
		t.Fatalf("the scan: %v\n%s", err, errOut.String())
	}
	found := results(t, out.String())
	for path, r := range found {
		list := strings.HasPrefix(path, "名簿/")
		if list && (r.Status != string(scan.StatusViolation) || r.Records != 30) || !list && r.Status == string(scan.StatusClean) {
			t.Errorf("%s: %s with %d records", path, r.Status, r.Records)
		}
	}
	if len(found) != len(heavy)+20 {
		t.Errorf("%d files are reported, want %d", len(found), len(heavy)+20)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("no usage")
	}
	// It is the most of the scan and of the processes that it has waited for.
	t.Logf("the largest process took %d MiB", usage.Maxrss>>10)
	if usage.Maxrss<<10 > heavyMemory {
		t.Errorf("a process took %d MiB", usage.Maxrss>>10)
	}
}
