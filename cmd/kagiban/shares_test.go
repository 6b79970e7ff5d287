package main

import (
	"net"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// One server that is gone does not hide the shares of the others.
func TestSharesOfSeveralServers(t *testing.T) {
	samba.Require(t)
	server := samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "共有", Dir: t.TempDir()}}})
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("KAGIBAN_PASSWORD", server.Password)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "smb://u@" + listener.Addr().String()
	listener.Close()
	for _, tt := range []struct {
		servers []string
		shares  bool
		code    int
		says    string
	}{
		{[]string{server.URL("")}, true, exitDone, ""},
		{[]string{gone, server.URL("")}, true, exitIncomplete, "1 of 2 servers cannot be asked"},
		{[]string{gone, gone}, false, exitFatal, "no server can be asked"},
		{[]string{gone}, false, exitFatal, "cannot be reached"},
	} {
		stdout, stderr, code := program(t, t.TempDir(), append([]string{"shares"}, tt.servers...)...)
		told := strings.Contains(stderr, tt.says) && (tt.code == exitDone || strings.Contains(stderr, strings.TrimPrefix(gone, "smb://u@")))
		if code != tt.code || strings.Contains(stdout, "共有") != tt.shares || !told {
			t.Errorf("%q: exit code %d, want %d; %s%s", tt.servers, code, tt.code, stdout, stderr)
		}
	}
}
