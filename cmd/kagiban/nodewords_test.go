package main

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// What is said of shared runs and of a state in a database is Japanese too: also what
// a node has left there in English for others to read.
func TestSharedRunsSpeakJapanese(t *testing.T) {
	state := database(t)
	dir := t.TempDir()
	prepareInputs(t, dir)
	s := &speaking{dir: dir, lang: "ja"}
	s.run("state", "check", "--state", state)
	s.run("status", "--runs", "--state", state)
	s.run("pause", "--state", state)
	s.run("cancel", "77", "--state", state)
	s.run("state", "backup", "copy.db", "--state", state)
	s.run("scan", "share", "--state", "postgres://nobody@127.0.0.1:1/x")

	var lock sync.Mutex
	var done sync.WaitGroup
	var out, errOut bytes.Buffer
	aside := func(args ...string) {
		done.Go(func() {
			var o, e bytes.Buffer
			run(append([]string{"--lang", "ja"}, args...), strings.NewReader(""), &o, &e)
			lock.Lock()
			defer lock.Unlock()
			out.Write(o.Bytes())
			errOut.Write(e.Bytes())
		})
	}
	aside("scan", "share", "--distributed", "--state", state, "--key-file", "one.key", "--format", "console", "--out", "-")
	waitFor(t, state, "検査 1: 対象")
	s.run("status", "--runs", "--state", state)
	s.run("scan", "emptied", "share", "--distributed", "--state", state, "--key-file", "one.key")
	s.run("pause", "--state", state)
	s.run("status", "--runs", "--state", state)
	s.run("resume", "--state", state)
	// A node with another key is refused by the state; one with other rules by the run.
	s.run("worker", "--state", state, "--key-file", "two.key", "--until-idle")
	put(t, dir, "passwords", "000000\n")
	aside("worker", "--state", state, "--key-file", "one.key", "--try-passwords", "passwords", "--node-name", "odd", "--until-idle")
	waitFor(t, state, "規則またはハッシュの鍵が違います")
	s.run("status", "--runs", "--state", state)
	aside("worker", "--state", state, "--key-file", "one.key", "--node-name", "even", "--until-idle")
	done.Wait()
	s.run("status", "--runs", "--state", state)
	for _, text := range []string{s.text(), out.String(), errOut.String()} {
		noEnglish(t, text)
	}
	for _, want := range []string{"進行中の分散検査はありません", "一時停止", "pg_dump", "ノード odd", "データベース postgres://127.0.0.1:1/x", "指紋"} {
		if !strings.Contains(s.text(), want) {
			t.Errorf("%q is not said", want)
		}
	}
}

// waitFor waits until the status of the shared runs says something.
func waitFor(t *testing.T, state, what string) {
	t.Helper()
	for range 400 {
		var out, errOut bytes.Buffer
		run([]string{"status", "--runs", "--lang", "ja", "--state", state}, strings.NewReader(""), &out, &errOut)
		if strings.Contains(out.String(), what) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the status never says %q", what)
}
