package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan/scantest/samba"
)

// put writes a file into a folder of the test.
func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Targets of one run, each with credentials and rules of its own.
func TestTargetsOfTheConfiguration(t *testing.T) {
	samba.Require(t)
	dir := t.TempDir()
	var servers []*samba.Server
	for i, password := range []string{"one-of-no-worth", "two-of-no-worth"} {
		share := t.TempDir()
		if err := os.Chmod(share, 0o755); err != nil {
			t.Fatal(err)
		}
		put(t, share, "a.txt", "text")
		put(t, share, "b.csv", "text,text")
		s := samba.StartFor(t, samba.Config{User: fmt.Sprintf("user%d", i), Password: password, Shares: []samba.Share{{Name: "data", Dir: share}}})
		t.Cleanup(func() { _ = s.Stop() })
		servers = append(servers, s)
	}
	t.Setenv("SECOND_PASSWORD", servers[1].Password)
	folder := t.TempDir()
	put(t, folder, "c.txt", "text")
	config := put(t, dir, "kagiban.yaml", fmt.Sprintf(`
max-size: 10MB
targets:
  - %s
  - target: smb://%s/data
    label: 本部
    user: %s
    password-file: %s
    exclude: ['*.csv']
  - target: smb://%s/data
    user: %s
    password-env: SECOND_PASSWORD
    include: ['*.csv']
    max-size: 4B
`, folder, servers[0].Address(), servers[0].User, put(t, dir, "password", servers[0].Password+"\n"), servers[1].Address(), servers[1].User))
	stdout, stderr, code := program(t, dir, "scan", "--config", config, "--format", "jsonl", "--out", "-")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	got := map[string]string{}
	for line := range strings.Lines(stdout) {
		for path, r := range results(t, line) {
			target := strings.Count(strings.Split(line, `"path"`)[0], "smb://"+servers[1].Address())
			got[fmt.Sprint(target, " ", path)] = r.Status
		}
	}
	want := map[string]string{"0 a.txt": "clean", "0 b.csv": "skipped", "0 c.txt": "clean", "1 a.txt": "skipped", "1 b.csv": "skipped"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("statuses are %v, want %v", got, want)
	}
	var out, errOut bytes.Buffer
	if code := run([]string{"check", "--config", config}, strings.NewReader(""), &out, &errOut); code != exitDone || strings.Count(out.String(), " ok ") != 2+7+7 {
		t.Errorf("check: exit code %d\n%s%s", code, out.String(), errOut.String())
	}
}

func TestTargetsThatAreWrong(t *testing.T) {
	dir := t.TempDir()
	for name, tt := range map[string]struct{ yaml, says string }{
		"password":    {"targets: [{target: smb://u@h/s, password: himitsu}]", "password-file"},
		"unknown key": {"targets: [{target: smb://u@h/s, passwort-file: x}]", "passwort-file"},
		"no target":   {"targets: [{user: x}]", "names no target"},
		"number":      {"targets: [5]", "neither"},
		"auth":        {"targets: [{target: smb://u@h/s, auth: magic}]", "magic"},
		"pattern":     {"targets: [{target: smb://u@h/s, exclude: '[a'}]", "no valid pattern"},
		"none":        {"targets: []", "no target"},
	} {
		t.Run(name, func(t *testing.T) {
			config := put(t, dir, name+".yaml", tt.yaml)
			_, stderr, code := program(t, dir, "scan", "--config", config)
			if code != exitUsage || !strings.Contains(stderr, tt.says) || strings.Contains(stderr, "himitsu") {
				t.Errorf("exit code %d and %q, want 2 and %q", code, stderr, tt.says)
			}
		})
	}
	list := put(t, dir, "list", "\uFEFF# servers\n\n"+put(t, dir, "share/x.txt", "text")+"\n")
	if _, stderr, code := program(t, dir, "scan", "--targets-file", list, "--out", filepath.Join(dir, "out")); code != exitDone {
		t.Errorf("--targets-file: exit code %d: %s", code, stderr)
	}
	if _, stderr, code := program(t, dir, "scan", "--targets-file", list+".none"); code != exitUsage {
		t.Errorf("--targets-file of nothing: exit code %d: %s", code, stderr)
	}
}
