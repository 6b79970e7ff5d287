package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// A summary is the totals of a Book as every format for people shows them, so
// that no two of them count differently.
type summary struct {
	Statuses   []statusRow // worst first
	Sum        statusRow   // Persons stays 0: they cannot be added
	Seen       int64       // files counted one by one
	Rates      []rate
	Classes    []named    // records of violations
	Restricted *statusRow // of the excepted files, those that few can read; nil: none
	Readers    []audienceRow
	ReaderSum  audienceRow
	Places     []named // records of violations
	PlaceSum   int64
	LivesSum   int64       // of PlaceSum, by address
	Low        rate        // records of low score, and files with such
	Folders    []folderRow // most records in violation first
	Unchecked  []named
	Skipped    []named
	Protection []named
	Partial    int64
	Persons    string // how persons were counted
}

// A statusRow is one status or the sum over all.
type statusRow struct {
	Status scan.Status
	Name   string
	Sum
	Counted bool  // files of this status have records to count
	Decided int64 // of its files, those that a person decided not to be findings
}

// A named is a count under the word for its code.
type named struct {
	Code, Name string
	N          int64
	Lives      int64 // of N, by address; for places only
}

// A rate is always shown with both of its numbers.
type rate struct {
	Name        string
	Part, Whole int64
}

func (r rate) Percent() string { return percent(r.Part, r.Whole) }

// A folderRow is one department.
type folderRow struct {
	Name string
	*Folder
}

// Of returns the sum of one status.
func (f folderRow) Of(s string) *Sum { return f.Statuses[scan.Status(s)] }

func newSummary(t *Totals, w words) summary {
	s := summary{Seen: t.Files, Partial: t.Partial, Sum: statusRow{Name: w.text("sum"), Counted: true}}
	for _, status := range scan.Statuses() {
		row := statusRow{Status: status, Name: w.code("status", string(status)), Sum: *t.Statuses[status], Counted: hasRecords(status), Decided: t.Decided[status]}
		s.Statuses = append(s.Statuses, row)
		s.Sum.Files += row.Files
		s.Sum.Records += row.Records
		s.Sum.Classes.Add(row.Classes)
	}
	if t.Restricted.Files > 0 {
		s.Restricted = &statusRow{Status: scan.StatusExcepted, Name: w.text("text.restricted"), Sum: t.Restricted, Counted: true}
	}
	s.Readers, s.ReaderSum = byAudience(t.Readers, w)
	s.Rates = rates(t, w)
	if wide, known := s.wide(), s.known(); known > 0 {
		s.Rates = append(s.Rates, rate{w.text("rate.wide"), wide.Files, known})
	}
	s.Classes = classes(t.Statuses[scan.StatusViolation].Classes, w)
	s.Persons = w.text("text.persons")
	if t.Estimated {
		s.Persons += " " + w.text("text.persons-estimate")
	}
	s.Low = rate{w.text("text.low"), t.Low, t.LowFiles}
	s.Places = byPlace(t.Places)
	lives := byPlace(t.Lives)
	for i := range s.Places {
		s.Places[i].Lives = lives[i].N
		s.LivesSum += lives[i].N
		s.Places[i].Name = w.code("place", s.Places[i].Code)
		s.PlaceSum += s.Places[i].N
	}
	s.Folders = folders(t, w)
	s.Unchecked = byCount(t.Unchecked, w, "reason")
	s.Skipped = byCount(t.Skipped, w, "reason")
	for _, strength := range []string{string(scan.StrengthWeak), "", string(scan.StrengthStrong)} {
		s.Protection = append(s.Protection, named{Code: strength, Name: w.strength(strength), N: t.Protection[strength]})
	}
	return s
}

// wide sums up the violations that whoever can log on can read.
func (s summary) wide() (sum Sum) {
	for _, row := range s.Readers {
		if row.Wide {
			sum.Files += row.Violation.Files
			sum.Records += row.Violation.Records
		}
	}
	return sum
}

// known counts the violations of which it is known who can read them. The rest
// must not lower the rate of those that many can read.
func (s summary) known() (files int64) {
	for _, row := range s.Readers {
		if row.Code != audienceUnknown {
			files += row.Violation.Files
		}
	}
	return files
}

// hasRecords is true of the statuses whose files have records to count. What needs a
// password was not examined.
func hasRecords(s scan.Status) bool {
	return s == scan.StatusViolation || s == scan.StatusReview || s == scan.StatusExcepted
}

func (w words) strength(s string) string { return w.code("strength", cmp.Or(s, "unknown")) }

// rates sets files beside records: in the incident that this tool answers, 99 %
// of the files had no password and 44 % of the records.
func rates(t *Totals, w words) []rate {
	scope := t.Files - t.Statuses[scan.StatusSkipped].Files
	var files, records int64
	for _, s := range scan.Statuses() {
		if hasRecords(s) {
			files += t.Statuses[s].Files
			records += t.Statuses[s].Records
		}
	}
	violation := t.Statuses[scan.StatusViolation]
	return []rate{
		{w.text("rate.files"), violation.Files, scope},
		{w.text("rate.found"), violation.Files, files},
		{w.text("rate.records"), violation.Records, records},
		{w.text("rate.protected"), t.Statuses[scan.StatusProtected].Files, scope},
		{w.text("rate.unchecked"), t.Statuses[scan.StatusUnchecked].Files, scope},
	}
}

// classes orders by how much stands beside the number, most first.
func classes(c scan.Classes, w words) []named {
	rows := []named{{Code: "four", N: c.Four}, {Code: "three", N: c.Three}, {Code: "two", N: c.Two}, {Code: "number", N: c.Number}}
	for i := range rows {
		rows[i].Name = w.code("class", rows[i].Code)
	}
	return rows
}

func folders(t *Totals, w words) []folderRow {
	var rows []folderRow
	for name, f := range t.Folders {
		rows = append(rows, folderRow{w.folder(name), f})
	}
	slices.SortFunc(rows, func(a, b folderRow) int {
		x, y := a.Of("violation"), b.Of("violation")
		return cmp.Or(cmp.Compare(y.Records, x.Records), cmp.Compare(y.Files, x.Files), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

// folder names a department for people.
func (w words) folder(name string) string {
	if name == "" {
		return w.text("root-folder")
	}
	return visible(name)
}

// byCount names counts and orders them, largest first.
func byCount(counts map[string]int64, w words, family string) []named {
	var rows []named
	for _, code := range slices.Sorted(maps.Keys(counts)) {
		rows = append(rows, named{Code: code, Name: w.code(family, code), N: counts[code]})
	}
	slices.SortStableFunc(rows, func(a, b named) int { return cmp.Compare(b.N, a.N) })
	return rows
}
