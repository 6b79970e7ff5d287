package grid

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

type sink struct {
	rows     []scan.Row // with cells of their own, whose texts are those that were handed out
	problems []error
}

func (s *sink) Row(r scan.Row) error {
	r.Cells = append([]scan.Cell(nil), r.Cells...)
	s.rows = append(s.rows, r)
	return nil
}
func (s *sink) Member(scan.Member) error { return nil }
func (s *sink) Problem(err error)        { s.problems = append(s.problems, err) }

func writer(t *testing.T, limits scan.Limits) (*Writer, *sink) {
	t.Helper()
	f, err := scantest.NewFile(context.Background(), "x", bytes.NewReader(nil), 0, limits)
	if err != nil {
		t.Fatal(err)
	}
	out := &sink{}
	return New(f, out), out
}

func isLimit(err error, name string) bool {
	var limit *scan.LimitError
	return errors.As(err, &limit) && limit.Limit == name
}

// A shared text is kept once however many cells refer to it, and counts in each.
func TestSharedTextsAreNotCopied(t *testing.T) {
	w, out := writer(t, scan.Limits{RowText: 10_000})
	text := []byte(strings.Repeat("x", 1000))
	for range 3 {
		if err := w.Next(); err != nil {
			t.Fatal(err)
		}
		for col := range 50 {
			w.Shared(col, text, 7)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, r := range out.rows {
		if len(r.Cells) != 10 {
			t.Fatalf("row %d has %d cells, want 10", r.N, len(r.Cells))
		}
		for _, c := range r.Cells {
			if &c.Text[0] != &text[0] {
				t.Fatal("a shared text was copied")
			}
		}
	}
	if len(out.rows) != 3 || len(out.problems) != 1 || !isLimit(out.problems[0], "row") {
		t.Errorf("%d rows, problems %v", len(out.rows), out.problems)
	}
}

// A full row makes nothing of the cells that are left out.
func TestFullRowMakesNothing(t *testing.T) {
	w, out := writer(t, scan.Limits{RowCells: 4})
	text := []byte("some text")
	if err := w.Row(1); err != nil {
		t.Fatal(err)
	}
	for col := range 5 {
		w.Text(col, text)
	}
	held := len(w.buf)
	if n := testing.AllocsPerRun(1000, func() { w.Text(9, text); w.String(9, "text"); w.Shared(9, text, 1) }); n != 0 {
		t.Errorf("%v allocations for cells of a full row", n)
	}
	if len(w.buf) != held || w.Len() != 4 || !w.Full() || len(out.problems) != 1 {
		t.Errorf("%d bytes and %d cells held, problems %v", len(w.buf), w.Len(), out.problems)
	}
	if err := w.Next(); err != nil {
		t.Fatal(err)
	}
	if w.Text(0, text); w.Full() || w.Len() != 1 {
		t.Errorf("the next row is full: %d cells", w.Len())
	}
}

// Repeated cells share one text; repeated rows are the same row under other numbers.
func TestRepetitions(t *testing.T) {
	w, out := writer(t, scan.DefaultLimits())
	if err := w.Begin("T"); err != nil {
		t.Fatal(err)
	}
	if err := w.Row(3); err != nil {
		t.Fatal(err)
	}
	w.String(0, "a")
	if !w.Repeat(1, 3, []byte("b")) || !w.Repeat(9, 2, []byte(" ")) || w.Len() != 4 {
		t.Fatalf("%d cells", w.Len())
	}
	all, err := w.Again(2)
	if !all || err != nil {
		t.Fatal(all, err)
	}
	for i, r := range out.rows {
		if r.N != 3+i || r.Table != "T" || len(r.Cells) != 4 || string(r.Cells[3].Text) != "b" || r.Cells[3].Col != 3 {
			t.Errorf("row %+v", r)
		}
		if &r.Cells[1].Text[0] != &r.Cells[3].Text[0] || &r.Cells[1].Text[0] != &out.rows[0].Cells[1].Text[0] {
			t.Error("a repeated text was copied")
		}
	}
	if len(out.rows) != 3 || w.row != 5 {
		t.Errorf("%d rows, the last is %d", len(out.rows), w.row)
	}
}

// The budget of repetitions counts cells and text over the whole document.
func TestRepetitionBudget(t *testing.T) {
	for _, c := range []struct {
		cells, rows, text int
		all               bool
	}{
		{1000, repeatCells / 1000, 1, true}, {1000, repeatCells/1000 + 1, 1, false},
		{1, repeatCells, 1, true}, {1, repeatCells + 1, 1, false},
		{1, 1 << 5, 1 << 20, true}, {1, 1<<5 + 1, 1 << 20, false},
	} {
		w, out := writer(t, scan.Limits{})
		w.Out = &scanCounter{}
		if err := w.Row(1); err != nil {
			t.Fatal(err)
		}
		text := bytes.Repeat([]byte("x"), c.text)
		for col := range c.cells {
			w.Text(col, text)
		}
		all, err := w.Again(c.rows)
		if all != c.all || err != nil {
			t.Errorf("%+v: %v, %v", c, all, err)
		}
		if w.againCells > repeatCells || w.againText > repeatText {
			t.Errorf("%+v: %d cells and %d bytes were added", c, w.againCells, w.againText)
		}
		_ = out
	}
}

// A scanCounter throws rows away.
type scanCounter struct{ sink }

func (*scanCounter) Row(scan.Row) error { return nil }
