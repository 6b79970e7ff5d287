package report

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Source is what reports are made from: the state, and the rule by which its
// results are judged.
type Source struct {
	Results scan.ResultReader
	Persons scan.PersonCounter
	Judge   func(*scan.Result) scan.Judgement
	Targets []string // none: all
	// Only leaves out the files of other departments; "": all are in.
	Only string
	// Department says who answers for a file; nil: the first folder of its path.
	Department func(scan.Entry) Department
	Due        DueRule
	Remarks    []scan.Remark
	Events     []scan.Event // all there are; none: nothing is known of before
	Since      time.Time    // from which changes are counted
	// Current reports whether a revision is that of the present rules; nil: not known.
	Current func(revision string) bool

	remarks map[int64]map[string]scan.Remark // Remarks by finding and field
}

// Assemble completes a book from the state: it lists the targets, counts all
// files and persons in one pass, and leaves the files to be yielded in another.
// Language, rule and the rest of the head are the caller's.
func Assemble(ctx context.Context, b *Book, s Source) error {
	states, err := s.Results.Targets(ctx)
	if err != nil {
		return err
	}
	for _, t := range states {
		if len(s.Targets) == 0 || slices.Contains(s.Targets, t.Name) {
			t.Name = MaskName(t.Name)
			b.Targets = append(b.Targets, Target(t))
		}
	}
	s.remarks = byFinding(s.Remarks)
	if s.Department == nil {
		s.Department = func(e scan.Entry) Department { return Department{Name: MaskName(FolderOf(e))} }
	}
	b.Due = s.Due
	b.Files = func() iter.Seq2[File, error] { return s.judged(ctx, scan.Present) }
	b.Gone = func() iter.Seq2[File, error] { return s.putRight(ctx) }
	b.Totals = NewTotals()
	counts, err := s.Persons.Distinct(ctx, s.counted(ctx, b.Totals))
	if err != nil {
		return err
	}
	b.Totals.addPersons(counts)
	if len(s.Events) == 0 {
		return nil
	}
	b.Changes = &Changes{Since: s.Since, FixedHow: map[string]int64{}}
	before := pastAt(s.Events, s.Since)
	for f, err := range s.judged(ctx, scan.Noted) {
		if err != nil {
			return err
		}
		b.Changes.add(f, before, b.Made)
	}
	return nil
}

// byFinding arranges remarks by finding and field.
func byFinding(remarks []scan.Remark) map[int64]map[string]scan.Remark {
	out := map[int64]map[string]scan.Remark{}
	for _, r := range remarks {
		if out[r.Finding] == nil {
			out[r.Finding] = map[string]scan.Remark{}
		}
		out[r.Finding][r.Field] = r
	}
	return out
}

// file completes what a report says of a stored file.
func (s Source) file(r *scan.Result) File {
	f := File{Result: r, Judgement: s.Judge(r), Department: s.Department(r.Entry)}
	f.Department.Name = MaskName(f.Department.Name) // it may be that of a folder
	if r.Finding != nil {
		f.Remarks = s.remarks[r.Finding.Number]
	}
	f.Due = s.Due.due(f)
	f.OldRules = s.Current != nil && r.Skipped == "" && !strings.Contains(r.Revision, scan.RevisionAgain) && !s.Current(r.Revision)
	return Masked(f)
}

// judged yields stored files with their judgement, as they may be shown.
func (s Source) judged(ctx context.Context, which scan.Which) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		for r, err := range s.Results.Results(ctx, which, s.Targets...) {
			if err != nil {
				yield(File{}, err)
				return
			}
			f := s.file(r)
			if s.Only != "" && f.Department.Name != s.Only {
				continue
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// putRight yields the findings that are closed, withdrawn, or open again; not
// those that an exception holds closed, which have a list of their own.
func (s Source) putRight(ctx context.Context) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		for f, err := range s.judged(ctx, scan.Noted) {
			if err != nil {
				yield(File{}, err)
				return
			}
			if f.settled() && !yield(f, nil) {
				return
			}
		}
	}
}

// settled is true of findings of which the ledger has more to say than that
// they are open.
func (f File) settled() bool {
	return f.Finding != nil && f.Finding.Stage != scan.StageNew && f.Finding.Stage != scan.StageOpen && f.Status != scan.StatusExcepted
}

// groupRestricted counts the persons of what is excepted by access.
const groupRestricted = "restricted"

// counted adds all files to the totals and yields those with persons in the
// groups that count them: their status, and department and status. What is for
// review counts the persons of both confidences.
func (s Source) counted(ctx context.Context, t *Totals) iter.Seq2[scan.GroupMember, error] {
	return func(yield func(scan.GroupMember, error) bool) {
		for f, err := range s.judged(ctx, scan.Present) {
			if err != nil {
				yield(scan.GroupMember{}, err)
				return
			}
			t.Add(f)
			if !hasRecords(f.Status) {
				continue
			}
			group := string(f.Status)
			groups := []string{group, group + "/" + f.Department.Name}
			if f.Restricted() {
				groups = append(groups, groupRestricted)
			}
			for _, g := range groups {
				if !yield(scan.GroupMember{Group: g, File: f.ID, Medium: f.Status == scan.StatusReview}, nil) {
					return
				}
			}
		}
	}
}

// addPersons fills in the different persons of each status, and of each
// department and status.
func (t *Totals) addPersons(counts map[string]scan.PersonCount) {
	for group, n := range counts {
		status, folder, inFolder := strings.Cut(group, "/")
		t.Estimated = t.Estimated || n.Estimate
		switch {
		case inFolder:
			t.Folders[folder].Statuses[scan.Status(status)].Persons = n.N
		case group == groupRestricted:
			t.Restricted.Persons = n.N
		default:
			t.Statuses[scan.Status(status)].Persons = n.N
		}
	}
}
