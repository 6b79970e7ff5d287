package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// A session is a desktop's: a message bus and a GNOME Keyring, in folders of
// their own.
type session struct {
	t    *testing.T
	env  []string
	stop func() // the keyring
}

func startSession(t *testing.T) *session {
	t.Helper()
	for _, name := range []string{"dbus-daemon", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("KAGIBAN_TEST_REQUIRE") == "1" {
				t.Fatalf("a real keyring is required: %v", err)
			}
			t.Skipf("needs a real keyring: %v", err)
		}
	}
	home := t.TempDir()
	s := &session{t: t, env: []string{"HOME=" + home, "XDG_RUNTIME_DIR=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}}
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", "--address=unix:dir="+home)
	bus.Env = s.env
	says, err := bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begin(t, bus)
	address, err := bufio.NewReader(says).ReadString('\n')
	if err != nil {
		t.Fatalf("the message bus does not start: %v", err)
	}
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS="+strings.TrimSpace(address))
	s.keyring(true)
	return s
}

// begin starts a server and gives what ends it.
func begin(t *testing.T, cmd *exec.Cmd) (stop func()) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(stop)
	return stop
}

// keyring starts the keyring anew, open or locked.
func (s *session) keyring(open bool) {
	s.t.Helper()
	if s.stop != nil {
		s.stop()
	}
	cmd := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets")
	cmd.Env = s.env
	if open {
		cmd.Args = append(cmd.Args, "--unlock")
		cmd.Stdin = strings.NewReader("the password of the desktop")
	}
	var says bytes.Buffer
	cmd.Stderr = &says
	s.stop = begin(s.t, cmd)
	for range 200 {
		ask := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
			"org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets")
		ask.Env = s.env
		if out, _ := ask.Output(); strings.Contains(string(out), "boolean true") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.stop()
	s.t.Fatalf("the keyring does not start: %s", says.String())
}

// TestKeyring keeps the password of a real server in a real keyring.
func TestKeyring(t *testing.T) {
	samba.Require(t)
	s := startSession(t)
	binary := buildProgram(t)
	server := samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "data", Dir: t.TempDir()}}})
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	target := server.URL("data")
	config := filepath.Join(t.TempDir(), "kagiban.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "targets:\n  - target: %s\n    keyring: 夜の点検\n", target), 0o600); err != nil {
		t.Fatal(err)
	}
	check := []string{"check", target}
	configured := []string{"check", "--config", config}
	for _, step := range []struct {
		does  string
		open  bool
		input string
		args  []string
		code  int
		says  string
	}{
		{"nothing is there", true, "", check, exitFatal, "the keyring has no password of"},
		{"put in", true, server.Password + "\n", []string{"keyring", "set", target}, exitDone, "the keyring has the password of"},
		{"used", true, "", check, exitDone, "log on"},
		{"a name of one's own, not there", true, "", configured, exitFatal, `the keyring has no password of "夜の点検"`},
		{"put in under that name, from a file of Windows", true, server.Password + "\r\n", []string{"keyring", "set", "夜の点検"}, exitDone, "夜の点検"},
		{"used under that name", true, "", configured, exitDone, "log on"},
		{"a wrong one", true, "wrong\n", []string{"keyring", "set", target}, exitDone, ""},
		{"a wrong one is refused", true, "", check, exitFatal, "refuses the logon"},
		{"locked", false, "", configured, exitFatal, "the system's keyring cannot be used"},
		{"locked for writing", false, "x\n", []string{"keyring", "set", "y"}, exitFatal, "is not kept"},
		{"opened again", true, "", configured, exitDone, "log on"},
		{"taken out", true, "", []string{"keyring", "delete", "夜の点検"}, exitDone, "no password of 夜の点検 any more"},
		{"taken out twice", true, "", []string{"keyring", "delete", "夜の点検"}, exitUsage, "the keyring has no password of"},
		{"gone", true, "", configured, exitFatal, "the keyring has no password of"},
	} {
		s.keyring(step.open)
		cmd := exec.Command(binary, step.args...)
		cmd.Env, cmd.Stdin = s.env, strings.NewReader(step.input)
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != step.code || !strings.Contains(string(out), step.says) {
			t.Errorf("%s: exit code %d, want %d, and %q in:\n%s", step.does, code, step.code, step.says, out)
		}
		if strings.Contains(string(out), server.Password) {
			t.Errorf("%s: the password is printed", step.does)
		}
	}
}

// A keyring that waits for somebody does not hold up a night.
func TestKeyringHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan struct{})
		_, err := unlessItHangs(func() (string, error) { <-done; return "late", nil })
		if err == nil || !strings.Contains(err.Error(), "unlock it") {
			t.Errorf("it hangs: %v", err)
		}
		close(done)
	})
	if p, err := unlessItHangs(func() (string, error) { return "p", nil }); p != "p" || err != nil {
		t.Errorf("it answers: %q, %v", p, err)
	}
	if _, err := unlessItHangs(func() (string, error) { return "", errors.New("no") }); err == nil {
		t.Error("its error is lost")
	}
}
