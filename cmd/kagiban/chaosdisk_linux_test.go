package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/faultfs"
	"github.com/kagiban/kagiban/scan/scantest/sample"
)

// A diskFault is what a disk answers from some byte on.
type diskFault struct {
	name  string
	errno syscall.Errno
	reads bool
}

// A diskTally counts what became of the scans on such a disk.
type diskTally struct{ rounds, struck, said int }

// TestChaosDisk has the disk of the state, of what is unpacked and of the reports fail
// at a random byte: with EIO, with no room left and with the quota of the user at its
// end. The scan says so or did without; nothing that was not clean passes for clean,
// and on a disk that is whole again the next scan leads to the same report.
func TestChaosDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share")
	if _, err := sample.Write(dir, 3); err != nil {
		t.Fatal(err)
	}
	spooledList(t, filepath.Join(dir, "large.zip"))
	clean := t.TempDir()
	if _, stderr, code := program(t, clean, "scan", dir, "--format", "console", "--out", "-"); code != exitFound {
		t.Fatalf("the scan ended with %d:\n%s", code, stderr)
	}
	want := reported(t, clean)
	seed, err := strconv.ParseUint(os.Getenv("KAGIBAN_CHAOS_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	rounds := 1
	if n, err := strconv.Atoi(os.Getenv("KAGIBAN_CHAOS")); err == nil {
		rounds = n
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	binary := buildProgram(t)
	var table strings.Builder
	for _, place := range []struct {
		name string
		most int64 // bytes after which it fails at the latest
	}{{"state", 200_000}, {"temp", 20_000_000}, {"out", 60_000}} {
		for _, f := range []diskFault{{"EIO", syscall.EIO, false}, {"EIO while reading", syscall.EIO, true}, {"ENOSPC", syscall.ENOSPC, false}, {"EDQUOT", syscall.EDQUOT, false}} {
			if place.name == "out" && f.reads || os.Getenv("KAGIBAN_CHAOS") == "" && (f.reads || f.errno == syscall.ENOSPC) {
				continue // nothing is read there; TestChaosRoom has no room
			}
			var tally diskTally
			for range rounds {
				room := newDiskRoom(t, binary, dir, place.name)
				if room == nil {
					return
				}
				after := rnd.Int64N(place.most)
				if f.reads {
					after /= 8 // less is read again than is written
				}
				room.round(want, f, after, &tally)
			}
			fmt.Fprintf(&table, "| %-6s | %-18s | %6d | %6d | %4d |\n", place.name, f.name, tally.rounds, tally.struck, tally.said)
		}
	}
	t.Logf("seed %d, each then equal to the clean one\n| disk of | fault | rounds | struck | said |\n| --- | --- | --- | --- | --- |\n%s", seed, table.String())
}

// spooledList writes an archive in an archive that is larger than what is kept in
// memory, with a list at its end.
func spooledList(t *testing.T, path string) {
	t.Helper()
	var inner bytes.Buffer
	z := zip.NewWriter(&inner)
	noise := make([]byte, scan.DefaultLimits().Memory+8<<20)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(noise)
	for _, part := range []struct {
		name string
		data []byte
	}{{"noise.mp3", append([]byte("ID3\x03\x00\x00\x00\x00\x00\x00"), noise...)}, {"list.csv", []byte("基礎年金番号,氏名\n3101-204815,佐藤一郎\n3101-304815,鈴木花子\n")}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(part.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var outer bytes.Buffer
	z = zip.NewWriter(&outer)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "inner.zip", Method: zip.Store})
	if err == nil {
		_, err = w.Write(inner.Bytes())
	}
	if err = errors.Join(err, z.Close(), os.WriteFile(path, outer.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// A diskRoom is where a scan keeps its things, one of them on a disk that fails.
type diskRoom struct {
	t                *testing.T
	disk             *faultfs.Disk
	binary, share    string
	state, out, temp string
	backing          string // where the state really lies
}

func newDiskRoom(t *testing.T, binary, share, place string) *diskRoom {
	t.Helper()
	backing, mount := t.TempDir(), t.TempDir()
	disk, err := faultfs.Mount(backing, mount)
	if err != nil && os.Getenv("KAGIBAN_CHAOS") == "" && (errors.Is(err, syscall.EPERM) || errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission)) {
		t.Logf("nothing may be mounted, so nothing is shown: %v", err)
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := disk.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &diskRoom{t: t, disk: disk, binary: binary, share: share, state: t.TempDir(), out: t.TempDir(), temp: t.TempDir()}
	r.backing = r.state
	switch place {
	case "state":
		r.state, r.backing = mount, backing
	case "out":
		r.out = mount
	default:
		r.temp, disk.Uncached = mount, true
	}
	return r
}

// scan is one as a process of its own: this one serves the disk.
func (r *diskRoom) scan() (stderr string, code int) {
	r.t.Helper()
	cmd := exec.Command(r.binary, "scan", r.share, "--state", filepath.Join(r.state, "state.db"), "--key-file", filepath.Join(r.state, "hash.key"),
		"--format", "html,csv", "--out", r.out, "--progress", "none", "--lang", "en")
	cmd.Env = append(os.Environ(), "TMPDIR="+r.temp)
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	return said.String(), cmd.ProcessState.ExitCode()
}

func (r *diskRoom) round(want map[string]string, f diskFault, after int64, tally *diskTally) {
	r.t.Helper()
	what := fmt.Sprintf("%s after %d bytes", f.name, after)
	r.disk.Fail(f.errno, f.reads, after)
	stderr, code := r.scan()
	struck := r.disk.Heal()
	tally.rounds++
	if struck > 0 {
		tally.struck++
	}
	if strings.Contains(stderr, f.errno.Error()) || strings.Contains(stderr, "room") || strings.Contains(stderr, "quota") {
		tally.said++
	}
	switch {
	case strings.Contains(stderr, "panic") || code < 0:
		r.t.Errorf("%s: the scan ended with %d:\n%s", what, code, stderr)
	case struck > 0 && r.temp != "" && code == exitFatal && stderr == "":
		r.t.Errorf("%s: the scan ended without a word", what)
	}
	if code != exitFatal && code != exitUsage {
		notCleaner(r.t, want, reported(r.t, r.backing))
	}
	if stderr, code := r.scan(); code != exitFound {
		r.t.Errorf("%s: on a whole disk the scan ended with %d:\n%s", what, code, stderr)
	}
	if diff := cmp.Diff(want, reported(r.t, r.backing)); diff != "" {
		r.t.Errorf("%s (-always whole +whole at last):\n%.2000s", what, diff)
	}
	if stdout, stderr, code := program(r.t, r.backing, "state", "check"); code != exitDone {
		r.t.Errorf("%s: state check: %d\n%s%s", what, code, stdout, stderr)
	}
}
