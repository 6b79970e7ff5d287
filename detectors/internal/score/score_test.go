package score

import (
	"strings"
	"testing"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/scan"
)

// TestColumn has columns and the reasons of their assessments.
func TestColumn(t *testing.T) {
	pension := Pension(DefaultGrades())
	hyphens := ColumnStats{Numbers: 20, Hyphen: 20, Known: 20}
	for _, c := range []struct {
		name string
		col  Column
		want scan.Confidence
		why  string
	}{
		{"heading", Column{ColumnStats: hyphens, Heading: observed.HeadingAnnounces, Cells: 20}, scan.ConfidenceHigh, "header shape column prefecture-many"},
		{"no heading", Column{ColumnStats: hyphens, Cells: 20}, scan.ConfidenceMedium, "shape column prefecture-many"},
		{"names beside it", Column{ColumnStats: hyphens, Cells: 20, Rows: 20, Beside: BesideStats{20, 20, 0}}, scan.ConfidenceHigh, "shape column prefecture-many name birth"},
		{"other heading", Column{ColumnStats: hyphens, Heading: observed.HeadingOther, Cells: 20}, scan.ConfidenceLow, "other-header shape column prefecture-many"},
		{"unknown heading", Column{ColumnStats: hyphens, Heading: observed.HeadingUnknown, Cells: 20}, scan.ConfidenceLow, "unknown-header shape column prefecture-many"},
		{"title", Column{ColumnStats: hyphens, Cells: 20, Titled: true, Named: true}, scan.ConfidenceHigh, "title shape column prefecture-many file-name"},
		{"boxes", Column{ColumnStats: ColumnStats{Numbers: 1, Hyphen: 1, Known: 1, Boxes: 1}, Cells: 1}, scan.ConfidenceHigh, "header shape column prefecture"},
		{"bare", Column{ColumnStats: ColumnStats{Numbers: 20, Known: 20}, Cells: 20, Rows: 20, Beside: BesideStats{20, 20, 20}, Named: true}, scan.ConfidenceMedium, "bare column-short prefecture-many name birth address file-name limited"},
		{"times", Column{ColumnStats: ColumnStats{Numbers: 20, Known: 10, Clock: 20}, Cells: 20}, scan.ConfidenceLow, "bare column-short no-prefecture-many datetime"},
		{"sequence", Column{ColumnStats: ColumnStats{Numbers: 20, Hyphen: 20, Known: 20, Step: 19, Office: 19}, Cells: 20}, scan.ConfidenceLow, "shape column prefecture-many sequence same-office"},
		{"free dial", Column{ColumnStats: ColumnStats{Numbers: 20, Hyphen: 20, Known: 20, Zero: 20, Phone: 20, Pair: 19}, Cells: 20}, scan.ConfidenceLow, "shape column prefecture-many phone"},
		{"certificates", Column{ColumnStats: ColumnStats{Numbers: 5, Certificate: 5, Coded: 5, Known: 5}, Cells: 5}, scan.ConfidenceHigh, "shape column certificate-code prefecture-some"},
		{"nothing", Column{Cells: 5}, scan.ConfidenceLow, "bare"},
	} {
		v := pension.Column(&c.col)
		if why := strings.Join(v.Why, " "); why != c.why || v.Confidence != c.want {
			t.Errorf("%s: %s (%d): %s", c.name, v.Confidence, v.Score, why)
		}
	}
}

// TestNine has columns of nine digits, which may have lost a zero.
func TestNine(t *testing.T) {
	pension := Pension(DefaultGrades())
	for _, c := range []struct {
		stats   ColumnStats
		heading observed.Heading
		want    bool
	}{
		{ColumnStats{Nine: 1}, observed.HeadingAnnounces, true},
		{ColumnStats{Nine: 5}, observed.HeadingOpen, false},
		{ColumnStats{Nine: 5, Numbers: 5, Known: 5}, observed.HeadingOpen, true},
		{ColumnStats{Nine: 6, Numbers: 5, Known: 5}, observed.HeadingOpen, false},
	} {
		if v := pension.Column(&Column{ColumnStats: c.stats, Heading: c.heading}); v.Nine != c.want {
			t.Errorf("%+v: %v", c.stats, v.Nine)
		}
	}
}

// TestText has classes of numbers in running text and the reasons of their assessments.
func TestText(t *testing.T) {
	pension := Pension(DefaultGrades())
	for _, c := range []struct {
		name  string
		stats TextStats
		class TextClass
		want  scan.Confidence
		why   string
	}{
		{"direct", TextStats{}, Labelled(0, observed.LabelDirect) | TextKnown, scan.ConfidenceHigh, "header direct shape prefecture"},
		{"layout", TextStats{}, Labelled(lex.Birth, observed.LabelFiling) | TextKnown, scan.ConfidenceHigh, "layout shape prefecture birth"},
		{"alone", TextStats{}, TextKnown, scan.ConfidenceLow, "shape prefecture"},
		{"mentioned", TextStats{Mentioned: true, Named: true}, Labelled(lex.Name, observed.LabelNone) | TextKnown, scan.ConfidenceMedium, "mentioned shape prefecture name file-name"},
		{"other label", TextStats{}, Labelled(0, observed.LabelOther) | TextKnown, scan.ConfidenceLow, "other-header shape prefecture"},
		{"list", TextStats{Lines: 20, Found: 20, Known: 20, Lifted: [observed.Labels]bool{true}}, Labelled(0, observed.LabelNone) | TextKnown, scan.ConfidenceHigh, "shape column-short prefecture-many list"},
		{"made up", TextStats{}, Labelled(0, observed.LabelDirect) | TextKnown | TextSample, scan.ConfidenceLow, "header direct shape prefecture limited"},
		{"time", TextStats{}, TextBare | TextClock, scan.ConfidenceLow, "bare no-prefecture datetime-like"},
		{"free dial", TextStats{}, TextPhone | TextKnown, scan.ConfidenceLow, "shape prefecture phone"},
	} {
		v := pension.Text(&c.stats, c.class)
		if why := strings.Join(v.Why, " "); why != c.why || v.Confidence != c.want {
			t.Errorf("%s: %s (%d): %s", c.name, v.Confidence, v.Score, why)
		}
	}
}

func TestLift(t *testing.T) {
	pension := Pension(DefaultGrades())
	sure, unsure := Labelled(0, observed.LabelSame)|TextKnown, Labelled(0, observed.LabelSame)|TextKnown|TextSample
	for _, c := range []struct {
		sure, unsure int64
		want         bool
	}{{5, 5, true}, {4, 5, false}, {2, 2, false}} {
		var stats TextStats
		pension.Lift(&stats, []ClassCount{{sure, c.sure}, {unsure, c.unsure}})
		if stats.Lifted[observed.LabelSame] != c.want || stats.Lifted[observed.LabelNone] {
			t.Errorf("%d sure, %d not: %v", c.sure, c.unsure, stats.Lifted)
		}
	}
}

// TestKind has a kind that knows two reasons and asks for half of a column.
func TestKind(t *testing.T) {
	kind := Kind{Grades: DefaultGrades(), Weights: []Weight{{Code: "header", Points: 60}, {Code: "column", Points: 20}}, Share: 50}
	for numbers, want := range map[int64]string{4: "header", 5: "header column"} {
		v := kind.Column(&Column{ColumnStats: ColumnStats{Numbers: numbers}, Heading: observed.HeadingAnnounces, Cells: 10})
		if why := strings.Join(v.Why, " "); why != want {
			t.Errorf("%d of 10: %s (%d)", numbers, why, v.Score)
		}
	}
}

// TestRecord has numbers that stand in several columns.
func TestRecord(t *testing.T) {
	assessed := []Assessment{
		{Confidence: scan.ConfidenceHigh, Header: true, Nine: true}, {Confidence: scan.ConfidenceMedium}, {Confidence: scan.ConfidenceLow},
	}
	for _, c := range []struct {
		columns uint64
		flags   Flags
		want    scan.Confidence
		alike   bool
	}{
		{0b001, 0, scan.ConfidenceHigh, true},
		{0b011, 0, scan.ConfidenceHigh, true},
		{0b110, 0, scan.ConfidenceMedium, true},
		{0b100, 0, scan.ConfidenceLow, true},
		{0b001, FlagNine, scan.ConfidenceHigh, true},
		{0b010, FlagNine, scan.ConfidenceLow, false},
		{0b010, FlagPhone, scan.ConfidenceLow, true},
		{0b001, FlagPhone | FlagSpaced, scan.ConfidenceHigh, true},
		{0b001, FlagSample, scan.ConfidenceLow, true},
		{0b001, FlagRounded, scan.ConfidenceMedium, true},
		{0b010, FlagRounded, scan.ConfidenceLow, true},
	} {
		if got, alike := Record(assessed, c.columns, c.flags); got != c.want || alike != c.alike {
			t.Errorf("columns %b, flags %b: %s, %v", c.columns, c.flags, got, alike)
		}
	}
}

// TestWeights checks that each reason is listed once.
func TestWeights(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range Weights() {
		if seen[w.Code] || Points(w.Code) != w.Points {
			t.Errorf("%s is listed twice", w.Code)
		}
		seen[w.Code] = true
	}
	for _, fact := range factCodes {
		if !seen[fact.code] {
			t.Errorf("%s has no weight", fact.code)
		}
	}
}
