package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A Notice is what a department is told when a report is there: how many files,
// by when, and where to look. It names no file unless that was asked for.
type Notice struct {
	Department string   `json:"department"` // "": nobody answers for the files
	Contact    string   `json:"contact,omitempty"`
	Files      int64    `json:"files"` // to be put right
	Records    int64    `json:"records"`
	New        int64    `json:"new"` // of Files, found or recurred with the latest scan
	Overdue    int64    `json:"overdue"`
	Due        string   `json:"due,omitempty"` // the earliest day, YYYY-MM-DD
	Review     int64    `json:"review"`
	Unchecked  int64    `json:"unchecked"`
	Complete   bool     `json:"complete"` // all targets were walked to their end
	Made       string   `json:"made"`     // RFC 3339
	Paths      []string `json:"paths,omitempty"`
	PathsLeft  int64    `json:"pathsLeft,omitempty"` // not named
}

// noticePaths bounds the files that a notice names.
const noticePaths = 100

// Notices returns a notice for each department with something to do, by name; with
// paths they name files, numbers in the names masked.
func Notices(b *Book, paths bool) ([]*Notice, error) {
	by := map[string]*Notice{}
	complete := !slices.ContainsFunc(b.Targets, func(t Target) bool { return !t.Complete })
	for f, err := range b.Files() {
		if err != nil {
			return nil, err
		}
		if f.Decided() != "" || f.Status != scan.StatusViolation && f.Status != scan.StatusReview && f.Status != scan.StatusUnchecked {
			continue
		}
		n := by[f.Department.Name]
		if n == nil {
			n = &Notice{Department: visible(f.Department.Name), Contact: f.Department.Contact, Complete: complete, Made: b.Made.UTC().Format(time.RFC3339)}
			by[f.Department.Name] = n
		}
		n.add(b, f, paths)
	}
	list := make([]*Notice, 0, len(by))
	for _, n := range by {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *Notice) int { return cmp.Compare(a.Department, b.Department) })
	return list, nil
}

func (n *Notice) add(b *Book, f File, paths bool) {
	switch f.Status {
	case scan.StatusReview:
		n.Review++
		return
	case scan.StatusUnchecked:
		n.Unchecked++
		return
	}
	n.Files++
	n.Records += f.Counts.Records
	if f.Finding != nil && (f.Finding.Stage == scan.StageNew || f.Finding.Stage == scan.StageRecurred) {
		n.New++
	}
	if !f.Due.IsZero() {
		if day := f.Due.In(b.Zone).Format(time.DateOnly); n.Due == "" || day < n.Due {
			n.Due = day
		}
		if b.Made.After(f.Due) {
			n.Overdue++
		}
	}
	switch {
	case !paths:
	case len(n.Paths) < noticePaths:
		n.Paths = append(n.Paths, visible(MaskName(f.Entry.Target+"/"+f.Entry.Path)))
	default:
		n.PathsLeft++
	}
}

// Subject is the subject of a mail in a language.
func (n *Notice) Subject(lang string) string {
	return Text(lang, "notice.subject", cmp.Or(n.Department, Text(lang, "unassigned")), n.Files)
}

// Body is the text of a mail in a language; where says where the report lies, ""
// if that is not told.
func (n *Notice) Body(lang, where string) string {
	var lines []string
	say := func(id string, args ...any) { lines = append(lines, Text(lang, id, args...)) }
	say("notice.begin", cmp.Or(n.Department, Text(lang, "unassigned")))
	lines = append(lines, "")
	say("notice.files", n.Files, n.Records)
	if n.New > 0 {
		say("notice.new", n.New)
	}
	if n.Due != "" {
		say("notice.due", n.Due)
	}
	if n.Overdue > 0 {
		say("notice.overdue", n.Overdue)
	}
	if n.Review+n.Unchecked > 0 {
		say("notice.rest", n.Review, n.Unchecked)
	}
	if !n.Complete {
		say("notice.incomplete")
	}
	lines = append(lines, "")
	if where != "" {
		say("notice.where", where)
	}
	for _, p := range n.Paths {
		lines = append(lines, "  "+p)
	}
	if n.PathsLeft > 0 {
		say("notice.more", n.PathsLeft)
	}
	say("notice.end")
	return strings.Join(lines, "\n") + "\n"
}
