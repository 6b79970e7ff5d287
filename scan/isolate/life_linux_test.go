package isolate_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// running reports whether a process is there and no zombie.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

// gone waits until a process has ended; the bound is for a failing test only.
func gone(pid int) bool {
	for range 3000 {
		if !running(pid) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// A worker that loops ends with its parent, also when that is killed.
func TestWorkerEndsWithParent(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), parentVariable+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var worker int
	if _, err := fmt.Fscan(out, &worker); err != nil || !running(worker) {
		t.Fatalf("worker %d: %v", worker, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if !gone(worker) {
		_ = syscall.Kill(worker, syscall.SIGKILL)
		t.Error("the worker goes on without its parent")
	}
}

// A worker that gets a signal to end obeys, and the file says so.
func TestWorkerObeysTerm(t *testing.T) {
	r := &recorder{files: []string{"loop\n"}}
	r.row = func(pid string) {
		if n, err := strconv.Atoi(pid); err == nil {
			_ = syscall.Kill(n, syscall.SIGTERM)
		}
	}
	examine(t, newPool(t), scan.DefaultLimits(), r)
	if p := r.results["loop"].Items[0].Problems; len(p) != 1 || p[0].Kind != scan.KindCrashed {
		t.Errorf("problems %v", p)
	}
}

// A decoder that gets nowhere is given up long before the time of its file.
func TestWorkerStalls(t *testing.T) {
	limits := scan.DefaultLimits()
	// So large a file has half an hour; what is in it does not matter.
	r := &recorder{files: []string{"loop\n" + strings.Repeat("x", 64<<20), "inner\nnext"}}
	examine(t, newPool(t), limits, r)
	p := r.results["loop"].Items[0].Problems
	if len(p) != 1 || p[0] != (scan.Problem{Kind: scan.KindLimit, Detail: `limit "progress" reached`}) {
		t.Errorf("problems %v", p)
	}
	if p := r.results["inner"].Items[0].Problems; len(p) > 0 {
		t.Errorf("next file: %v", p)
	}
}
