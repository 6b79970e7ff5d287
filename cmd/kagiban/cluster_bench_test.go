//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/slowlink"
)

// clusterDistance is the time of a way to a file server and back in BenchmarkCluster.
const clusterDistance = 20 * time.Millisecond

// BenchmarkCluster has 1, 2, 4 and 8 nodes scan 16 distant servers, one batch at a
// time each, so that nearly all of the time is spent on the way: what it shows is
// what sharing the work costs, not what two processors can read. The lower bound
// is the time of one node, divided. It prints what the database had to do.
func BenchmarkCluster(b *testing.B) {
	const servers, folders, files = 16, 10, 30
	dir := b.TempDir()
	for i := range folders {
		if err := os.MkdirAll(filepath.Join(dir, fmt.Sprint("部署", i)), 0o755); err != nil {
			b.Fatal(err)
		}
		for j := range files {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprint("部署", i), fmt.Sprint("議事録", j, ".txt")), []byte(strings.Repeat("本日の議事\n", 20)), 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	c := newCrew(b, 0)
	server := samba.StartFor(b, samba.Config{Shares: []samba.Share{{Name: "共有", Dir: dir}}})
	defer func() { _ = server.Stop() }()
	c.account(server)
	for range servers {
		link, err := slowlink.Start(server.Address(), clusterDistance)
		if err != nil {
			b.Fatal(err)
		}
		defer link.Close()
		c.targets = append(c.targets, "smb://"+link.Address()+"/共有")
	}
	var one time.Duration
	for _, nodes := range []int{1, 2, 4, 8} {
		name := fmt.Sprint("nodes", nodes)
		state := c.state(name)
		for i := range nodes {
			c.node(i, state, "--batches", "1", "--workers", "1", "--sessions", "1")
		}
		c.await(name, "SELECT count(*) FROM node", strconv.Itoa(nodes))
		before := c.load(name)
		began := time.Now()
		if code := exitOf(c.scan(state, "--sessions", "1").Run()); code != exitDone {
			b.Fatalf("the run ended with %d\n%s", code, c.output.String())
		}
		took := time.Since(began)
		if nodes == 1 {
			one = took
		}
		after := c.load(name)
		b.Logf("%d nodes: %6.2f s, %5.2f times as fast as one (%.2f of linear); database busy %.2f s, WAL %.1f MB for %d files",
			nodes, took.Seconds(), float64(one)/float64(took), float64(one)/float64(took)/float64(nodes), after.busy-before.busy, (after.wal-before.wal)/1e6, servers*folders*files)
		for i := range nodes {
			c.kill(i)
		}
	}
}

// A dbLoad is what a database has done.
type dbLoad struct{ busy, wal float64 } // seconds, bytes

func (c *crew) load(name string) (l dbLoad) {
	c.t.Helper()
	out, err := c.database.SQL(c.t.Context(), name, "SELECT pg_stat_force_next_flush(), active_time / 1000, pg_current_wal_lsn() - '0/0' FROM pg_stat_database WHERE datname = current_database()")
	if err != nil { // before PostgreSQL 15
		out, err = c.database.SQL(c.t.Context(), name, "SELECT '', active_time / 1000, pg_current_wal_lsn() - '0/0' FROM pg_stat_database WHERE datname = current_database()")
	}
	if err != nil {
		c.t.Fatal(err)
	}
	part := strings.Split(out, "|")
	l.busy, _ = strconv.ParseFloat(part[1], 64)
	l.wal, _ = strconv.ParseFloat(part[2], 64)
	return l
}

// await waits until a query returns what is wanted.
func (c *crew) await(database, query, want string) {
	c.t.Helper()
	for range 600 {
		if got, err := c.database.SQL(c.t.Context(), database, query); err == nil && got == want {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	c.t.Fatalf("%s did not become %s within a minute", query, want)
}
