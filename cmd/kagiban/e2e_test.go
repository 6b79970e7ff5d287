package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// A result is what these tests look at in a line of jsonl.
type result struct {
	Path       string
	Size       int64
	Status     string
	Records    int64
	Persons    int64
	Classes    scan.Classes
	Protection struct{ Verdict string }
}

// served makes the sample share and a Samba that offers it.
func served(t *testing.T) (dir string, truth *sample.Truth, server *samba.Server) {
	t.Helper()
	samba.Require(t)
	dir = filepath.Join(t.TempDir(), "share")
	truth, err := sample.Write(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	server = samba.StartFor(t, samba.Config{Shares: []samba.Share{{Name: "共有", Dir: dir}}})
	t.Setenv("KAGIBAN_PASSWORD", server.Password)
	return dir, truth, server
}

// program runs kagiban in this process with a state of its own.
func program(t *testing.T, state string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errOut bytes.Buffer
	args = append(args, "--state", filepath.Join(state, "state.db"), "--key-file", filepath.Join(state, "hash.key"))
	code = run(args, strings.NewReader(""), &out, &errOut)
	return out.String(), errOut.String(), code
}

func results(t *testing.T, jsonl string) map[string]result {
	t.Helper()
	found := map[string]result{}
	dec := json.NewDecoder(strings.NewReader(jsonl))
	for dec.More() {
		var r result
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if _, twice := found[r.Path]; twice {
			t.Errorf("%q is reported twice", r.Path)
		}
		found[r.Path] = r
	}
	return found
}

// TestSampleOverSMB compares a scan of the sample share with what its
// generator knows, file by file, and checks that the share is as it was.
func TestSampleOverSMB(t *testing.T) {
	dir, truth, server := served(t)
	before := picture(t, dir)
	stdout, stderr, code := program(t, t.TempDir(), "scan", server.URL("共有"), "--format", "jsonl", "--out", "-")
	if code != exitFound { // the sample holds damaged files too
		t.Fatalf("exit code %d, want %d\n%s", code, exitFound, stderr)
	}
	if diff := cmp.Diff(before, picture(t, dir)); diff != "" {
		t.Errorf("the share was changed (-before +after):\n%s", diff)
	}
	found := results(t, stdout)
	if len(found) != len(truth.Files) {
		t.Errorf("%d files are reported, want %d", len(found), len(truth.Files))
	}
	for _, want := range truth.Files {
		got, ok := found[want.Path]
		if !ok {
			got, ok = mangled(found, dir, want)
		}
		if !ok {
			t.Errorf("%q is missing", want.Path)
			continue
		}
		wantResult := result{got.Path, got.Size, want.Status, want.Records, want.Persons, want.Classes, struct{ Verdict string }{want.Verdict}}
		if diff := cmp.Diff(wantResult, got); diff != "" {
			t.Errorf("%s (%s) (-truth +scan):\n%s", want.Path, want.Kind, diff)
		}
	}
}

// mangled finds a file whose name Windows could not have: Samba shows it under
// a short name, so its size and status have to do.
func mangled(found map[string]result, dir string, want sample.File) (result, bool) {
	if !strings.ContainsAny(want.Path, "<>:\"|?*\x1b\\") {
		return result{}, false
	}
	info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(want.Path)))
	if err != nil {
		return result{}, false
	}
	for p, r := range found {
		if strings.Contains(p, "~") && r.Size == info.Size() && r.Status == want.Status {
			return r, true
		}
	}
	return result{}, false
}

// picture is what a scan must not change: contents, times, modes.
func picture(t *testing.T, dir string) map[string]string {
	t.Helper()
	p := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		p[path] = fmt.Sprint(info.Mode(), info.ModTime())
		if d.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		p[path] += fmt.Sprintf(" %x", sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestKilledAndRunAgain kills a scan with SIGKILL in the middle. Run again, it
// gives the report of one clean run.
func TestKilledAndRunAgain(t *testing.T) {
	_, truth, server := served(t)
	binary := buildProgram(t)
	killed := t.TempDir()
	line := newMeter(t, server.Address())
	target := "smb://" + server.User + "@" + line.address + "/共有"
	scanTo := func(state string) *exec.Cmd {
		return exec.Command(binary, "scan", target, "--format", "jsonl", "--out", "-", "--workers", "1",
			"--state", filepath.Join(state, "state.db"), "--key-file", filepath.Join(killed, "hash.key"))
	}
	_, _ = scanTo(t.TempDir()).Output()
	_, all := line.arm(0)
	half, _ := line.arm(all / 2) // there it stands still, and what it has is stored after a moment
	first := scanTo(killed)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	<-half
	stored := awaitStored(t, filepath.Join(killed, "state.db"))
	_ = first.Process.Kill()
	_ = first.Wait()
	line.arm(0)
	if stored == 0 || stored >= len(truth.Files) {
		t.Fatalf("%d of %d files were stored before the kill; the test needs some of them", stored, len(truth.Files))
	}
	again, _ := scanTo(killed).Output()
	clean, _ := scanTo(t.TempDir()).Output()
	if diff := cmp.Diff(withoutLife(string(clean)), withoutLife(string(again))); diff != "" {
		t.Errorf("after the kill the report differs (-clean +again):\n%s", diff)
	}
	if n := bytes.Count(again, []byte("\n")); n != len(truth.Files) {
		t.Errorf("%d files are reported, want %d", n, len(truth.Files))
	}
}

// buildProgram builds the program, for those that need it as a process.
func buildProgram(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "kagiban")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// awaitStored waits until a scan has stored something and tells how much.
func awaitStored(t *testing.T, path string) int {
	t.Helper()
	for range 2000 {
		if _, err := os.Stat(path); err == nil {
			if n := countFiles(t, path); n > 0 {
				return n
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("nothing was stored within 10 s")
	return 0
}
