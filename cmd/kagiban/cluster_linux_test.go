package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan/scantest/pgserver"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// A crew is several nodes at work on one database, each a process of its own, and
// the file servers that they scan.
type crew struct {
	t        testing.TB
	binary   string
	home     string
	database *pgserver.Server
	servers  []*samba.Server
	targets  []string
	flags    []string // of who scans

	mu     sync.Mutex
	nodes  map[int]*exec.Cmd
	output bytes.Buffer
}

// newCrew starts a database and file servers with a sample share each.
func newCrew(t testing.TB, servers int) *crew {
	t.Helper()
	pgserver.Require(t)
	samba.Require(t)
	c := &crew{t: t, binary: buildProgram(t), home: t.TempDir(), nodes: map[int]*exec.Cmd{}}
	for i := range servers {
		dir := filepath.Join(t.TempDir(), "share")
		if _, err := sample.Write(dir, uint64(3+i)); err != nil {
			t.Fatal(err)
		}
		server := samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "共有", Dir: dir}}})
		t.Cleanup(func() {
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
		})
		c.servers, c.targets = append(c.servers, server), append(c.targets, server.URL("共有"))
	}
	if servers > 0 {
		c.account(c.servers[0])
	}
	var err error
	if c.database, err = pgserver.Start(t.Context(), pgserver.Config{Sync: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for i := range c.nodes {
			c.kill(i)
		}
		if err := c.database.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// account has nodes log on as a server wants it.
func (c *crew) account(s *samba.Server) {
	c.t.Setenv("KAGIBAN_PASSWORD", s.Password)
	c.flags = []string{"--user", s.User, "--key-file", filepath.Join(c.home, "hash.key")}
}

// state makes a database for a run and returns its address.
func (c *crew) state(name string) string {
	c.t.Helper()
	if _, err := c.database.SQL(c.t.Context(), "postgres", "CREATE DATABASE "+name); err != nil {
		c.t.Fatal(err)
	}
	return c.database.URL(pgserver.Owner, name)
}

func (c *crew) command(args ...string) *exec.Cmd {
	cmd := exec.Command(c.binary, args...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+c.home, "XDG_CONFIG_HOME="+c.home)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// node starts one.
func (c *crew) node(i int, state string, more ...string) {
	c.t.Helper()
	args := append([]string{"worker", "--state", state, "--node-name", fmt.Sprint("node", i)}, c.flags...)
	cmd := c.command(append(args, more...)...)
	cmd.Stderr = &locked{crew: c}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.nodes[i] = cmd
}

// locked takes what nodes say.
type locked struct{ crew *crew }

func (l *locked) Write(p []byte) (int, error) {
	l.crew.mu.Lock()
	defer l.crew.mu.Unlock()
	return l.crew.output.Write(p)
}

func (c *crew) kill(i int) {
	if cmd := c.nodes[i]; cmd != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		delete(c.nodes, i)
	}
}

// scan begins a run, or takes one over, as a process.
func (c *crew) scan(state string, more ...string) *exec.Cmd {
	args := append(append([]string{"scan"}, c.targets...), "--distributed", "--state", state, "--format", "console", "--out", "-", "--progress", "none")
	cmd := c.command(append(append(args, c.flags...), more...)...)
	cmd.Stderr = &locked{crew: c}
	return cmd
}

// report returns the lines of a report, by path, without what says when.
func (c *crew) report(state string) map[string]string {
	c.t.Helper()
	cmd := c.command("report", "--state", state, "--format", "jsonl", "--out", "-")
	out, _ := cmd.Output()
	return linesByFile(c.t, string(out))
}

func linesByFile(t testing.TB, jsonl string) map[string]string {
	t.Helper()
	lines := map[string]string{}
	for line := range strings.Lines(jsonl) {
		var r struct{ Target, Path string }
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		lines[r.Target+" "+r.Path] = withoutLife(line)
	}
	return lines
}

// alone is the report of one scan by one process into a file.
func (c *crew) alone() map[string]string {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "alone.db")
	args := append(append([]string{"scan"}, c.targets...), "--state", file, "--format", "jsonl", "--out", "-", "--progress", "none")
	out, err := c.command(append(args, c.flags...)...).Output()
	if err != nil && len(out) == 0 {
		c.t.Fatal(err)
	}
	return linesByFile(c.t, string(out))
}

// same compares a shared run with the one of a single process, and looks whether a
// file has more than one result.
func (c *crew) same(want map[string]string, state, name string) bool {
	c.t.Helper()
	got := c.report(state)
	diff := cmp.Diff(want, got)
	if diff != "" {
		if len(diff) > 4000 {
			diff = diff[:4000]
		}
		c.t.Errorf("%s: %d files, want %d (-alone +shared):\n%s", name, len(got), len(want), diff)
	}
	twice, err := c.database.SQL(c.t.Context(), name, "SELECT count(*) FROM (SELECT file FROM result GROUP BY file HAVING count(*) > 1) AS twice")
	if err != nil || twice != "0" {
		c.t.Errorf("%s: %s files have several results, %v", name, twice, err)
	}
	return diff == "" && twice == "0"
}

// TestCluster: three nodes scan three file servers in one run, and the report is
// that of one process. What they found is kept in the next run.
func TestCluster(t *testing.T) {
	c := newCrew(t, 3)
	want := c.alone()
	state := c.state("cluster")
	if out, err := c.command("state", "check", "--state", state).CombinedOutput(); err != nil {
		t.Fatalf("state check: %v\n%s", err, out)
	}
	for i := range 3 {
		c.node(i, state)
	}
	for run, what := range []string{"first", "second"} {
		began := time.Now()
		if code := exitOf(c.scan(state).Run()); code != exitFound {
			t.Fatalf("the %s run ended with %d, want %d\n%s", what, code, exitFound, c.output.String())
		}
		c.same(want, state, "cluster")
		nodes, err := c.database.SQL(t.Context(), "cluster", "SELECT string_agg(name || ' ' || files, ', ' ORDER BY name) FROM node")
		t.Logf("run %d: %d files in %v by %s, %v", run+1, len(want), time.Since(began).Round(time.Millisecond), nodes, err)
	}
	if dir := os.Getenv("KAGIBAN_CLUSTER_OUT"); dir != "" {
		out, err := c.command("report", "--state", state, "--out", dir, "--lang", "ja").Output()
		t.Logf("%s%v", out, err)
	}
	out, err := c.command("status", "--runs", "--state", state).Output()
	if err != nil || !strings.Contains(string(out), "no shared run is under way") || strings.Count(string(out), "active") != 3 {
		t.Errorf("status: %v\n%s", err, out)
	}
}

// TestClusterBehindPooler: nodes and starter reach the database through PgBouncer in
// transaction mode, with the settings that the manual names.
func TestClusterBehindPooler(t *testing.T) {
	if err := pgserver.PoolerAvailable(); err != nil {
		if os.Getenv("KAGIBAN_TEST_REQUIRE") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	c := newCrew(t, 1)
	want := c.alone()
	direct := c.state("pooled")
	if out, err := c.command("state", "migrate", "--state", direct).CombinedOutput(); err != nil {
		t.Fatalf("state migrate: %v\n%s", err, out)
	}
	pooler, err := pgserver.StartPooler(t.Context(), c.database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := pooler.Stop(); err != nil {
			t.Error(err)
		}
	}()
	state := pooler.URL("pooled")
	for i := range 2 {
		c.node(i, state, "--poll-only")
	}
	if code := exitOf(c.scan(state).Run()); code != exitFound {
		t.Fatalf("the run ended with %d, want %d\n%s", code, exitFound, c.output.String())
	}
	c.same(want, state, "pooled")
}

func exitOf(err error) int {
	if err == nil {
		return 0
	}
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}

// A mishap befalls a run while it is under way.
type mishap struct {
	name string
	do   func(c *crew, rnd *rand.Rand, state string)
}

func mishaps() []mishap {
	return []mishap{
		{"a node is killed", func(c *crew, rnd *rand.Rand, state string) {
			i := rnd.IntN(3)
			c.kill(i)
			c.node(i, state)
		}},
		{"a node freezes beyond its leases and goes on", func(c *crew, rnd *rand.Rand, _ string) {
			cmd := c.nodes[rnd.IntN(3)]
			_ = cmd.Process.Signal(syscall.SIGSTOP)
			time.Sleep(time.Duration(7500+rnd.IntN(4000)) * time.Millisecond)
			_ = cmd.Process.Signal(syscall.SIGCONT)
		}},
		{"the database crashes and comes back", func(c *crew, rnd *rand.Rand, _ string) {
			if err := c.database.Halt(); err != nil {
				c.t.Error(err)
			}
			time.Sleep(time.Duration(rnd.IntN(4000)) * time.Millisecond)
			if err := c.database.Go(c.t.Context()); err != nil {
				c.t.Fatal(err)
			}
		}},
		{"all connections are cut", func(c *crew, _ *rand.Rand, _ string) {
			_, _ = c.database.SQL(c.t.Context(), "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")
		}},
		{"all nodes are killed", func(c *crew, _ *rand.Rand, state string) {
			for i := range 3 {
				c.kill(i)
			}
			for i := range 3 {
				c.node(i, state)
			}
		}},
		{"a node is stopped and another one starts", func(c *crew, rnd *rand.Rand, state string) {
			i := rnd.IntN(3)
			_ = c.nodes[i].Process.Signal(syscall.SIGTERM)
			_ = c.nodes[i].Wait()
			delete(c.nodes, i)
			c.node(i, state)
		}},
	}
}

// mishapRounds is how many runs something befalls; make chaos-cluster has more.
func mishapRounds() int {
	if n, err := strconv.Atoi(os.Getenv("KAGIBAN_CHAOS")); err == nil {
		return n
	}
	return 1
}

// TestClusterChaos lets mishaps befall shared runs at random moments, by a seed, one
// to three in a run; in some the starter dies too and the run is taken over. Each
// report is that of one process that nothing befell.
func TestClusterChaos(t *testing.T) {
	seed, err := strconv.ParseUint(os.Getenv("KAGIBAN_CHAOS_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	c := newCrew(t, 3)
	want := c.alone()
	rnd := rand.New(rand.NewPCG(seed, 17))
	befell, wrong, taken := map[string]int{}, 0, 0
	for round := range mishapRounds() {
		name := fmt.Sprint("chaos", round)
		state := c.state(name)
		for i := range 3 {
			c.node(i, state)
		}
		starter := c.scan(state, "--max-files", "25")
		if err := starter.Start(); err != nil {
			t.Fatal(err)
		}
		for range 1 + rnd.IntN(3) {
			time.Sleep(time.Duration(500+rnd.IntN(2500)) * time.Millisecond)
			m := mishaps()[rnd.IntN(len(mishaps()))]
			befell[m.name]++
			m.do(c, rnd, state)
		}
		if rnd.IntN(4) == 0 {
			taken++
			_ = starter.Process.Kill()
			_ = starter.Wait()
			starter = c.takeOver(state)
		}
		if code := exitOf(starter.Wait()); code != exitFound {
			t.Errorf("round %d, seed %d: the run ended with %d, want %d\n%s", round, seed, code, exitFound, c.output.String())
			wrong++
		} else if !c.same(want, state, name) {
			wrong++
		}
		for i := range 3 {
			c.kill(i)
		}
		c.output.Reset()
	}
	var table strings.Builder
	for _, m := range mishaps() {
		fmt.Fprintf(&table, "| %-44s | %5d |\n", m.name, befell[m.name])
	}
	fmt.Fprintf(&table, "| %-44s | %5d |\n", "the starter is killed, another takes over", taken)
	t.Logf("seed %d: %d runs of %d files, %d of them wrong (lost, doubled or other results)\n| what befell | times |\n| --- | --- |\n%s", seed, mishapRounds(), len(want), wrong, table.String())
}

// takeOver starts the same command again until the lease of the dead one is free.
func (c *crew) takeOver(state string) *exec.Cmd {
	c.t.Helper()
	for {
		cmd := c.scan(state)
		if err := cmd.Start(); err != nil {
			c.t.Fatal(err)
		}
		ended := make(chan int, 1)
		go func() { ended <- exitOf(cmd.Wait()) }()
		select {
		case code := <-ended:
			if code != exitUsage { // busy
				return doneCommand(code)
			}
			time.Sleep(time.Second)
		case <-time.After(3 * time.Minute):
			c.t.Fatal("the run was not taken over")
		}
	}
}

// doneCommand is a command that has ended with a code.
func doneCommand(code int) *exec.Cmd {
	cmd := exec.Command("/bin/sh", "-c", fmt.Sprint("exit ", code))
	_ = cmd.Start()
	return cmd
}

// TestRunWithoutAnyTargetEnds: where no target is reached there is nothing to report,
// and the next night begins a run of its own.
func TestRunWithoutAnyTargetEnds(t *testing.T) {
	c := newCrew(t, 0)
	c.targets, c.flags = []string{t.TempDir()}, []string{"--key-file", filepath.Join(c.home, "hash.key")}
	state := c.state("nobody")
	for night := 1; night <= 2; night++ {
		cmd := c.scan(state)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		c.await("nobody", "SELECT count(*) FROM shared_target WHERE state = 'open' AND run = "+strconv.Itoa(night), "1")
		if _, err := c.database.SQL(t.Context(), "nobody", "UPDATE shared_target SET state = 'failed', error = 'no route to host' WHERE state = 'open'"); err != nil {
			t.Fatal(err)
		}
		if code := exitOf(cmd.Wait()); code != exitFatal || !strings.Contains(c.output.String(), "no route to host") {
			t.Errorf("night %d ended with %d, want %d\n%s", night, code, exitFatal, c.output.String())
		}
		c.await("nobody", "SELECT count(*) FROM shared_run WHERE ended IS NULL", "0")
	}
}
