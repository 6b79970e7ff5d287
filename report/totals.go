package report

import (
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// Totals are the counts that every report prints. The counts by status add up
// to Files.
type Totals struct {
	Files      int64
	Bytes      int64
	Statuses   map[scan.Status]*Sum
	Folders    map[string]*Folder    // by the first folder below the target: the department
	Places     map[string]int64      // records of violations, by prefecture of the address, else of the number
	Lives      map[string]int64      // of them, those by address
	Low        int64                 // records of low score, in files of any status
	LowFiles   int64                 // files with such records
	Interim    int64                 // of them, interim numbers
	Unchecked  map[string]int64      // files not decided, by kind of problem
	Skipped    map[string]int64      // files left out, by rule
	Protection map[string]int64      // protected files by strength ("weak", "strong", "")
	Estimated  bool                  // some numbers of persons above ten million are estimates
	Decided    map[scan.Status]int64 // files that a person has decided not to be findings
	Ages       map[int]int64         // files in violation by class of age, see ageYears
	OldRules   int64                 // files that were judged by rules of before
	OldFound   int64                 // of them, those in violation or for review
	Partial    int64                 // files of which some part was not examined
	Restricted Sum                   // of the excepted files, those excepted because few can read them
	// Readers counts files with findings by who can read them and by status.
	Readers map[string]map[scan.Status]*Sum
}

// A Sum is what the files of one status come to. Persons are different ones
// over all these files; they are filled in from the state.
type Sum struct {
	Files   int64
	Records int64
	Persons int64
	Classes scan.Classes
}

// A Folder is the sum by status for one department.
type Folder struct {
	Files    int64
	Statuses map[scan.Status]*Sum
}

// NewTotals makes empty totals.
func NewTotals() *Totals {
	t := &Totals{
		Statuses: sums(), Folders: map[string]*Folder{}, Places: map[string]int64{}, Lives: map[string]int64{},
		Unchecked: map[string]int64{}, Skipped: map[string]int64{}, Protection: map[string]int64{},
		Readers: map[string]map[scan.Status]*Sum{}, Decided: map[scan.Status]int64{}, Ages: map[int]int64{},
	}
	return t
}

func sums() map[scan.Status]*Sum {
	m := map[scan.Status]*Sum{}
	for _, s := range scan.Statuses() {
		m[s] = &Sum{}
	}
	return m
}

// Add counts one file.
func (t *Totals) Add(f File) {
	t.Files++
	t.Bytes += f.Entry.Size
	t.Statuses[f.Status].add(f)
	name := f.Department.Name
	folder := t.Folders[name]
	if folder == nil {
		folder = &Folder{Statuses: sums()}
		t.Folders[name] = folder
	}
	folder.Files++
	folder.Statuses[f.Status].add(f)
	if f.Partial {
		t.Partial++
	}
	if f.OldRules {
		t.OldRules++
		if f.Status == scan.StatusViolation || f.Status == scan.StatusReview {
			t.OldFound++
		}
	}
	if f.Decided() == scan.DecisionNot {
		t.Decided[f.Status]++
	}
	t.addReaders(f)
	low := int64(0)
	for i := range f.Items {
		low += f.Items[i].Findings.Low
	}
	if low > 0 {
		t.Low += low
		t.LowFiles++
	}
	switch f.Status {
	case scan.StatusViolation:
		t.Ages[ageOf(f)]++
		for place, n := range f.Counts.Places {
			t.Places[place] += n
		}
		for place, n := range f.Counts.Lives {
			t.Lives[place] += n
		}
		t.Interim += f.Counts.Interim
	case scan.StatusUnchecked:
		t.Unchecked[f.Reason]++
	case scan.StatusSkipped:
		t.Skipped[f.Reason]++
	case scan.StatusProtected:
		t.Protection[string(Strength(f.Result))]++
	}
}

// addReaders counts a file with findings by who can read it.
func (t *Totals) addReaders(f File) {
	if !hasRecords(f.Status) {
		return
	}
	code := audienceOf(f)
	if t.Readers[code] == nil {
		t.Readers[code] = sums()
	}
	t.Readers[code][f.Status].add(f)
	if f.Restricted() {
		t.Restricted.add(f)
	}
}

func (s *Sum) add(f File) {
	s.Files++
	s.Records += f.Counts.Records
	s.Classes.Add(f.Counts.Classes)
}

// FolderOf names the department of a file: the first folder of its path, "" for
// a file that lies in none.
func FolderOf(e scan.Entry) string {
	if folder, _, below := strings.Cut(e.Path, "/"); below {
		return folder
	}
	return ""
}

// Strength is that of the weakest protection in a file.
func Strength(r *scan.Result) scan.Strength {
	var strength scan.Strength
	for _, item := range r.Items {
		if !item.Protection.Verdict.Closed() {
			continue
		}
		if s := item.Protection.Strength; strength == "" || s == scan.StrengthWeak {
			strength = s
		}
	}
	return strength
}
