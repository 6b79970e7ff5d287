package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// A killing is how a scan is ended.
type killing struct {
	name string
	end  func(scan *os.Process)
}

// killings are the ways in which scans end. When workers are killed first, what
// was in them may not be saved as examined.
func killings() []killing {
	return []killing{
		{"SIGKILL", func(p *os.Process) { _ = p.Kill() }},
		{"SIGTERM", func(p *os.Process) { _ = p.Signal(syscall.SIGTERM) }},
		{"SIGTERM, workers first", func(p *os.Process) {
			for _, pid := range childrenOf(p.Pid) {
				_ = syscall.Kill(pid, syscall.SIGTERM)
			}
			time.Sleep(30 * time.Millisecond)
			_ = p.Signal(syscall.SIGTERM)
		}},
		{"SIGKILL of workers, then SIGTERM", func(p *os.Process) {
			for _, pid := range childrenOf(p.Pid) {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			time.Sleep(30 * time.Millisecond)
			_ = p.Signal(syscall.SIGTERM)
		}},
		{"SIGTERM, and SIGKILL at once", func(p *os.Process) { _, _ = p.Signal(syscall.SIGTERM), p.Kill() }},
	}
}

// childrenOf lists the processes that another one has started.
func childrenOf(pid int) (children []int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		for _, word := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(word); err == nil {
				children = append(children, n)
			}
		}
	}
	return children
}

// chaosKills is how many scans are ended; make chaos ends more.
func chaosKills() int {
	if n, err := strconv.Atoi(os.Getenv("KAGIBAN_CHAOS")); err == nil {
		return max(200, 10*n)
	}
	return 10
}

// killsEach is how many scans of one state are ended, one after the other. A file
// over which more died while it was examined alone is given up.
const killsEach = 3

// TestChaosKills ends scans at random points by a seed, a few to a state, and
// lets a last one finish: the state is sound, and the report that of a scan
// which nobody ended.
func TestChaosKills(t *testing.T) {
	samba.Require(t)
	seed, err := strconv.ParseUint(os.Getenv("KAGIBAN_CHAOS_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	dir := filepath.Join(t.TempDir(), "share")
	if _, err := sample.Write(dir, 3); err != nil {
		t.Fatal(err)
	}
	server := samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "共有", Dir: dir}}})
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("KAGIBAN_PASSWORD", server.Password)
	line := newMeter(t, server.Address())
	target := "smb://" + server.User + "@" + line.address + "/共有"
	clean := t.TempDir()
	all := finishScan(t, clean, target, line)
	want := reported(t, clean)
	rnd := rand.New(rand.NewPCG(seed, 0))
	rounds, ended := map[string]int{}, map[string]int{}
	states := 0
	in := ""
	for i := range chaosKills() {
		if i%killsEach == 0 {
			in = filepath.Join(t.TempDir(), "state")
			states++
		}
		kind := killings()[rnd.IntN(len(killings()))]
		at := 1 + rnd.Int64N(all)
		if i%killsEach > 0 {
			at = 1 + rnd.Int64N(all/int64(i%killsEach+1)) // much is done
		}
		rounds[kind.name]++
		if endScan(t, in, target, line, at, kind) {
			ended[kind.name]++
		}
		if i%killsEach == killsEach-1 || i == chaosKills()-1 {
			finishScan(t, in, target, line)
			if diff := cmp.Diff(want, reported(t, in)); diff != "" {
				t.Errorf("after %d kills, seed %d (-clean +killed and gone on):\n%s", i+1, seed, diff)
			}
			if stdout, stderr, code := program(t, in, "state", "check"); code != exitDone {
				t.Errorf("state check: %d\n%s%s", code, stdout, stderr)
			}
		}
	}
	var table strings.Builder
	for _, k := range killings() {
		fmt.Fprintf(&table, "| %-34s | %6d | %5d |\n", k.name, rounds[k.name], ended[k.name])
	}
	t.Logf("seed %d, %d states, each then equal to the clean one\n| how a scan is ended                | rounds | ended |\n| --- | --- | --- |\n%s", seed, states, table.String())
}

// finishScan lets a scan come to its end and returns how many bytes the server sent.
func finishScan(t *testing.T, in, target string, line *meter) (sent int64) {
	t.Helper()
	line.arm(0)
	if _, stderr, code := program(t, in, "scan", target, "--format", "console", "--out", "-"); code != exitFound {
		t.Fatalf("the scan ended with %d, want %d:\n%s", code, exitFound, stderr)
	}
	_, sent = line.arm(0)
	return sent
}

// endScan ends a scan when the server has sent so many bytes; false if it was done
// before.
func endScan(t *testing.T, in, target string, line *meter, bytes int64, kind killing) bool {
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
	defer line.arm(0)
	select {
	case <-ended:
		return false
	case <-reached:
	}
	kind.end(cmd.Process)
	line.arm(0) // a scan that was asked to end may still hear from the server
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Errorf("%s: the scan goes on", kind.name)
		_ = cmd.Process.Kill()
		<-ended
	}
	if left := childrenOf(cmd.Process.Pid); len(left) > 0 {
		t.Errorf("%s: workers %v go on", kind.name, left)
	}
	return true
}
