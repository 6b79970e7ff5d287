package scantest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A MemorySource is a source whose files are in memory.
type MemorySource struct {
	Files  map[string][]byte
	Cancel context.CancelFunc // if not nil, called at the first row
}

// Walk visits the files in the order of their names.
func (s *MemorySource) Walk(_ context.Context, visit func(scan.Entry, error) error) error {
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		e := scan.Entry{Path: name, Size: int64(len(s.Files[name])), ModTime: time.Unix(1e9, 0).UTC()}
		if err := visit(e, nil); err != nil {
			return err
		}
	}
	return nil
}

// Open opens a file.
func (s *MemorySource) Open(_ context.Context, e scan.Entry) (scan.Blob, error) {
	data, ok := s.Files[e.Path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", e.Path, fs.ErrNotExist)
	}
	return memoryBlob{bytes.NewReader(data)}, nil
}

// Close does nothing.
func (s *MemorySource) Close() error { return nil }

type memoryBlob struct{ *bytes.Reader }

func (memoryBlob) Close() error { return nil }

// A MemoryStore keeps results and knows nothing of earlier runs.
type MemoryStore struct{ Kept []*scan.Result }

// Known has each file examined.
func (s *MemoryStore) Known(context.Context, scan.Entry, func(string) bool) (scan.Reuse, error) {
	return scan.ReuseNone, nil
}

// Save keeps the results of a batch.
func (s *MemoryStore) Save(_ context.Context, batch []scan.Outcome, _ scan.Completion) error {
	for _, o := range batch {
		switch o := o.(type) {
		case *scan.Result:
			s.Kept = append(s.Kept, o)
		case *scan.LeftOut:
			s.Kept = append(s.Kept, o.Result())
		}
	}
	return nil
}

// Finish does nothing.
func (s *MemoryStore) Finish(context.Context, string, bool) error { return nil }

// A CollectedRow is a row as a detector saw it.
type CollectedRow struct {
	Inner []string // the member, empty for the file itself
	Table string
	N     int
	Cells []CollectedCell
}

// A CollectedCell is a cell of one.
type CollectedCell struct {
	Col  int
	Text string
}

// rowsKept bounds what is kept of a damaged file that yields rows without end.
const rowsKept = 20_000

// collector is a detector that finds nothing and keeps the rows.
type collector struct {
	cancel context.CancelFunc
	mu     sync.Mutex
	rows   map[string][]CollectedRow
}

func newCollector(cancel context.CancelFunc) *collector {
	return &collector{cancel: cancel, rows: map[string][]CollectedRow{}}
}

func (c *collector) Revision() string { return "collect" }

func (c *collector) Begin(s scan.Subject) scan.Examination {
	return &collecting{c: c, names: s.Names, shared: map[uint32]string{}}
}

type collecting struct {
	c      *collector
	names  []string
	shared map[uint32]string
}

func (x *collecting) Row(r scan.Row) error {
	if x.c.cancel != nil {
		x.c.cancel()
	}
	row := CollectedRow{Inner: x.names[1:], Table: r.Table, N: r.N}
	for _, cell := range r.Cells {
		text := string(cell.Text)
		if cell.Shared != 0 {
			if have, ok := x.shared[cell.Shared]; ok && have != text {
				text = fmt.Sprintf("shared text %d is two texts", cell.Shared)
			}
			x.shared[cell.Shared] = text
		}
		row.Cells = append(row.Cells, CollectedCell{cell.Col, text})
	}
	x.c.mu.Lock()
	defer x.c.mu.Unlock()
	if list := x.c.rows[x.names[0]]; len(list) < rowsKept {
		x.c.rows[x.names[0]] = append(list, row)
	}
	return nil
}

func (x *collecting) Close() (scan.Findings, error) { return scan.Findings{}, nil }
