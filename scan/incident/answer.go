package incident

import (
	"context"
	"slices"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Scope is where a number is looked for, with what of it nobody has read.
type Scope struct {
	Read     int64                // files that were read to their end, or in which numbers were found
	Unknown  []Unread             // files of which some or all is not known
	LeftOut  int64                // files that a rule left out: of unknown content too
	Missing  int64                // places of the incident that the state does not know
	versions map[int64]scan.Entry // of an incident; nil: all that is remembered
}

// An Unread is a file that was not read, or not to its end.
type Unread struct {
	Entry  scan.Entry
	Kind   Kind   // Found for one that was read in part
	Reason string // a stable code
}

// NotRead is how many files nobody can answer for.
func (s *Scope) NotRead() int64 { return int64(len(s.Unknown)) + s.LeftOut + s.Missing }

// Add puts a file into the scope of an incident.
func (s *Scope) Add(e scan.Entry, kind Kind, partial bool, reason string, versions []int64) {
	if s.versions == nil {
		s.versions = map[int64]scan.Entry{}
	}
	for _, v := range versions {
		s.versions[v] = e
	}
	switch {
	case kind == LeftOut:
		s.LeftOut++
	case !kind.Known() || partial:
		s.Unknown = append(s.Unknown, Unread{e, kind, reason})
		if partial && kind == Found {
			s.Read++
		}
	default:
		s.Read++
	}
}

// Close ends the scope of an incident: with no file in it, it holds nothing.
func (s *Scope) Close() {
	if s.versions == nil {
		s.versions = map[int64]scan.Entry{}
	}
}

// Whole is the scope of all that is there. What is gone or was replaced is looked
// through too, but does not count as read.
func Whole(ctx context.Context, results scan.ResultReader, history scan.HistoryReader) (*Scope, error) {
	s := &Scope{}
	noted := map[int64]bool{}
	for r, err := range results.Results(ctx, scan.Noted) {
		if err != nil {
			return nil, err
		}
		if !r.History.Gone.IsZero() {
			continue
		}
		noted[r.ID] = true
		f := File{Version: &scan.Version{Result: r}}
		f.judge()
		s.Add(r.Entry, f.Kind, f.Partial, f.Reason, nil)
	}
	for l, err := range history.Listed(ctx) {
		switch {
		case err != nil:
			return nil, err
		case noted[l.File] || !l.Gone.IsZero():
			continue
		case l.LeftOut:
			s.LeftOut++
		default:
			s.Read++
		}
		if l.Noted { // it comes again, as it was before
			noted[l.File] = true
		}
	}
	s.versions = nil
	return s, nil
}

// An Answer is whether a number was found, never more than what was read says.
type Answer struct {
	Found bool
	// Sure says that it was found with high confidence; else what was found has to
	// be looked at by a person.
	Sure  bool
	Class scan.Class // the highest
	// First is the examination that first found it, Last the latest of which it is
	// known that it was in a file still; zero Last: it is in one now.
	First, Last time.Time
	Files       []Held // by file and time
}

// A Held is a file that held the number.
type Held struct {
	File, Version int64
	Grade         scan.Confidence
	Class         scan.Class
	Since, Until  time.Time
}

// Ask looks a keyed hash up.
func (s *Scope) Ask(ctx context.Context, index scan.PersonIndex, hash uint64) (Answer, error) {
	var a Answer
	holding, err := index.Holding(ctx, hash)
	if err != nil {
		return a, err
	}
	now := false
	for _, h := range holding {
		if _, in := s.versions[h.Version]; s.versions != nil && !in {
			continue
		}
		a.Found, a.Sure, a.Class = true, a.Sure || h.Grade == scan.ConfidenceHigh, max(a.Class, h.Class)
		if a.First.IsZero() || h.Since.Before(a.First) {
			a.First = h.Since
		}
		if now = now || h.Until.IsZero(); h.Until.After(a.Last) {
			a.Last = h.Until
		}
		a.Files = append(a.Files, Held{h.File, h.Version, h.Grade, h.Class, h.Since, h.Until})
	}
	if now {
		a.Last = time.Time{}
	}
	return a, nil
}

// Paths names the files of an answer, each once, as they lay when they held the
// number.
func Paths(ctx context.Context, history scan.HistoryReader, a Answer) (entries []scan.Entry, err error) {
	for _, held := range a.Files {
		versions, err := history.Versions(ctx, held.File)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(versions, func(v scan.Version) bool { return v.Number == held.Version })
		if at < 0 {
			continue
		}
		e := versions[at].Entry
		if !slices.ContainsFunc(entries, func(o scan.Entry) bool { return o.Target == e.Target && o.Path == e.Path }) {
			entries = append(entries, e)
		}
	}
	return entries, nil
}
