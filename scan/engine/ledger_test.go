package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// half is a format ("half:N:") that accounts for the first N bytes of a file and
// reads nothing of it.
func half() scan.Format {
	return scan.Format{Name: "half", Version: 1, Match: func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte("half:")) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			n, _ := strconv.Atoi(strings.Split(string(f.Head), ":")[1])
			f.Claim(scan.UseStructure, 0, int64(n))
			p := scan.Protection{Verdict: scan.VerdictNone}
			if strings.Contains(string(f.Head[:min(len(f.Head), 10)]), "!") {
				p.Verdict = scan.VerdictPassword
			}
			return rest{p}, nil
		}}
}

type rest struct{ p scan.Protection }

func (r rest) Protection() scan.Protection            { return r.p }
func (rest) Content(context.Context, scan.Sink) error { return nil }

// TestRestOfAFile: what a format does not account for is visited, and what is of
// no known form is a problem; padding is neither.
func TestRestOfAFile(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want []string
	}{
		"all":                     {"half:8:x", []string{" half"}},
		"padding":                 {"half:8:x" + strings.Repeat("\x00", 5000) + "\r\n", []string{" half"}},
		"short":                   {"half:8:x123456789", []string{" half"}},
		"known":                   {"half:8:x\x00\x00box:\nin=hit\n", []string{" half", "bytes at 10>in lines records=1"}},
		"known, damaged":          {"half:8:xbad:01234567", []string{" half", "bytes at 8 bad malformed"}},
		"unknown":                 {"half:8:x?" + strings.Repeat("\x01\x02", 10), []string{" half unaccounted"}},
		"behind a protected file": {"half:10:x!box:\nin=hit\n", []string{" half", "bytes at 10>in lines records=1"}},
		"all of a file":           {"half:0:xhithithithit", []string{" half unaccounted"}},
		"rests in rests":          {strings.Repeat("half:8:x", 8), []string{" half", "bytes at 8>bytes at 8>bytes at 8>bytes at 8 half unaccounted"}},
	} {
		store := newShelf()
		m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"f": []byte(c.data)}}}
		cfg := config(m, store)
		cfg.Formats = append([]scan.Format{half()}, cfg.Formats...)
		cfg.Formats[len(cfg.Formats)-1].Match = func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte("hit")) }
		mustRun(t, cfg)
		if diff := cmp.Diff(c.want, items(store.results["f"])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestDamagedMember: what came of a member before it broke off is read.
func TestDamagedMember(t *testing.T) {
	torn := scan.Format{Name: "torn", Version: 1, Match: func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte("torn:")) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return toy{f, func(_ context.Context, _ *scan.File, out scan.Sink) error {
				whole := io.MultiReader(strings.NewReader("hit\n"), iotest.ErrReader(fmt.Errorf("sum: %w", scan.ErrMalformed)))
				for _, unlocked := range []bool{false, true} {
					m := scan.Member{Name: "in", Size: -1, Unlocked: unlocked, Open: func() (io.ReadCloser, error) { return io.NopCloser(whole), nil }}
					if unlocked { // behind a password it may be what a wrong one makes of it
						m.Protection = scan.Protection{Verdict: scan.VerdictPassword}
						whole = io.MultiReader(strings.NewReader("hit\n"), iotest.ErrReader(fmt.Errorf("sum: %w", scan.ErrMalformed)))
					}
					if err := out.Member(m); err != nil {
						return err
					}
				}
				return nil
			}}, nil
		}}
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"f": []byte("torn:")}}}
	cfg := config(m, store)
	cfg.Formats = append([]scan.Format{torn}, cfg.Formats...)
	mustRun(t, cfg)
	want := []string{" torn", "in lines records=1 malformed", "in  malformed"}
	if diff := cmp.Diff(want, items(store.results["f"])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
