package scantest

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
)

// Detector is what every detector must pass: made twice it says the same of
// the same rows; it keeps nothing of a row that it was lent; shared texts and
// examinations that run side by side make no difference; the sums add up; and
// no raw value comes out. documents are rows by the name of a file; one of
// them at least must hold something to find.
func Detector(t *testing.T, fresh func() scan.Detector, documents map[string][]scan.Row) {
	t.Helper()
	if a, b := fresh().Revision(), fresh().Revision(); a == "" || a != b {
		t.Errorf("Revision() = %q, then %q", a, b)
	}
	if got := Examine(t, fresh(), "empty.csv", nil, 3); !cmp.Equal(got.Findings, scan.Findings{}) {
		t.Errorf("an empty document holds %+v", got.Findings)
	}
	var found int64
	d := fresh()
	for name, rows := range documents {
		want := Examine(t, fresh(), name, rows, 3)
		found += want.Findings.High.Records + want.Findings.Medium.Records
		checkSums(t, name, want)
		checkRaw(t, name, want)
		for how, got := range map[string]Outcome{
			"a second time":     Examine(t, d, name, rows, 3),
			"lent rows":         examineLent(t, d, name, rows),
			"shared texts":      Examine(t, d, name, share(rows), 3),
			"with another open": examineBeside(t, d, name, rows),
		} {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s: findings differ (-want +got):\n%s", name, how, diff)
			}
		}
		if got := Examine(t, d, name, rows, 0); len(got.Findings.Hits) > 0 {
			t.Errorf("%s: %d hits where none may be kept", name, len(got.Findings.Hits))
		}
	}
	if found == 0 {
		t.Errorf("nothing found in %d documents", len(documents))
	}
}

// An Outcome is all that comes out of an examination.
type Outcome struct {
	Findings     scan.Findings
	High, Medium []uint64 // keyed hashes
	Persons      []scan.Person
}

// Examine runs one document through a detector.
func Examine(t testing.TB, d scan.Detector, name string, rows []scan.Row, maxHits int) Outcome {
	t.Helper()
	persons := scan.NewPersons()
	e := d.Begin(scan.Subject{Names: []string{name}, Persons: persons, MaxHits: maxHits})
	for _, r := range rows {
		if err := e.Row(r); err != nil {
			t.Fatalf("%s: Row(%d): %v", name, r.N, err)
		}
	}
	return closeExamination(t, name, e, persons)
}

func closeExamination(t testing.TB, name string, e scan.Examination, persons *scan.Persons) Outcome {
	t.Helper()
	f, err := e.Close()
	if err != nil {
		t.Fatalf("%s: Close: %v", name, err)
	}
	o := Outcome{Findings: f}
	for p, err := range persons.All() {
		switch {
		case err != nil:
			t.Fatal(err)
		case p.Grade == scan.ConfidenceHigh:
			o.High = append(o.High, p.Hash)
		default:
			o.Medium = append(o.Medium, p.Hash)
		}
		o.Persons = append(o.Persons, p)
	}
	return o
}

// examineLent overwrites each row as soon as Row returns.
func examineLent(t testing.TB, d scan.Detector, name string, rows []scan.Row) Outcome {
	t.Helper()
	persons := scan.NewPersons()
	e := d.Begin(scan.Subject{Names: []string{name}, Persons: persons, MaxHits: 3})
	var cells []scan.Cell
	var text []byte
	for _, r := range rows {
		cells, text = cells[:0], text[:0]
		for _, c := range r.Cells {
			text = append(text, c.Text...)
		}
		at := 0
		for _, c := range r.Cells {
			end := at + len(c.Text)
			cells = append(cells, scan.Cell{Col: c.Col, Text: text[at:end:end], Shared: c.Shared})
			at = end
		}
		if err := e.Row(scan.Row{Table: r.Table, N: r.N, Cells: cells}); err != nil {
			t.Fatalf("%s: Row(%d): %v", name, r.N, err)
		}
		for i := range text {
			text[i] = '7'
		}
		clear(cells)
	}
	return closeExamination(t, name, e, persons)
}

// examineBeside has a second examination open all the time.
func examineBeside(t testing.TB, d scan.Detector, name string, rows []scan.Row) Outcome {
	t.Helper()
	subject := func() scan.Subject {
		return scan.Subject{Names: []string{name}, Persons: scan.NewPersons(), MaxHits: 3}
	}
	one, other := subject(), subject()
	e, beside := d.Begin(one), d.Begin(other)
	for i := range rows {
		if err := e.Row(rows[i]); err != nil {
			t.Fatalf("%s: Row(%d): %v", name, rows[i].N, err)
		}
		if err := beside.Row(rows[len(rows)-1-i]); err != nil {
			t.Fatalf("%s: Row(%d) of another examination: %v", name, rows[i].N, err)
		}
	}
	return closeExamination(t, name, e, one.Persons)
}

// share numbers equal texts as a workbook does.
func share(rows []scan.Row) []scan.Row {
	ids := map[string]uint32{}
	out := make([]scan.Row, len(rows))
	for i, r := range rows {
		out[i] = scan.Row{Table: r.Table, N: r.N}
		for _, c := range r.Cells {
			id, ok := ids[string(c.Text)]
			if !ok {
				id = uint32(len(ids) + 1)
				ids[string(c.Text)] = id
			}
			out[i].Cells = append(out[i].Cells, scan.Cell{Col: c.Col, Text: c.Text, Shared: id})
		}
	}
	return out
}

// checkSums demands that the parts of each count make the whole, and that
// there are no more persons than records.
func checkSums(t testing.TB, name string, o Outcome) {
	t.Helper()
	for grade, c := range map[string]scan.Counts{"high": o.Findings.High, "middle": o.Findings.Medium} {
		if n := c.Classes.Number + c.Classes.Two + c.Classes.Three + c.Classes.Four; n != c.Records {
			t.Errorf("%s: %s: classes make %d of %d records", name, grade, n, c.Records)
		}
		var places int64
		for _, n := range c.Places {
			places += n
		}
		if places != c.Records {
			t.Errorf("%s: %s: prefectures make %d of %d records", name, grade, places, c.Records)
		}
		if c.Interim > c.Records {
			t.Errorf("%s: %s: %d interim numbers in %d records", name, grade, c.Interim, c.Records)
		}
	}
	if int64(len(o.High)) > o.Findings.High.Records || int64(len(o.Medium)) > o.Findings.Medium.Records {
		t.Errorf("%s: more persons (%d, %d) than records (%d, %d)", name, len(o.High), len(o.Medium), o.Findings.High.Records, o.Findings.Medium.Records)
	}
}

// checkRaw looks for anything that could be a whole number in the findings.
// The message does not show it.
func checkRaw(t testing.TB, name string, o Outcome) {
	t.Helper()
	b, err := json.Marshal(o.Findings)
	if err != nil {
		t.Fatal(err)
	}
	if raw := regexp.MustCompile(`\d{9}|\d{4}\D?\d{6}|[０-９]{4}`); raw.Match(b) {
		t.Errorf("%s: a raw value is among the findings", name)
	}
}
