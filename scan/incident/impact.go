package incident

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Question says which files leaked, and when.
type Question struct {
	Lines    []Line   // of a list; empty: all files
	Prefixes []string // only what lies below one of these
	Targets  []string // only these; empty: all
	// From and To are the time in which it happened. With zero times all counts
	// that each file is remembered to have held: what is clean today was not then.
	From, To time.Time
	// Department says who answers for a file; nil: nobody is asked.
	Department func(scan.Entry) string
}

// within reports whether something that held in [since, until) held in the time
// that is asked for.
func (q *Question) within(since, until time.Time) bool {
	return (q.To.IsZero() || since.Before(q.To)) && (until.IsZero() || until.After(q.From))
}

// A Kind is what is known of the content of a file at that time.
type Kind string

// The kinds. Of the last four nobody knows what is in them.
const (
	Found     Kind = "found"     // numbers were found in it
	Nothing   Kind = "nothing"   // it was read to its end, and there were none
	Protected Kind = "protected" // it needs a password, and was not read
	Unchecked Kind = "unchecked" // it could not be read
	LeftOut   Kind = "left-out"  // a rule left it out
	NotThen   Kind = "not-then"  // nothing is known of it at that time
)

// Kinds lists all.
func Kinds() []Kind { return []Kind{Found, Nothing, Protected, Unchecked, LeftOut, NotThen} }

// Known reports whether it is known what a file held.
func (k Kind) Known() bool { return k == Found || k == Nothing }

// A Protection is what stood between a reader and the numbers, least first.
type Protection string

// The protections.
const (
	Open     Protection = "open"     // no password
	Weak     Protection = "weak"     // a password of a method that is broken
	Password Protection = "password" // one of a method whose strength is not known
	Strong   Protection = "strong"
)

// Protections lists all, least first.
func Protections() []Protection { return []Protection{Open, Weak, Password, Strong} }

// A File is what one file held.
type File struct {
	Matched
	*scan.Version // the one that says most of those that held at that time
	Kind          Kind
	Partial       bool   // some part of it could not be read, whatever else was found
	Reason        string // of what is unchecked or left out: a stable code
	Protection    Protection
	// Guessable: everybody knows the password, or it stood beside.
	Guessable  bool
	Department string
	Readers    scan.Audience // "" if not known
	Records    scan.Counts   // of high confidence
	Review     scan.Counts   // of middling confidence, besides
	ByStrength map[Protection]scan.Counts
	Versions   []int64 // that held at that time and hold persons
	Persons    scan.Distinct
	Gone       bool
}

// examine says what is known of a matched file; false: it is not of the question.
func (q *Question) examine(m Matched, all []scan.Version) (File, bool) {
	if len(all) == 0 {
		return File{}, false
	}
	var then []scan.Version
	for _, v := range all {
		switch {
		case m.Line != nil && m.Line.Known && (v.Entry.Size != m.Line.Size || v.Entry.ModTime.Sub(m.Line.ModTime).Abs() > timeSlack):
		case !q.within(v.Since, v.Until):
		default:
			then = append(then, v)
		}
	}
	f := File{Matched: m, Gone: !all[len(all)-1].History.Gone.IsZero()}
	if len(then) == 0 {
		if m.Line == nil {
			return File{}, false // no list says that it leaked
		}
		f.Version, f.Kind = &all[len(all)-1], NotThen
		f.describe(q)
		return f, true
	}
	for i := range then {
		if f.Version == nil || more(&then[i], f.Version) {
			f.Version = &then[i]
		}
		if then[i].Number != 0 && then[i].Distinct != (scan.Distinct{}) {
			f.Versions = append(f.Versions, then[i].Number)
		}
	}
	f.judge()
	f.describe(q)
	return f, true
}

// more reports whether a version says more of what leaked than another: more
// records, else that something is not known.
func more(a, b *scan.Version) bool {
	if x, y := records(a.Result), records(b.Result); x != y {
		return x > y
	}
	return !kindOf(a.Result).Known() && kindOf(b.Result).Known()
}

func records(r *scan.Result) (n int64) {
	for i := range r.Items {
		n += r.Items[i].Findings.High.Records + r.Items[i].Findings.Medium.Records
	}
	return n
}

// kindOf says what is known of the content of a file.
func kindOf(r *scan.Result) Kind {
	switch {
	case records(r) > 0:
		return Found
	case r.Skipped != "":
		return LeftOut
	case len(r.Items) == 0 || problem(r) != "":
		return Unchecked
	case r.Items[0].Skipped != "" || r.Members > 0 && r.Members == r.Omitted:
		return LeftOut
	case unread(r):
		return Protected
	case !r.Items[0].Protection.Verdict.Closed() && r.Items[0].Protection.Verdict == scan.VerdictUnknown:
		return Unchecked
	}
	return Nothing
}

func problem(r *scan.Result) string {
	for i := range r.Items {
		for _, p := range r.Items[i].Problems {
			return string(p.Kind)
		}
	}
	return ""
}

// unread reports whether a part needs a password and none was known.
func unread(r *scan.Result) bool {
	return slices.ContainsFunc(r.Items, func(i scan.Item) bool { return i.Protection.Verdict.Closed() && !opened(i.Protection) })
}

// opened reports whether a password was known.
func opened(p scan.Protection) bool {
	return slices.Contains(p.Notes, scan.NoteGuessable) || slices.Contains(p.Notes, scan.NotePasswordNearby)
}

// judge fills in what the version says.
func (f *File) judge() {
	r := f.Result
	f.Kind = kindOf(r)
	f.Partial = problem(r) != "" || f.Kind == Found && unread(r)
	if f.Reason = problem(r); f.Reason == "" && f.Kind == LeftOut {
		if f.Reason = r.Skipped; f.Reason == "" {
			f.Reason = r.Items[0].Skipped
		}
	}
	f.ByStrength, f.Persons = map[Protection]scan.Counts{}, r.Distinct
	least := len(Protections()) - 1
	for i := range r.Items {
		item := &r.Items[i]
		f.Guessable = f.Guessable || opened(item.Protection)
		found := item.Findings.High.Records+item.Findings.Medium.Records > 0
		if !found && f.Kind == Found {
			continue
		}
		p := protectionOf(r, item)
		if found || i == 0 || item.Protection.Verdict.Closed() {
			least = min(least, slices.Index(Protections(), p))
		}
		f.Records.Add(item.Findings.High)
		f.Review.Add(item.Findings.Medium)
		sum := f.ByStrength[p]
		sum.Add(item.Findings.High)
		f.ByStrength[p] = sum
	}
	f.Protection = Protections()[least]
	if f.Kind == Protected && f.Protection == Open {
		f.Protection = Password // the container is open, what is in it is not
	}
}

// protectionOf is what stands before an item: the best of its own and of those
// that it lies in.
func protectionOf(r *scan.Result, item *scan.Item) Protection {
	best := Open
	for i := range r.Items {
		around := &r.Items[i]
		if len(around.Inner) > len(item.Inner) || !slices.Equal(around.Inner, item.Inner[:len(around.Inner)]) || !around.Protection.Verdict.Closed() {
			continue
		}
		own := Password
		switch around.Protection.Strength {
		case scan.StrengthWeak:
			own = Weak
		case scan.StrengthStrong:
			own = Strong
		}
		if slices.Index(Protections(), own) > slices.Index(Protections(), best) {
			best = own
		}
	}
	return best
}

// describe fills in who answers for the file and who could read it.
func (f *File) describe(q *Question) {
	if q.Department != nil {
		f.Department = q.Department(f.Entry)
	}
	if f.Access != nil {
		f.Readers = f.Access.Readers()
	}
}

// below reports whether a file lies below one of the prefixes, and counts it
// there: a prefix may be the whole path, or begin at any part of the target.
func (s *Selection) below(prefixes [][]string, e scan.Entry) bool {
	if len(prefixes) == 0 {
		return true
	}
	target, path := Parts(e.Target), Parts(e.Path)
	full := append(slices.Clone(target), path...)
	found := false
	for n, p := range prefixes {
		key := folded(p)
		for from := 0; from <= len(target) && from+len(p) <= len(full); from++ {
			if folded(full[from:from+len(p)]) == key {
				s.Below[n]++
				found = true
				break
			}
		}
	}
	return found
}

// A Selection is what a question is about.
type Selection struct {
	// Files are by target and path. Where no list was given, those are left out
	// that never held anything of note.
	Files     []File
	Plain     map[Kind]int64 // how many those are
	Unmatched []string       // lines of the list that mean no file
	Below     []int64        // files below each of the prefixes
}

// Select finds the files that a question is about.
func (q *Question) Select(ctx context.Context, history scan.HistoryReader) (s Selection, err error) {
	var prefixes [][]string
	for _, p := range q.Prefixes {
		prefixes = append(prefixes, Parts(p))
	}
	s.Below = make([]int64, len(prefixes))
	matcher := NewMatcher(q.Lines)
	var matched []Matched
	all := map[int64]bool{}
	for l, err := range history.Listed(ctx, q.Targets...) {
		if err != nil {
			return s, err
		}
		switch {
		case !s.below(prefixes, l.Entry):
		case len(q.Lines) > 0:
			matcher.File(l)
		case !l.Noted:
			s.plain(q, l)
		case !all[l.File]:
			all[l.File] = true
			matched = append(matched, Matched{File: l.File})
		}
	}
	if len(q.Lines) > 0 {
		matched, s.Unmatched = matcher.Result()
	}
	for _, m := range matched {
		versions, err := history.Versions(ctx, m.File)
		if err != nil {
			return s, err
		}
		if f, ok := q.examine(m, versions); ok {
			s.Files = append(s.Files, f)
		}
	}
	slices.SortStableFunc(s.Files, byPath)
	return s, nil
}

// plain counts a file that never held anything of note.
func (s *Selection) plain(q *Question, l scan.Listed) {
	if !q.within(l.FirstSeen, l.Gone) {
		return
	}
	if s.Plain == nil {
		s.Plain = map[Kind]int64{}
	}
	if l.LeftOut {
		s.Plain[LeftOut]++
	} else {
		s.Plain[Nothing]++
	}
}

// Drill keeps n files of a selection, picked at random by a seed: for exercises.
func (s *Selection) Drill(n int, seed uint64) {
	s.Files = slices.DeleteFunc(s.Files, func(f File) bool { return f.Kind == Nothing || f.Kind == LeftOut })
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(s.Files), func(i, j int) { s.Files[i], s.Files[j] = s.Files[j], s.Files[i] })
	s.Files, s.Plain = s.Files[:min(n, len(s.Files))], nil
	slices.SortStableFunc(s.Files, byPath)
}

func byPath(a, b File) int {
	return strings.Compare(a.Entry.Target+"\x00"+a.Entry.Path, b.Entry.Target+"\x00"+b.Entry.Path)
}
