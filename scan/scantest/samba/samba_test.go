package samba_test

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	smb2 "github.com/hirochachacha/go-smb2"

	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// Nothing may stay behind: no process that knows the folder, no open port.
func TestStopLeavesNothing(t *testing.T) {
	samba.Require(t)
	s := samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: t.TempDir()}}})
	if n := processesOf(t, s.Dir); n == 0 {
		t.Fatal("no process of the server is seen: the test would not see one that stays, either")
	}
	begin := time.Now()
	if err := s.Stop(); err != nil {
		t.Fatalf("Stop: %v", err)
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("Stop took %v", took)
	}
	if n := processesOf(t, s.Dir); n != 0 {
		t.Errorf("%d processes are left", n)
	}
	if conn, err := net.Dial("tcp", s.Address()); err == nil {
		conn.Close()
		t.Error("the port is still open")
	}
	if _, err := os.Stat(s.Dir); !os.IsNotExist(err) {
		t.Errorf("the server's folder is left: %v", err)
	}
}

func processesOf(t *testing.T, dir string) (n int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), dir) {
			n++
		}
	}
	return n
}

// The troubles that a server can be put into are real, and pass.
func TestTroubles(t *testing.T) {
	samba.Require(t)
	s := samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "first", Dir: t.TempDir()}, {Name: "第二", Dir: t.TempDir()}}})
	defer func() {
		if err := s.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
	}()
	if got := shares(t, s); !slices.Equal(got, []string{"first", "第二", "IPC$"}) {
		t.Fatalf("shares = %q", got)
	}
	if err := s.RemoveShare(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	if got := shares(t, s); !slices.Equal(got, []string{"第二", "IPC$"}) {
		t.Errorf("after RemoveShare: %q", got)
	}
	if err := s.PutBack(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := shares(t, s); len(got) != 3 {
		t.Errorf("after PutBack: %q", got)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if n := processesOf(t, s.Dir); n != 0 {
		t.Errorf("%d processes survive Kill", n)
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := shares(t, s); len(got) != 3 {
		t.Errorf("after Restart: %q", got)
	}
	for _, all := range []bool{false, true} {
		session := logon(t, s)
		if err := s.Freeze(all); err != nil {
			t.Fatal(err)
		}
		listed := make(chan error, 1)
		go func() { _, err := session.ListSharenames(); listed <- err }()
		select {
		case err := <-listed:
			t.Errorf("a frozen server (all: %v) answers: %v", all, err)
		case <-time.After(300 * time.Millisecond):
		}
		if err := s.Thaw(); err != nil {
			t.Fatal(err)
		}
		if err := <-listed; err != nil {
			t.Errorf("after Thaw: %v", err)
		}
		if err := session.Logoff(); err != nil {
			t.Error(err)
		}
	}
}

func logon(t *testing.T, s *samba.Server) *smb2.Session {
	t.Helper()
	conn, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	d := &smb2.Dialer{Initiator: &smb2.NTLMInitiator{User: s.User, Password: s.Password}}
	session, err := d.Dial(conn)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func shares(t *testing.T, s *samba.Server) []string {
	t.Helper()
	session := logon(t, s)
	defer func() { _ = session.Logoff() }()
	names, err := session.ListSharenames()
	if err != nil {
		t.Fatal(err)
	}
	return names
}
