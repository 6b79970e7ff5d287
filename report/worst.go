package report

import (
	"cmp"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// A shortlist keeps the worst of any number of files in bounded memory.
type shortlist struct {
	most  int
	Total int64 // of all that were offered
	files []File
}

func (s *shortlist) offer(f File) {
	s.Total++
	s.files = append(s.files, f)
	if len(s.files) >= 2*s.most {
		s.trim()
	}
}

func (s *shortlist) trim() {
	slices.SortFunc(s.files, worseFirst)
	if len(s.files) > s.most {
		clear(s.files[s.most:])
		s.files = s.files[:s.most]
	}
}

// Files are the worst, worst first.
func (s *shortlist) Files() []File {
	s.trim()
	return s.files
}

// Rest is how many were not kept.
func (s *shortlist) Rest() int64 { return s.Total - int64(len(s.Files())) }

// worseFirst orders by status, then records, then name.
func worseFirst(a, b File) int {
	return cmp.Or(
		cmp.Compare(slices.Index(scan.Statuses(), a.Status), slices.Index(scan.Statuses(), b.Status)),
		cmp.Compare(b.Counts.Records, a.Counts.Records),
		cmp.Compare(a.Entry.Target, b.Entry.Target),
		cmp.Compare(a.Entry.Path, b.Entry.Path),
	)
}
