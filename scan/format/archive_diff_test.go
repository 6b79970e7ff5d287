package format_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
)

// need looks up a program, or skips; where nothing may be skipped it fails.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && os.Getenv("KAGIBAN_TEST_REQUIRE") != "" {
		t.Fatalf("%s is needed", program)
	}
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	return path
}

// members collects the members of a document, byte for byte.
type members struct {
	t      *testing.T
	file   *scan.File
	depth  int
	hashes []string
	failed bool // a member could not be read
}

func (m *members) Row(scan.Row) error { return nil }
func (m *members) Problem(err error)  { m.failed = true; m.t.Logf("problem: %v", err) }

// keep leaves out empty members, of which not all readers tell.
func (m *members) keep(content []byte) {
	if len(content) > 0 {
		m.hashes = append(m.hashes, hashed(content))
	}
}

func hashed(content []byte) string {
	sum := sha256.Sum256(content)
	return fmt.Sprintf("%d bytes, %s", len(content), hex.EncodeToString(sum[:8]))
}

func (m *members) Member(member scan.Member) error {
	if member.Name == "" && m.depth == 0 {
		inner := &members{t: m.t, depth: 1}
		inner.read(m.file.Name, member.At, member.Size)
		m.hashes, m.failed = append(m.hashes, inner.hashes...), m.failed || inner.failed
		return nil
	}
	var content []byte
	var err error
	if member.At != nil {
		content, err = io.ReadAll(io.NewSectionReader(member.At, 0, member.Size))
	} else {
		var r io.ReadCloser
		if r, err = member.Open(); err == nil {
			content, err = io.ReadAll(r)
			_ = r.Close()
		}
	}
	if err != nil {
		m.failed = true
		m.t.Logf("%s: %v", member.Name, err)
		return nil
	}
	m.keep(content)
	return nil
}

// read collects the members of a file as its format hands them out.
func (m *members) read(name string, r io.ReaderAt, size int64) {
	m.t.Helper()
	ctx := context.Background()
	f, err := scantest.NewFile(ctx, name, r, size, scan.DefaultLimits())
	if err != nil {
		m.t.Fatal(err)
	}
	m.file = f
	for _, format := range format.List() {
		if !format.Match(f) {
			continue
		}
		open := format.Open
		if format.Isolated != nil {
			open = format.Isolated
		}
		doc, err := open(ctx, f)
		if err == nil {
			err = doc.Content(ctx, m)
		}
		if err != nil {
			m.t.Errorf("%s: %v", name, err)
		}
		return
	}
	m.t.Errorf("%s is of no format", name)
}

// TestArchivesAgainstOthers unpacks each fixture that opens with another
// program too: the members have to be the same, byte for byte.
func TestArchivesAgainstOthers(t *testing.T) {
	sevenZip := func(file, dir string) *exec.Cmd { return exec.Command("7z", "x", "-y", "-o"+dir, file) }
	for _, with := range []struct {
		format, program string
		unpack          func(file, dir string) *exec.Cmd
	}{
		{"zip", "7z", sevenZip}, {"7z", "7z", sevenZip}, {"cab", "7z", sevenZip}, {"iso", "7z", sevenZip},
		{"tar", "7z", sevenZip}, {"lzh", "7z", sevenZip}, {"arj", "7z", sevenZip},
		{"lzh", "lha", func(file, dir string) *exec.Cmd { return exec.Command("lha", "xqfw="+dir, file) }},
	} {
		t.Run(with.format+" by "+with.program, func(t *testing.T) {
			need(t, with.program)
			compared := 0
			folder := filepath.Join(fixtures, with.format)
			for _, fx := range scantest.Fixtures(t, folder) {
				if fx.Verdict != "none" {
					continue
				}
				data, err := os.ReadFile(filepath.Join(folder, fx.Name))
				if err != nil {
					t.Fatal(err)
				}
				ours := &members{t: t}
				ours.read(fx.Name, bytes.NewReader(data), int64(len(data)))
				if ours.failed { // its manifest says so; here only what was read is compared
					continue
				}
				dir := t.TempDir()
				if out, err := with.unpack(filepath.Join(folder, fx.Name), dir).CombinedOutput(); err != nil {
					t.Logf("%s: %s does not read it: %v\n%s", fx.Name, with.program, err, out)
					continue
				}
				compared++
				slices.Sort(ours.hashes)
				if diff := cmp.Diff(unpackedFiles(t, dir), ours.hashes); diff != "" {
					t.Errorf("%s: members differ (-%s +ours):\n%s", fx.Name, with.program, diff)
				}
			}
			if compared < 2 {
				t.Errorf("%d archives were compared", compared)
			}
		})
	}
}

func unpackedFiles(t *testing.T, dir string) []string {
	t.Helper()
	var hashes []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if len(content) > 0 {
			hashes = append(hashes, hashed(content))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(hashes)
	return hashes
}
