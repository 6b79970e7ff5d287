package incident

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// memory is a history for tests.
type memory struct {
	versions map[int64][]scan.Version
	persons  map[int64][]scan.Person
}

func (m *memory) Listed(context.Context, ...string) iter.Seq2[scan.Listed, error] {
	return func(yield func(scan.Listed, error) bool) {
		for file, list := range m.versions {
			for _, v := range list {
				if !yield(scan.Listed{File: file, Entry: v.Entry, Noted: slices.ContainsFunc(list, func(v scan.Version) bool { return v.Number != 0 }),
					LeftOut: v.Skipped != "", FirstSeen: v.Since, Gone: v.History.Gone}, nil) {
					return
				}
			}
		}
	}
}

func (m *memory) Versions(_ context.Context, file int64) ([]scan.Version, error) {
	return m.versions[file], nil
}

func (m *memory) Sightings(_ context.Context, versions []int64) iter.Seq2[scan.Sighting, error] {
	var all []scan.Sighting
	for _, v := range versions {
		for _, p := range m.persons[v] {
			all = append(all, scan.Sighting{Person: p, Version: v})
		}
	}
	slices.SortFunc(all, func(a, b scan.Sighting) int { return cmp.Compare(a.Hash, b.Hash) })
	return func(yield func(scan.Sighting, error) bool) {
		for _, s := range all {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func day(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }

func version(file, number int64, path string, since, until time.Time, items ...scan.Item) scan.Version {
	v := scan.Version{Result: &scan.Result{ID: file, Entry: scan.Entry{Target: "smb://fs01/share", Path: path, Size: 1, ModTime: since}, Items: items}, Number: number, Since: since, Until: until}
	for _, i := range items {
		v.Distinct.High += i.Findings.High.Records
	}
	return v
}

func item(verdict scan.Verdict, strength scan.Strength, records int64, notes ...scan.Note) scan.Item {
	return scan.Item{Protection: scan.Protection{Verdict: verdict, Strength: strength, Notes: notes}, Findings: scan.Findings{High: scan.Counts{Records: records, Classes: scan.Classes{Three: records}}}}
}

func inner(i scan.Item, path ...string) scan.Item {
	i.Inner = path
	return i
}

func high(hash uint64, class scan.Class, place uint8) scan.Person {
	return scan.Person{Hash: hash, Grade: scan.ConfidenceHigh, Class: class, Place: place}
}

// incidentState has one file of each kind, one that changed, and one person in
// several.
func incidentState() *memory {
	none := time.Time{}
	m := &memory{versions: map[int64][]scan.Version{
		1: {version(1, 10, "総務/open.xlsx", day(1), day(10), item(scan.VerdictNone, "", 3)),
			version(1, 11, "総務/open.xlsx", day(10), none, item(scan.VerdictPassword, scan.StrengthStrong, 0))},
		2: {version(2, 20, "総務/weak.zip", day(1), none, item(scan.VerdictPassword, scan.StrengthWeak, 0, scan.NoteGuessable),
			inner(item(scan.VerdictNone, "", 2, scan.NoteGuessable), "a.csv"))},
		3: {version(3, 30, "sealed.xlsx", day(1), none, item(scan.VerdictPassword, scan.StrengthStrong, 0))},
		4: {version(4, 40, "broken.xlsx", day(1), none, scan.Item{Problems: []scan.Problem{{Kind: scan.KindMalformed}}})},
		5: {version(5, 0, "plain.txt", day(1), none, item(scan.VerdictNone, "", 0))},
		6: {version(6, 60, "late.xlsx", day(20), none, item(scan.VerdictNone, "", 9))},
		7: {version(7, 70, "mixed.zip", day(1), none, item(scan.VerdictPartial, "", 0), inner(item(scan.VerdictNone, "", 1), "b.csv"),
			inner(item(scan.VerdictPassword, scan.StrengthStrong, 0), "c.csv"))},
	}, persons: map[int64][]scan.Person{
		10: {high(1, scan.ClassTwo, 41), high(2, scan.ClassThree, 1), {Hash: 5, Grade: scan.ConfidenceMedium}},
		20: {high(1, scan.ClassFour, 41), high(3, scan.ClassNumber, 0)},
		60: {high(9, scan.ClassThree, 1)}, 70: {high(3, scan.ClassTwo, 0)},
	}}
	m.versions[1][0].Items[0].Findings.Medium.Records = 1
	m.versions[2][0].Access = &scan.Access{Grants: []scan.Grant{{SID: "S-1-1-0", Read: true}}}
	return m
}

// TestImpact asks for all that stood there on two days in May.
func TestImpact(t *testing.T) {
	m := incidentState()
	q := Question{From: day(5), To: day(7), Department: func(e scan.Entry) string { return e.Path[:1] }}
	s, err := q.Select(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	i, err := Assess(t.Context(), s, m)
	if err != nil {
		t.Fatal(err)
	}
	if i.All.Files != 3 || i.All.Records.Records != 6 || i.All.Persons.N != 3 || i.All.Persons.Classes != (scan.Classes{Four: 1, Three: 1, Two: 1}) {
		t.Errorf("all: %+v", i.All)
	}
	if p := i.All.Persons.Places; p["41"] != 1 || p["01"] != 1 || p["other"] != 1 {
		t.Errorf("places: %v", p)
	}
	open, weak := i.Protections[Open], i.Protections[Weak]
	if open.Files != 2 || open.Records.Records != 4 || open.Persons.N != 3 || weak.Files != 1 || weak.Records.Records != 2 || weak.Persons.N != 0 {
		t.Errorf("open %+v, weak %+v", open, weak)
	}
	if i.Review.Records.Records != 1 || i.Review.Persons.N != 1 {
		t.Errorf("review: %+v", i.Review)
	}
	if i.Kinds[Found] != 3 || i.Kinds[Protected] != 1 || i.Kinds[Unchecked] != 1 || i.Kinds[Nothing] != 1 || i.Partial != 1 {
		t.Errorf("kinds: %v, partial %d", i.Kinds, i.Partial)
	}
	if len(i.Departments) != 2 || i.Departments[0].Persons.N != 3 || i.Departments[1].Persons.N != 1 {
		t.Errorf("departments: %+v", i.Departments)
	}
	if len(i.Readers) != 2 || i.Readers[0].Persons.N != 3 || i.Readers[1].Name != string(scan.AudienceEveryone) || i.Readers[1].Persons.Classes.Four != 1 {
		t.Errorf("readers: %+v", i.Readers)
	}
}

// TestImpactOfLists: what is not known is said, never counted as nothing.
func TestImpactOfLists(t *testing.T) {
	m := incidentState()
	lines := func(texts ...string) (list []Line) {
		for _, text := range texts {
			l, err := ParseLine(text)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, l)
		}
		return list
	}
	for name, c := range map[string]struct {
		q       Question
		kinds   map[Kind]int64
		records int64
		lost    int
	}{
		"any time":      {Question{Lines: lines("open.xlsx", "plain.txt", "never.xlsx")}, map[Kind]int64{Found: 1, Nothing: 1}, 3, 1},
		"before":        {Question{Lines: lines("late.xlsx"), From: day(5), To: day(7)}, map[Kind]int64{NotThen: 1}, 0, 0},
		"after":         {Question{Lines: lines("open.xlsx"), From: day(12)}, map[Kind]int64{Protected: 1}, 0, 0},
		"both versions": {Question{Lines: lines("open.xlsx"), From: day(9), To: day(12)}, map[Kind]int64{Found: 1}, 3, 0},
		"prefix":        {Question{Prefixes: []string{`\\FS01\share\総務`}}, map[Kind]int64{Found: 2}, 5, 0},
		"one version":   {Question{Lines: lines("renamed.xlsx\t1\t2026-05-10T00:00:00Z")}, map[Kind]int64{Protected: 1}, 0, 0},
	} {
		s, err := c.q.Select(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		i, err := Assess(t.Context(), s, m)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range Kinds() {
			if i.Kinds[k] != c.kinds[k] {
				t.Errorf("%s: %d files %s, want %d", name, i.Kinds[k], k, c.kinds[k])
			}
		}
		if i.All.Records.Records != c.records || len(i.Unmatched) != c.lost {
			t.Errorf("%s: %d records, unmatched %v; want %d and %d", name, i.All.Records.Records, i.Unmatched, c.records, c.lost)
		}
	}
}

// TestDrill picks the same files by the same seed, and none that hold nothing.
func TestDrill(t *testing.T) {
	m := incidentState()
	pick := func(seed uint64) (names []string) {
		s, err := new(Question).Select(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		s.Drill(3, seed)
		for _, f := range s.Files {
			names = append(names, f.Entry.Path)
		}
		return names
	}
	different := false
	for seed := range uint64(10) {
		one := pick(seed)
		if len(one) != 3 || !slices.Equal(one, pick(seed)) || slices.Contains(one, "plain.txt") {
			t.Errorf("seed %d: %v, then %v", seed, one, pick(seed))
		}
		different = different || !slices.Equal(one, pick(0))
	}
	if !different {
		t.Error("all seeds pick the same files")
	}
}

// Results has what holds now, Holding who holds a person: the rest of a store.
func (m *memory) Results(context.Context, scan.Which, ...string) iter.Seq2[*scan.Result, error] {
	return func(yield func(*scan.Result, error) bool) {
		for _, list := range m.versions {
			last := list[len(list)-1]
			if last.Number == 0 {
				continue
			}
			last.Result.ID = last.ID
			if !yield(last.Result, nil) {
				return
			}
		}
	}
}

func (m *memory) Targets(context.Context) ([]scan.TargetState, error) { return nil, nil }
func (m *memory) Revisions(context.Context) (map[string]int64, error) { return nil, nil }
func (m *memory) Holding(_ context.Context, hash uint64) (list []scan.Holding, err error) {
	for file, versions := range m.versions {
		for _, v := range versions {
			for _, p := range m.persons[v.Number] {
				if p.Hash == hash {
					list = append(list, scan.Holding{File: file, Version: v.Number, Grade: p.Grade, Class: p.Class, Since: v.Since, Until: v.Until})
				}
			}
		}
	}
	return list, nil
}

// TestAsk: found or not, and what nobody has read.
func TestAsk(t *testing.T) {
	m := incidentState()
	whole, err := Whole(t.Context(), m, m)
	if err != nil {
		t.Fatal(err)
	}
	// Now: open.xlsx and sealed.xlsx are protected, broken.xlsx is unchecked, mixed.zip was read in part.
	if whole.Read != 4 || len(whole.Unknown) != 4 || whole.NotRead() != 4 {
		t.Errorf("whole: %+v", whole)
	}
	var narrow Scope
	narrow.Add(scan.Entry{Path: "weak.zip"}, Found, false, "", []int64{20})
	narrow.Add(scan.Entry{Path: "sealed.xlsx"}, Protected, false, "", nil)
	for name, c := range map[string]struct {
		scope *Scope
		hash  uint64
		want  Answer
	}{
		"twice":     {whole, 1, Answer{Found: true, Sure: true, Class: scan.ClassFour, First: day(1), Files: make([]Held, 2)}},
		"once then": {whole, 2, Answer{Found: true, Sure: true, Class: scan.ClassThree, First: day(1), Last: day(10), Files: make([]Held, 1)}},
		"unsure":    {whole, 5, Answer{Found: true, First: day(1), Last: day(10), Files: make([]Held, 1)}},
		"nowhere":   {whole, 77, Answer{}},
		"scope":     {&narrow, 1, Answer{Found: true, Sure: true, Class: scan.ClassFour, First: day(1), Files: make([]Held, 1)}},
		"outside":   {&narrow, 2, Answer{}},
	} {
		got, err := c.scope.Ask(t.Context(), m, c.hash)
		if err != nil {
			t.Fatal(err)
		}
		if got.Found != c.want.Found || got.Sure != c.want.Sure || got.Class != c.want.Class || !got.First.Equal(c.want.First) || !got.Last.Equal(c.want.Last) || len(got.Files) != len(c.want.Files) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	a, _ := whole.Ask(t.Context(), m, 2)
	entries, err := Paths(t.Context(), m, a)
	if err != nil || len(entries) != 1 || entries[0].Path != "総務/open.xlsx" {
		t.Errorf("paths %v, %v", entries, err)
	}
}
