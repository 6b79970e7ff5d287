package report

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A Source is what reports are made from: the state, and the rule by which its
// results are judged.
type Source struct {
	Results scan.ResultReader
	Persons scan.PersonCounter
	Judge   func(*scan.Result) scan.Judgement
	Targets []string // none: all
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
	b.Files = func() iter.Seq2[File, error] { return s.judged(ctx, scan.Present) }
	b.Gone = func() iter.Seq2[File, error] { return s.putRight(ctx) }
	b.Totals = NewTotals()
	counts, err := s.Persons.Distinct(ctx, s.counted(ctx, b.Totals))
	if err != nil {
		return err
	}
	b.Totals.addPersons(counts)
	return nil
}

// judged yields stored files with their judgement, as they may be shown.
func (s Source) judged(ctx context.Context, which scan.Which) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		for r, err := range s.Results.Results(ctx, which, s.Targets...) {
			if err != nil {
				yield(File{}, err)
				return
			}
			if !yield(Masked(File{Result: r, Judgement: s.Judge(r)}), nil) {
				return
			}
		}
	}
}

// putRight yields what was found in the open once and no longer is: gone in a
// complete walk, or read again without a finding. Nobody's word closes a finding.
func (s Source) putRight(ctx context.Context) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		for _, which := range []scan.Which{scan.FoundGone, scan.Found} {
			for f, err := range s.judged(ctx, which) {
				if err != nil {
					yield(File{}, err)
					return
				}
				closed := which == scan.FoundGone || f.Status == scan.StatusClean || f.Status == scan.StatusProtected
				if closed && !f.History.LastFound.IsZero() && !yield(f, nil) {
					return
				}
			}
		}
	}
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
			groups := []string{group, group + "/" + FolderOf(f.Entry)}
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
