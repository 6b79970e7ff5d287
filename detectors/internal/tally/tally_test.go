package tally

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/score"
	"github.com/kagiban/kagiban/scan"
)

// A believer believes every number, or none.
type believer struct{ grade scan.Confidence }

func (b believer) Cells(uint64, score.Flags) (scan.Confidence, bool) { return b.grade, true }
func (b believer) Text(score.TextClass) scan.Confidence              { return b.grade }

func cell(group, place int, value uint64, form lex.Form) *observed.Number {
	return &observed.Number{Reading: lex.Reading{Value: value, Form: form}, Row: group, Place: place, Group: group}
}

// TestRecords has rows, what they are counted as, and the persons in them.
func TestRecords(t *testing.T) {
	roles := observed.Roles{{Fact: lex.Name, Columns: 1 << 1}, {Fact: lex.Birth, Columns: 1 << 2}, {Fact: lex.Address, Columns: 1 << 3}}
	table := New(2)
	add := func(filled uint64, lives uint8, numbers ...*observed.Number) {
		for _, n := range numbers {
			table.Observe(n)
		}
		for i := range table.Found() {
			table.Add(i, observed.Row{Filled: filled, Lives: lives})
		}
	}
	add(0b0001, 0, cell(1, 0, 4101000123, lex.FormHyphen))
	add(0b0011, 0, cell(2, 0, 4101000124, lex.FormHyphen), cell(2, 4, 4101000124, lex.FormBare)) // twice in a row: one record
	add(0b0111, 0, cell(3, 0, 9901000125, lex.FormHyphen), cell(3, 4, 2101000126, lex.FormBare)) // a couple
	add(0b1111, 21, cell(4, 0, 101000127, lex.FormNine))
	// A text repeats a cell of its row, and holds another number.
	text := cell(4, 0, 101000127, lex.FormHyphen)
	text.Shape, text.Label, text.Beside = observed.ShapeText, observed.LabelDirect, lex.Name
	if n := table.Observe(text); n != 0 {
		t.Errorf("the row's own number is %d records more", n)
	}
	text.Value = 4101000128
	if n := table.Observe(text); n != 1 {
		t.Errorf("a number in text is %d records", n)
	}
	var f scan.Findings
	table.Counts(&f, believer{scan.ConfidenceHigh}, roles)
	want := scan.Counts{
		Records: 6, Classes: scan.Classes{Number: 1, Two: 2, Three: 2, Four: 1}, Interim: 1,
		Places: map[string]int64{"41": 3, "21": 2, "99": 1}, Lives: map[string]int64{"21": 1},
	}
	if diff := cmp.Diff(want, f.High); diff != "" || f.Repaired != 1 {
		t.Errorf("%d repaired; counts (-want +got):\n%s", f.Repaired, diff)
	}
	c := table.Column(0, roles)
	if c.Numbers != 3 || c.Nine != 1 || c.Hyphen != 3 || c.Rows != 4 || c.Beside != (score.BesideStats{3, 2, 1}) {
		t.Errorf("column: %+v", c)
	}
	persons := map[uint64]int{}
	classes, places := scan.Classes{}, map[uint8]int{}
	err := table.Persons(believer{scan.ConfidenceHigh}, roles, func(b Believed) error {
		persons[b.Value]++
		classes.Add(scan.ClassesOf(b.Class, 1))
		if places[b.Place]++; b.Address != (b.Value/1e8 != uint64(b.Place)) {
			t.Errorf("place %d by address: %v", b.Place, b.Address)
		}
		return nil
	})
	if classes != f.High.Classes || places[41] != 3 || places[21] != 2 || places[99] != 1 {
		t.Errorf("persons by class %+v and place %v", classes, places)
	}
	if err != nil || len(persons) != 6 {
		t.Errorf("persons %v, %v", persons, err)
	}
	if s := table.Samples(0); len(s) != 2 || s[0].Masked() != "****-****23" || s[1].Row != 2 {
		t.Errorf("samples %v", s)
	}
	table.Clear()
	if !table.Empty() {
		t.Error("records are kept")
	}
}

// TestLow counts what is not believed, and hands out no person.
func TestLow(t *testing.T) {
	table := New(0)
	table.Observe(cell(1, 0, 4101000123, lex.FormBare))
	table.Add(0, observed.Row{})
	var f scan.Findings
	table.Counts(&f, believer{scan.ConfidenceLow}, nil)
	err := table.Persons(believer{scan.ConfidenceLow}, nil, func(Believed) error {
		t.Error("a person")
		return nil
	})
	if err != nil || f.Low != 1 || f.High.Records+f.Medium.Records != 0 || len(table.Samples(0)) != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestColumnCounts has numbers of a column and what they are like.
func TestColumnCounts(t *testing.T) {
	table := New(0)
	for i, n := range []*observed.Number{
		cell(1, 0, 2401011230, lex.FormBare), cell(2, 0, 2401011231, lex.FormBare), cell(3, 0, 2401011231, lex.FormBare),
		cell(4, 0, 120818211, lex.FormHyphen), cell(5, 0, 4101000123, lex.FormCertificate),
		cell(6, 0, 1234567890, lex.FormHyphen), // made up: says nothing of the column
		cell(7, 0, 1230000000, lex.FormRounded),
	} {
		table.Observe(n)
		if table.Found() != 1 {
			t.Errorf("row %d holds %d numbers", i, table.Found())
		}
	}
	want := score.ColumnStats{
		Numbers: 5, Hyphen: 1, Certificate: 1, Known: 2, Zero: 1, Phone: 1, Clock: 3,
		Step: 1, Same: 1, Serial: 1, Pair: 2, Office: 2, Year: 0,
	}
	if diff := cmp.Diff(want, table.Column(0, nil).ColumnStats); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}

// TestFull has more numbers, and more kinds of rows, than are kept.
func TestFull(t *testing.T) {
	same, kinds := New(0), New(0)
	for i := range maxValues {
		same.Observe(cell(i+1, 0, 4101000123, lex.FormHyphen))
		same.Add(0, observed.Row{})
	}
	if same.Full() {
		t.Error("one number again and again is too much")
	}
	full := 0
	for i := range 2 * maxRecords {
		kinds.Observe(cell(i+1, 0, 4101000123, lex.FormHyphen))
		kinds.Add(0, observed.Row{Filled: uint64(i)})
		if kinds.Full() {
			full = i + 1
			break
		}
	}
	if full != maxRecords {
		t.Errorf("full after %d kinds of rows, want %d", full, maxRecords)
	}
}

func TestClassOf(t *testing.T) {
	for _, c := range []struct {
		n    observed.Number
		want score.TextClass
	}{
		{observed.Number{Reading: lex.Reading{Value: 4101000123, Form: lex.FormHyphen}}, score.TextKnown},
		{observed.Number{Reading: lex.Reading{Value: 1301000123, Form: lex.FormBare}}, score.TextBare | score.TextClock},
		{observed.Number{Reading: lex.Reading{Value: 120818211, Form: lex.FormSpaced}}, score.TextSpaced | score.TextPhone | score.TextKnown},
		{observed.Number{Reading: lex.Reading{Value: 1234567890, Form: lex.FormHyphen}}, score.TextSample | score.TextKnown},
	} {
		if got := ClassOf(&c.n); got != c.want {
			t.Errorf("class of %d is %b, want %b", c.n.Value, got, c.want)
		}
	}
	n := observed.Number{Reading: lex.Reading{Value: 4101000123}, Label: observed.LabelDirect, Beside: lex.Name | lex.Address}
	if c := ClassOf(&n); c.Label() != observed.LabelDirect || c.Facts() != lex.Name|lex.Address {
		t.Errorf("label %d, beside %b", c.Label(), c.Facts())
	}
}
