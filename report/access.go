package report

import (
	"cmp"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// audienceUnknown stands where nobody knows who may read a file. It is
// never taken for a narrow circle.
const audienceUnknown = "unknown"

// An audienceRow counts the files with findings that one circle can read.
type audienceRow struct {
	Code, Name                  string
	Wide                        bool
	Violation, Review, Excepted Sum
}

// audienceOf is the code of the circle that can read a file.
func audienceOf(f File) string {
	if f.Access == nil {
		return audienceUnknown
	}
	return string(f.Access.Readers())
}

// audienceCodes are all circles, widest first, and what is not known.
func audienceCodes() []string {
	var list []string
	for _, a := range scan.Audiences() {
		list = append(list, string(a))
	}
	return append(list, audienceUnknown)
}

// wideAudience is true of the circles that nobody chose.
func wideAudience(code string) bool { return scan.Audience(code).Wide() }

// byAudience orders counts by how many can read, widest first. The last row is
// the sum over all files with findings.
func byAudience(counts map[string]map[scan.Status]*Sum, w words) (rows []audienceRow, sum audienceRow) {
	sum.Name = w.text("sum")
	for _, code := range audienceCodes() {
		row := audienceRow{Code: code, Name: w.code("audience", code), Wide: wideAudience(code)}
		for _, part := range []struct {
			of         scan.Status
			row, whole *Sum
		}{
			{scan.StatusViolation, &row.Violation, &sum.Violation},
			{scan.StatusReview, &row.Review, &sum.Review},
			{scan.StatusExcepted, &row.Excepted, &sum.Excepted},
		} {
			if s := counts[code][part.of]; s != nil {
				*part.row = *s
				part.whole.Files += s.Files
				part.whole.Records += s.Records
			}
		}
		rows = append(rows, row)
	}
	return rows, sum
}

// Audience is the code of who can read the file; "" where nothing was found and
// nobody asked.
func (v viewAccess) Audience() string {
	if v.Access == nil && !v.Found() {
		return ""
	}
	return audienceOf(v.File)
}

// AudienceRank orders circles, widest first; what is not known comes before
// those that somebody chose.
func (v viewAccess) AudienceRank() int {
	return slices.Index([]string{"everyone", "authenticated", "domain-users", audienceUnknown, "named", "nobody"}, v.Audience())
}

// Wide says that whoever can log on can read the file.
func (v viewAccess) Wide() bool { return wideAudience(v.Audience()) }

// Readers is the widest circle that may read, in words.
func (v viewAccess) Readers() string { return v.audienceWord(v.Audience()) }

// Writers is the widest circle that may write, in words.
func (v viewAccess) Writers() string {
	if v.Access == nil {
		return v.audienceWord(v.Audience())
	}
	return v.audienceWord(string(v.Access.Writers()))
}

func (v viewAccess) audienceWord(code string) string {
	if code == "" {
		return ""
	}
	return v.words.code("audience", code)
}

// AudienceShort is the circle of readers in a word that fits a narrow column.
func (v viewAccess) AudienceShort() string { return v.words.code("audience-short", v.Audience()) }

// Group is the group that the server names beside the owner.
func (v viewAccess) Group() string {
	if v.Access == nil {
		return ""
	}
	return visible(v.Access.Group)
}

// ReaderNames and WriterNames are the accounts and groups in the list of
// permissions, widest first and administrators last; of many the first few.
func (v viewAccess) ReaderNames() []string {
	return v.grantees(func(g scan.Grant) bool { return g.Read })
}

func (v viewAccess) WriterNames() []string {
	return v.grantees(func(g scan.Grant) bool { return g.Write })
}

// maxGrantees bounds how many accounts and groups are named for one file; jsonl
// names all.
const maxGrantees = 5

func (v viewAccess) grantees(may func(scan.Grant) bool) []string {
	if v.Access == nil {
		return nil
	}
	var grants []scan.Grant
	for _, g := range v.Access.Grants {
		if may(g) {
			grants = append(grants, g)
		}
	}
	rank := func(g scan.Grant) int {
		if g.SID == "S-1-5-18" || g.SID == "S-1-5-32-544" { // the system and Administrators are in most lists
			return len(scan.Audiences())
		}
		return slices.Index(scan.Audiences(), g.Audience())
	}
	slices.SortStableFunc(grants, func(a, b scan.Grant) int { return cmp.Compare(rank(a), rank(b)) })
	var names []string
	for _, g := range grants {
		names = append(names, visible(cmp.Or(g.Name, g.SID)))
	}
	names = unique(names)
	if more := len(names) - maxGrantees; more > 0 {
		names = append(names[:maxGrantees], v.words.text("more-names", count(int64(more))))
	}
	return names
}

// Restricted says that the file is excepted because few can read it, and not
// by an exception of the ledger.
func (f File) Restricted() bool {
	return f.Status == scan.StatusExcepted && f.Reason == scan.ReasonRestricted
}
