package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/scantest"
)

// deaf is a format ("deaf:") whose content neither reads nor looks at its
// context until the test is over.
func deaf(t *testing.T, begun func()) scan.Format {
	var over atomic.Bool
	t.Cleanup(func() { over.Store(true) })
	return scan.Format{Name: "deaf", Version: 1, Match: func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte("deaf:")) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return toy{f, func(context.Context, *scan.File, scan.Sink) error {
				begun()
				for !over.Load() {
					time.Sleep(time.Millisecond)
				}
				return nil
			}}, nil
		}}
}

// A decoder that never returns is given up; its file is told and the others
// are examined.
func TestDecoderThatNeverReturns(t *testing.T) {
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("deaf:"), "b": []byte("hit"), "c": []byte("box:\nx=hit\n")}}}
	cfg := config(m, store)
	cfg.Formats = append([]scan.Format{deaf(t, func() {})}, cfg.Formats...)
	cfg.Limits.Time = time.Millisecond
	mustRun(t, cfg)
	if diff := cmp.Diff([]string{"  timeout"}, items(store.results["a"])); diff != "" {
		t.Errorf("a (-want +got):\n%s", diff)
	}
	if len(store.results) != 3 {
		t.Errorf("%d results, want 3", len(store.results))
	}
}

// A run that is cancelled ends although a decoder never returns, and keeps what
// was done.
func TestCancelDoesNotWaitForDecoders(t *testing.T) {
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("hit"), "b": []byte("deaf:")}}}
	ctx, cancel := context.WithCancel(t.Context())
	cfg := config(m, store)
	cfg.Workers = 1
	cfg.Formats = append([]scan.Format{deaf(t, cancel)}, cfg.Formats...)
	if _, err := engine.Run(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v, want context.Canceled", err)
	}
}

// wide is a format ("wide:") with one row of so many cells of so much text, and
// one after it.
func wide(cells, text int) scan.Format {
	return scan.Format{Name: "wide", Version: 1, Match: func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte("wide:")) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return toy{f, func(_ context.Context, _ *scan.File, out scan.Sink) error {
				row := scan.Row{N: 1}
				for i := range cells {
					row.Cells = append(row.Cells, scan.Cell{Col: i, Text: []byte(strings.Repeat("x", text))})
				}
				row.Cells[0].Text = []byte("hit")
				if err := out.Row(row); err != nil {
					return err
				}
				return out.Row(scan.Row{N: 2, Cells: []scan.Cell{{Text: []byte("hit")}}})
			}}, nil
		}}
}

// A row beyond its limits is cut and told; what it begins with counts, and so
// do the rows after it.
func TestRowBeyondItsLimits(t *testing.T) {
	for _, tt := range []struct {
		name        string
		cells, text int
		want        string
	}{
		{"within", 10, 9, " wide records=2"},
		{"cells", 11, 1, " wide records=2 limit"},
		{"text", 10, 12, " wide records=2 limit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			store := newShelf()
			m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("wide:")}}}
			cfg := config(m, store)
			cfg.Formats = append([]scan.Format{wide(tt.cells, tt.text)}, cfg.Formats...)
			cfg.Limits.RowCells, cfg.Limits.RowText = 10, 100
			mustRun(t, cfg)
			if diff := cmp.Diff([]string{tt.want}, items(store.results["a"])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// However many members have something to tell, the result stays small and its
// numbers exact.
func TestManyMembersWithProblems(t *testing.T) {
	const members = 25_000
	var box strings.Builder
	box.WriteString("box:\n")
	for i := range members {
		if i%2 == 0 {
			fmt.Fprintf(&box, "%d=bad:\n", i)
		} else {
			fmt.Fprintf(&box, "%d=hit\n", i)
		}
	}
	store := newShelf()
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte(box.String())}}}
	mustRun(t, config(m, store))
	res := store.results["a"]
	records := int64(0)
	for _, item := range res.Items {
		records += item.Findings.High.Records
	}
	if records != members/2 || len(res.Items) > 10_010 || res.Members != members {
		t.Errorf("%d records in %d items, %d members; want %d records of %d members", records, len(res.Items), res.Members, members/2, members)
	}
	if last := res.Items[len(res.Items)-1]; len(last.Problems) == 0 || len(last.Problems) > 25 {
		t.Errorf("the last item tells %d problems", len(last.Problems))
	}
}

// hungry is a format ("hungry:") whose decoder wants much memory.
func hungry(n int64, most *atomic.Int64) scan.Format {
	var held atomic.Int64
	return scan.Format{Name: "hungry", Version: 1, Match: func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte("hungry:")) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return toy{f, func(_ context.Context, _ *scan.File, out scan.Sink) error {
				release, err := f.Reserve(n)
				if err != nil {
					return err
				}
				now := held.Add(n)
				for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
				}
				_, err = f.Reserve(n) // a decoder in a decoder does not wait for what others hold
				var limit *scan.LimitError
				if err != nil && !errors.As(err, &limit) {
					return err
				}
				held.Add(-n)
				release()
				release() // once is enough, twice does no harm
				return out.Row(scan.Row{N: 1, Cells: []scan.Cell{{Text: []byte("hit")}}})
			}}, nil
		}}
}

// What decoders take together is bounded, whatever each file is allowed, and
// none waits for ever.
func TestDecodersShareTheirMemory(t *testing.T) {
	files := map[string][]byte{}
	for i := range 40 {
		files[fmt.Sprint(i)] = []byte("hungry:")
	}
	for _, tt := range []struct {
		each int64
		want string
	}{{60 << 20, " hungry records=1"}, {200 << 20, " hungry limit"}} {
		var most atomic.Int64
		store := newShelf()
		cfg := config(&scantest.Faulty{MemorySource: scantest.MemorySource{Files: files}}, store)
		cfg.Formats = append([]scan.Format{hungry(tt.each, &most)}, cfg.Formats...)
		cfg.Limits.Decoder = 150 << 20
		mustRun(t, cfg)
		for name, res := range store.results {
			if got := items(res); len(got) != 1 || got[0] != tt.want {
				t.Errorf("%s: %q, want %q", name, got, tt.want)
			}
		}
		if most.Load() > 150<<20 {
			t.Errorf("decoders held %d MiB at one time", most.Load()>>20)
		}
	}
}

// The progress moves while one file is read.
func TestProgressWithinAFile(t *testing.T) {
	store := newShelf()
	var once sync.Once
	seen := make(chan engine.FileProgress)
	m := &scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a/long": append([]byte("wait:"), make([]byte, 10<<20)...)}}}
	cfg := config(m, store)
	var got engine.FileProgress
	cfg.Formats = append([]scan.Format{{Name: "wait", Version: 1, Match: func(f *scan.File) bool { return bytes.HasPrefix(f.Head, []byte("wait:")) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return toy{f, func(context.Context, *scan.File, scan.Sink) error {
				if _, err := io.Copy(io.Discard, f.Bound(f.Reader())); err != nil {
					return err
				}
				got = <-seen
				return nil
			}}, nil
		}}}, cfg.Formats...)
	cfg.Progress = func(p engine.Progress) {
		if p.Longest != nil && p.Longest.Read >= 10<<20 {
			once.Do(func() { seen <- *p.Longest })
		}
	}
	mustRun(t, cfg)
	if got.Path != "a/long" || got.Size != 10<<20+5 || got.Expanded < 10<<20 {
		t.Errorf("told of the file: %+v", got)
	}
}
