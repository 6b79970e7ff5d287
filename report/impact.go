package report

import (
	"io"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// An Impact is what a leak held, as its reports show it: one set of tables, which
// every format renders.
type Impact struct {
	Lang    string // "ja" or "en"
	Version string // of kagiban
	Made    time.Time
	Zone    *time.Location
	// Calendar is as in Book.
	Calendar string
	// From and To are the time that was asked for; zero: none was.
	From, To time.Time
	Drill    bool  // an exercise: the files were picked at random
	Lines    int64 // of the list; 0: none was given

	All, Review ImpactSum
	Protections []ImpactSum // by their codes: open, weak, password, strong
	Departments []ImpactSum
	Readers     []ImpactSum // by audience
	Kinds       []ImpactSum // files by what is known of them
	Partial     int64       // files with findings of which a part is not known
	Files       []ImpactFile
	Unmatched   []string // lines of the list that mean no file
}

// An ImpactSum is what a part of the files comes to. Persons are different ones
// and do not add up.
type ImpactSum struct {
	Code, Name              string
	Files, Records, Persons int64
	RecordClasses           scan.Classes
	PersonClasses           scan.Classes
	RecordPlaces            map[string]int64 // as scan.Counts.Places
	PersonPlaces            map[string]int64
	PersonLives             map[string]int64 // of those by address
}

// An ImpactFile is one file of a leak.
type ImpactFile struct {
	ID             int64
	Versions       []int64
	Entry          scan.Entry
	Kind           string // found, nothing, protected, unchecked, left-out, not-then
	Reason         string
	Protection     string
	Guessable      bool
	Partial, Gone  bool
	Records        scan.Counts
	Review         int64
	Persons        scan.Distinct
	Department     string
	Readers        string
	Since, Until   time.Time
	Line, How      string // of the list
	Fold, Several  bool
	Format, Scheme string
}

// unknown reports whether some of a file is not known.
func (f *ImpactFile) unknown() bool {
	return f.Partial || f.Kind != "found" && f.Kind != "nothing"
}

// An ImpactFormat is one row in the table of formats of an impact.
type ImpactFormat struct {
	Name, Extension string
	write           func(io.Writer, *Impact) error
}

// Write renders an impact.
func (f ImpactFormat) Write(w io.Writer, i *Impact) error { return f.write(w, i) }

// ImpactFormats is the table of formats.
func ImpactFormats() []ImpactFormat {
	return []ImpactFormat{
		{"console", "", impactConsole},
		{"html", ".html", impactHTML},
		{"xlsx", ".xlsx", impactXLSX},
		{"jsonl", ".jsonl", impactJSONL},
	}
}

// An impactTable is one table of the report: its first column is text, cells are
// strings, int64 or times.
type impactTable struct {
	ID, Title, Note string
	Heads           []string
	Widths          []float64
	Rows            [][]any
	List            bool // of files or lines: it may be long
}

// tables are all tables of the report.
func (i *Impact) tables(w words) []impactTable {
	list := []impactTable{i.summary(w), i.classTable(w), i.placeTable(w)}
	if len(i.Departments) > 1 || len(i.Departments) == 1 && i.Departments[0].Name != "" {
		list = append(list, i.groupTable(w, "departments", "impact.head-departments", i.Departments))
	}
	list = append(list, i.groupTable(w, "readers", "impact.head-readers", i.Readers), i.coverage(w), i.foundTable(w), i.unknownTable(w))
	if len(i.Unmatched) > 0 {
		t := impactTable{ID: "unmatched", Title: w.text("impact.head-unmatched"), Note: w.text("impact.note-unmatched"), Heads: []string{w.text("impact.col-line")}, Widths: []float64{100}, List: true}
		for _, line := range i.Unmatched {
			t.Rows = append(t.Rows, []any{visible(MaskName(line))})
		}
		list = append(list, t)
	}
	return list
}

func (i *Impact) summary(w words) impactTable {
	t := impactTable{
		ID: "summary", Title: w.text("impact.head-summary"), Note: w.text("impact.note-summary"),
		Heads: []string{w.text("impact.col-protection"), w.text("col.files"), w.text("col.records"), w.text("col.persons")}, Widths: []float64{44, 14, 16, 16},
	}
	for _, s := range i.Protections {
		t.Rows = append(t.Rows, []any{w.code("impact-protection", s.Code), s.Files, s.Records, s.Persons})
	}
	t.Rows = append(t.Rows, []any{w.text("sum"), i.All.Files, i.All.Records, i.All.Persons})
	if i.Review.Records > 0 {
		t.Rows = append(t.Rows, []any{w.text("impact.review"), i.Review.Files, i.Review.Records, i.Review.Persons})
	}
	return t
}

func (i *Impact) classTable(w words) impactTable {
	t := impactTable{
		ID: "classes", Title: w.text("impact.head-classes"), Note: w.text("impact.note-classes"),
		Heads:  []string{w.text("impact.col-class"), w.text("col.records"), w.text("impact.col-open-records"), w.text("col.persons"), w.text("impact.col-open-persons")},
		Widths: []float64{44, 16, 16, 16, 16},
	}
	var open ImpactSum
	for _, s := range i.Protections {
		if s.Code == "open" {
			open = s
		}
	}
	for _, code := range []string{"four", "three", "two", "number"} {
		t.Rows = append(t.Rows, []any{w.code("class", code) + " (" + w.code("class-meaning", code) + ")",
			classCount(i.All.RecordClasses, code), classCount(open.RecordClasses, code), classCount(i.All.PersonClasses, code), classCount(open.PersonClasses, code)})
	}
	t.Rows = append(t.Rows, []any{w.text("sum"), i.All.Records, open.Records, i.All.Persons, open.Persons})
	return t
}

func classCount(c scan.Classes, code string) int64 {
	return map[string]int64{"four": c.Four, "three": c.Three, "two": c.Two, "number": c.Number}[code]
}

func (i *Impact) placeTable(w words) impactTable {
	t := impactTable{
		ID: "places", Title: w.text("head.places"), Note: w.text("impact.note-places"),
		Heads:  []string{w.text("head.place"), w.text("col.records"), w.text("col.persons"), w.text("impact.col-lives")},
		Widths: []float64{44, 16, 16, 22},
	}
	people, lives := byPlace(i.All.PersonPlaces), byPlace(i.All.PersonLives)
	for n, row := range byPlace(i.All.RecordPlaces) {
		t.Rows = append(t.Rows, []any{w.code("place", row.Code), row.N, people[n].N, lives[n].N})
	}
	return t
}

func (i *Impact) groupTable(w words, id, title string, groups []ImpactSum) impactTable {
	t := impactTable{
		ID: id, Title: w.text(title), Note: w.text("impact.note-groups"),
		Heads:  []string{w.text("col.item"), w.text("col.files"), w.text("col.records"), w.text("col.persons"), w.code("class", "four"), w.code("class", "three"), w.code("class", "two"), w.code("class", "number")},
		Widths: []float64{44, 12, 14, 14, 14, 14, 14, 14},
	}
	for _, g := range groups {
		name := visible(MaskName(g.Name))
		if g.Code != "" {
			name = w.code("audience", g.Code)
		}
		c := g.PersonClasses
		t.Rows = append(t.Rows, []any{name, g.Files, g.Records, g.Persons, c.Four, c.Three, c.Two, c.Number})
	}
	return t
}

func (i *Impact) coverage(w words) impactTable {
	t := impactTable{
		ID: "coverage", Title: w.text("impact.head-coverage"), Note: w.text("impact.note-coverage"),
		Heads: []string{w.text("impact.col-kind"), w.text("col.files")}, Widths: []float64{60, 14},
	}
	sum := int64(0)
	for _, k := range i.Kinds {
		t.Rows = append(t.Rows, []any{w.code("impact-kind", k.Code), k.Files})
		sum += k.Files
	}
	t.Rows = append(t.Rows, []any{w.text("sum"), sum}, []any{w.text("impact.partial"), i.Partial})
	if i.Lines > 0 {
		t.Rows = append(t.Rows, []any{w.text("impact.lines"), i.Lines}, []any{w.text("impact.lines-unmatched"), int64(len(i.Unmatched))})
	}
	return t
}
