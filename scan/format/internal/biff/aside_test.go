package biff

import (
	"bytes"
	"context"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

type rows struct{ of map[string]int }

func (r *rows) Row(row scan.Row) error {
	r.of[row.Table]++
	return nil
}
func (*rows) Member(scan.Member) error { return nil }
func (*rows) Problem(error)            {}

// Texts beside the cells are handed out while a row waits for its end, and the
// row stays together.
func TestAsidesDoNotWaitForTheRow(t *testing.T) {
	f, err := scantest.NewFile(context.Background(), "x", bytes.NewReader(nil), 0, scan.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	out := &rows{map[string]int{}}
	b := New(f, out, 0)
	b.table = "S"
	if err := b.w.Begin("S"); err != nil {
		t.Fatal(err)
	}
	if err := b.cells.place(0, 0); err != nil {
		t.Fatal(err)
	}
	b.w.String(0, "cell")
	const n = 100_000
	for range n {
		if err := b.asides.keep("S", bytes.Repeat([]byte("n"), 20)); err != nil {
			t.Fatal(err)
		}
		if b.asides.size > maxAside+100 {
			t.Fatalf("%d bytes are kept", b.asides.size)
		}
	}
	if out.of["S"] != 0 || out.of["S!text"] == 0 || b.w.Len() != 1 {
		t.Errorf("handed out %v while a row of %d cells waits", out.of, b.w.Len())
	}
	if err := b.w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := b.asides.flush("S"); err != nil {
		t.Fatal(err)
	}
	if out.of["S"] != 1 || out.of["S!text"] != n {
		t.Errorf("handed out %v", out.of)
	}
}
