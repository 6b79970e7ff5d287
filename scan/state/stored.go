package state

import (
	"time"

	"github.com/kagiban/kagiban/scan"
)

// The types of this file are the part of a result that is kept as JSON; the
// rest are columns. They are a contract with state files that exist: a field of
// package scan may be renamed, a tag here never. What is new is added with
// omitempty; what is gone stays readable.

type stored struct {
	ID       uint64         `json:"id,omitempty"`
	Owner    string         `json:"owner,omitempty"`
	Folder   bool           `json:"folder,omitempty"`
	Skipped  string         `json:"skipped,omitempty"`
	Items    []storedItem   `json:"Items"`
	Members  int64          `json:"members,omitempty"`
	Omitted  int64          `json:"omitted,omitempty"`
	Distinct storedDistinct `json:"Distinct"`
	Scanned  time.Time      `json:"Scanned"`
	Bytes    int64          `json:"bytes,omitempty"`
	Access   *storedAccess  `json:"access,omitempty"`
}

type storedDistinct struct {
	High   int64 `json:"high"`
	Medium int64 `json:"middle"`
}

type storedItem struct {
	Inner      []string         `json:"Inner"`
	Format     string           `json:"Format"`
	Size       int64            `json:"Size"`
	Protection storedProtection `json:"Protection"`
	Skipped    string           `json:"Skipped"`
	Findings   storedFindings   `json:"Findings"`
	Problems   []storedProblem  `json:"Problems"`
}

type storedProtection struct {
	Verdict  scan.Verdict  `json:"verdict"` // by its stable name
	Scheme   string        `json:"scheme"`
	Strength scan.Strength `json:"strength"`
	Notes    []scan.Note   `json:"notes"` // never null
}

type storedFindings struct {
	High     storedCounts `json:"High"`
	Medium   storedCounts `json:"Middle"`
	Low      int64        `json:"Low"`
	Repaired int64        `json:"Repaired"`
	Hits     []storedHit  `json:"Hits"`
}

type storedCounts struct {
	Records   int64            `json:"records"`
	Classes   storedClasses    `json:"classes"`
	Places    map[string]int64 `json:"prefectures,omitempty"`
	Lives     map[string]int64 `json:"prefectures_by_address,omitempty"`
	Interim   int64            `json:"interim,omitempty"`
	Detectors map[string]int64 `json:"detectors,omitempty"`
}

type storedClasses struct {
	Number int64 `json:"number"`
	Two    int64 `json:"two"`
	Three  int64 `json:"three"`
	Four   int64 `json:"four"`
}

type storedHit struct {
	Table      string          `json:"table"`
	Row        int             `json:"row"`
	Column     string          `json:"column"`
	Masked     string          `json:"masked"`
	Score      int             `json:"score"`
	Confidence scan.Confidence `json:"confidence"`
	Detector   string          `json:"detector,omitempty"`
	Why        []string        `json:"why"`
}

type storedProblem struct {
	Kind   scan.Kind `json:"kind"`
	Detail string    `json:"detail"`
}

type storedAccess struct {
	Owner  string        `json:"owner"`
	Group  string        `json:"group,omitempty"`
	Grants []storedGrant `json:"grants"`
}

type storedGrant struct {
	SID   string `json:"sid"`
	Name  string `json:"name,omitempty"`
	Read  bool   `json:"read,omitempty"`
	Write bool   `json:"write,omitempty"`
}

// each converts a list; an empty one stays nil or empty as it is.
func each[From, To any](list []From, convert func(From) To) []To {
	if list == nil {
		return nil
	}
	out := make([]To, len(list))
	for i, v := range list {
		out[i] = convert(v)
	}
	return out
}

func toStored(r *scan.Result) stored {
	return stored{
		ID: r.Entry.ID, Owner: r.Entry.Owner, Folder: r.Entry.Folder, Skipped: r.Skipped, Items: each(r.Items, toItem),
		Members: r.Members, Omitted: r.Omitted, Distinct: storedDistinct(r.Distinct), Scanned: r.Scanned, Bytes: r.Bytes, Access: toAccess(r.Access),
	}
}

// masked is a result without the numbers in names.
func (s stored) masked() stored {
	s.Owner = scan.MaskName(s.Owner)
	s.Items = each(s.Items, func(i storedItem) storedItem {
		i.Inner = each(i.Inner, scan.MaskName)
		i.Problems = each(i.Problems, func(p storedProblem) storedProblem { return storedProblem{p.Kind, scan.MaskName(p.Detail)} })
		i.Findings.Hits = each(i.Findings.Hits, func(h storedHit) storedHit {
			h.Table, h.Column = scan.MaskName(h.Table), scan.MaskName(h.Column)
			return h
		})
		return i
	})
	if s.Access != nil {
		access := *s.Access
		access.Owner, access.Group = scan.MaskName(access.Owner), scan.MaskName(access.Group)
		access.Grants = each(access.Grants, func(g storedGrant) storedGrant { g.Name = scan.MaskName(g.Name); return g })
		s.Access = &access
	}
	return s
}

func (s *stored) into(r *scan.Result) {
	r.Entry.ID, r.Entry.Owner, r.Entry.Folder, r.Skipped = s.ID, s.Owner, s.Folder, s.Skipped
	r.Items, r.Members, r.Omitted = each(s.Items, storedItem.item), s.Members, s.Omitted
	r.Distinct, r.Scanned, r.Bytes, r.Access = scan.Distinct(s.Distinct), s.Scanned, s.Bytes, s.Access.access()
}

func toItem(i scan.Item) storedItem {
	p := storedProtection(i.Protection)
	if p.Notes == nil {
		p.Notes = []scan.Note{}
	}
	return storedItem{
		Inner: i.Inner, Format: i.Format, Size: i.Size, Protection: p, Skipped: i.Skipped,
		Findings: toFindings(i.Findings), Problems: each(i.Problems, func(p scan.Problem) storedProblem { return storedProblem(p) }),
	}
}

func (i storedItem) item() scan.Item {
	return scan.Item{
		Inner: i.Inner, Format: i.Format, Size: i.Size, Protection: scan.Protection(i.Protection), Skipped: i.Skipped,
		Findings: i.Findings.findings(), Problems: each(i.Problems, func(p storedProblem) scan.Problem { return scan.Problem(p) }),
	}
}

func toFindings(f scan.Findings) storedFindings {
	return storedFindings{
		High: toCounts(f.High), Medium: toCounts(f.Medium), Low: f.Low, Repaired: f.Repaired,
		Hits: each(f.Hits, func(h scan.Hit) storedHit { return storedHit(h) }),
	}
}

func (f storedFindings) findings() scan.Findings {
	return scan.Findings{
		High: f.High.counts(), Medium: f.Medium.counts(), Low: f.Low, Repaired: f.Repaired,
		Hits: each(f.Hits, func(h storedHit) scan.Hit { return scan.Hit(h) }),
	}
}

func toCounts(c scan.Counts) storedCounts {
	return storedCounts{Records: c.Records, Classes: storedClasses(c.Classes), Places: c.Places, Lives: c.Lives, Interim: c.Interim, Detectors: c.Detectors}
}

func (c storedCounts) counts() scan.Counts {
	return scan.Counts{Records: c.Records, Classes: scan.Classes(c.Classes), Places: c.Places, Lives: c.Lives, Interim: c.Interim, Detectors: c.Detectors}
}

func toAccess(a *scan.Access) *storedAccess {
	if a == nil {
		return nil
	}
	return &storedAccess{Owner: a.Owner, Group: a.Group, Grants: each(a.Grants, func(g scan.Grant) storedGrant { return storedGrant(g) })}
}

func (a *storedAccess) access() *scan.Access {
	if a == nil {
		return nil
	}
	return &scan.Access{Owner: a.Owner, Group: a.Group, Grants: each(a.Grants, func(g storedGrant) scan.Grant { return scan.Grant(g) })}
}
