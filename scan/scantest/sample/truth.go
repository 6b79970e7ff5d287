package sample

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// Truth is what a scan of the sample must find. It follows from how the files
// were made; no detector had a part in it.
type Truth struct {
	Files  []File         `json:"files"`  // by path
	Totals map[string]int `json:"totals"` // files by status
	// Violation and Review are the sums over the files of that status. A
	// person in several files counts in each file, and once here.
	Violation Sum `json:"violation"`
	Review    Sum `json:"review"`
}

// A File is what must be said of one file.
type File struct {
	Path    string `json:"path"` // below the folder of the sample, with '/'
	Kind    string `json:"kind"` // how it was made
	Status  string `json:"status"`
	Verdict string `json:"verdict"` // as scan.Verdict writes itself
	Format  string `json:"format"`  // by content, in the words of this package: csv, text, xlsx, zip, …
	// Records, Persons and Classes are those of high confidence for a
	// violation, and those of middling confidence for a review.
	Records int64            `json:"records"`
	Persons int64            `json:"persons"`
	Classes scan.Classes     `json:"classes"`
	Places  map[string]int64 `json:"prefectures,omitempty"`
	// Salted says that the bytes differ between two runs, because a protection
	// draws a salt.
	Salted bool `json:"salted,omitempty"`
}

// A Sum adds up files.
type Sum struct {
	Files   int   `json:"files"`
	Records int64 `json:"records"`
	Persons int64 `json:"persons"`
}

// WriteJSON writes the truth, indented.
func (t *Truth) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(t)
}

// The statuses, as reports have them.
const (
	violation = "violation"
	review    = "review"
	protected = "protected"
	clean     = "clean"
	skipped   = "skipped"
	unchecked = "unchecked"
)

// A doc is a file before it is written: its bytes and what they hold.
type doc struct {
	kind, name, format string
	data               []byte
	status             string
	verdict            scan.Verdict
	salted             bool
	classes            scan.Classes
	numbers            []uint64 // one for each record
	places             []string // the prefecture of each record: of the address if there is one, else of the number
}

// none makes a doc that opens for everybody and holds nothing.
func none(kind, name, format string, data []byte) doc {
	return doc{kind: kind, name: name, format: format, data: data, status: clean, verdict: scan.VerdictNone}
}

// holding makes a doc that opens for everybody and holds a record for each of
// the people.
func holding(kind, name, format string, data []byte, people []Person, items int) doc {
	d := none(kind, name, format, data)
	d.status = violation
	for i := range people {
		d.numbers = append(d.numbers, people[i].Number)
		d.places = append(d.places, people[i].place(items == 4))
	}
	n := int64(len(people))
	switch items {
	case 2:
		d.classes.Two = n
	case 3:
		d.classes.Three = n
	case 4:
		d.classes.Four = n
	default:
		d.classes.Number = n
	}
	return d
}

// closed makes d a file that needs a password.
func (d doc) closed(kind, name, format string, data []byte) doc {
	return doc{kind: kind, name: name, format: format, data: data, status: protected, verdict: scan.VerdictPassword, salted: true}
}

// containing adds up what is inside a container.
func containing(kind, name, format string, data []byte, members ...doc) doc {
	d := none(kind, name, format, data)
	worst := []string{clean, protected, unchecked, review, violation}
	for _, m := range members {
		if slices.Index(worst, m.status) > slices.Index(worst, d.status) {
			d.status = m.status
		}
		d.salted = d.salted || m.salted
		d.numbers = append(d.numbers, m.numbers...)
		d.places = append(d.places, m.places...)
		d.classes.Number += m.classes.Number
		d.classes.Two += m.classes.Two
		d.classes.Three += m.classes.Three
		d.classes.Four += m.classes.Four
	}
	return d
}

func (d *doc) file(path string) File {
	f := File{
		Path: path, Kind: d.kind, Status: d.status, Verdict: d.verdict.String(), Format: d.format,
		Records: int64(len(d.numbers)), Classes: d.classes, Salted: d.salted,
	}
	distinct := map[uint64]bool{}
	for i, n := range d.numbers {
		distinct[n] = true
		if f.Places == nil {
			f.Places = map[string]int64{}
		}
		f.Places[d.places[i]]++
	}
	f.Persons = int64(len(distinct))
	return f
}

// sum makes the truth from all files.
func sum(files []File, docs []doc) *Truth {
	t := &Truth{Totals: map[string]int{}}
	persons := map[string]map[uint64]bool{violation: {}, review: {}}
	for i, f := range files {
		t.Totals[f.Status]++
		s := &t.Violation
		switch f.Status {
		case violation:
		case review:
			s = &t.Review
		default:
			continue
		}
		s.Files++
		s.Records += f.Records
		for _, n := range docs[i].numbers {
			persons[f.Status][n] = true
		}
	}
	t.Violation.Persons = int64(len(persons[violation]))
	t.Review.Persons = int64(len(persons[review]))
	t.Files = slices.SortedFunc(slices.Values(files), func(a, b File) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return t
}
