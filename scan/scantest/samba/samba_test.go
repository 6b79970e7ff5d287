package samba_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	if took := time.Since(begin); took > 5*time.Second {
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
