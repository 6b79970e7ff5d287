package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// A line is one file in jsonl. It is a contract: other programs read it. So all
// that is in it has types of its own, and no field of package scan is seen.
type line struct {
	Target      string           `json:"target"`
	Path        string           `json:"path"`
	Size        int64            `json:"size"`
	MTime       string           `json:"mtime"`
	Owner       string           `json:"owner"`
	Access      *lineAccess      `json:"access"`
	Format      string           `json:"format"`
	Protection  lineProtection   `json:"protection"`
	Status      scan.Status      `json:"status"`
	Reason      string           `json:"reason"`
	Records     int64            `json:"records"`
	Persons     int64            `json:"persons"`
	Classes     lineClasses      `json:"classes"`
	Prefectures map[string]int64 `json:"prefectures"`
	Lives       map[string]int64 `json:"prefectures_by_address"`
	Detectors   map[string]int64 `json:"detectors,omitempty"`
	Items       []lineItem       `json:"items"`
	Problems    []lineProblem    `json:"problems"`
	Finding     *lineFinding     `json:"finding,omitempty"`
	Department  *lineDepartment  `json:"department,omitempty"`
	Advice      string           `json:"advice,omitempty"`
	OldRules    bool             `json:"old_rules,omitempty"`
}

// A lineFinding is what became of the finding of a file.
type lineFinding struct {
	ID        string         `json:"id"`
	Stage     scan.Stage     `json:"stage"`
	How       string         `json:"how,omitempty"`
	Since     string         `json:"since"`
	First     string         `json:"first"`
	Last      string         `json:"last"`
	Due       string         `json:"due,omitempty"`
	Overdue   bool           `json:"overdue,omitempty"`
	Decision  string         `json:"decision,omitempty"`
	Exception *lineException `json:"exception,omitempty"`
}

type lineException struct {
	ID       int64  `json:"id"`
	Reason   string `json:"reason"`
	Decision string `json:"decision,omitempty"`
	Approver string `json:"approver"`
	Expires  string `json:"expires"`
}

type lineDepartment struct {
	Name    string `json:"name"`
	Contact string `json:"contact,omitempty"`
	Site    string `json:"site,omitempty"`
}

// A lineAccess is who may read or change the file, for programs: all of it.
type lineAccess struct {
	Group   string        `json:"group"`
	Readers scan.Audience `json:"readers"`
	Writers scan.Audience `json:"writers"`
	Grants  []lineGrant   `json:"grants"`
}

type lineGrant struct {
	SID   string `json:"sid"`
	Name  string `json:"name"`
	Read  bool   `json:"read"`
	Write bool   `json:"write"`
}

type lineProtection struct {
	Verdict  scan.Verdict  `json:"verdict"` // by its stable name
	Scheme   string        `json:"scheme"`
	Strength scan.Strength `json:"strength"`
	Notes    []scan.Note   `json:"notes"` // never null
}

type lineClasses struct {
	Number int64 `json:"number"`
	Two    int64 `json:"two"`
	Three  int64 `json:"three"`
	Four   int64 `json:"four"`
}

type lineHit struct {
	Table      string          `json:"table"`
	Row        int             `json:"row"`
	Column     string          `json:"column"`
	Masked     string          `json:"masked"`
	Score      int             `json:"score"`
	Confidence scan.Confidence `json:"confidence"`
	Detector   string          `json:"detector,omitempty"`
	Why        []string        `json:"why"` // never null
}

type lineItem struct {
	Inner      []string        `json:"inner"`
	Format     string          `json:"format"`
	Protection lineProtection  `json:"protection"`
	Records    int64           `json:"records"`
	Low        int64           `json:"low"`
	Confidence scan.Confidence `json:"confidence"`
	Evidence   []lineHit       `json:"evidence"`
}

type lineProblem struct {
	Inner  []string `json:"inner"`
	Kind   string   `json:"kind"`
	Detail string   `json:"detail"`
}

// A jsonlReport has one object for each file and nothing else. jsonl.schema.json
// describes it. Names are exact but for invalid UTF-8; characters that a
// terminal would obey are written as JSON escapes.
type jsonlReport struct {
	to    io.Writer
	book  *Book
	words words
	buf   bytes.Buffer
	enc   *json.Encoder
}

func newJSONL(w io.Writer, b *Book) (writer, error) {
	r := &jsonlReport{to: w, book: b, words: wordsIn(b.Lang)}
	r.enc = json.NewEncoder(&r.buf)
	r.enc.SetEscapeHTML(false)
	return r, nil
}

// PutRight implements writer: they are not there any more, or written as they are.
func (r *jsonlReport) PutRight(File) error { return nil }

// File implements writer.
func (r *jsonlReport) File(f File) error {
	r.buf.Reset()
	l := lineOf(f)
	l.OldRules = f.OldRules
	r.life(&l, f)
	if err := r.enc.Encode(l); err != nil {
		return err
	}
	_, err := r.to.Write(escaped(r.buf.Bytes()))
	return err
}

// life adds what became of a finding, who answers for it, and what to do.
func (r *jsonlReport) life(l *line, f File) {
	if f.Finding == nil {
		return
	}
	v := newView(f, r.words, r.book)
	l.Advice = v.Act()
	if d := f.Department; d.Name != "" {
		l.Department = &lineDepartment{Name: clean(d.Name), Contact: clean(d.Contact), Site: clean(d.Site)}
	}
	l.Finding = &lineFinding{
		ID: v.Number(), Stage: f.Finding.Stage, How: f.Finding.How, Since: stamp(f.Finding.Since), First: stamp(f.Finding.First), Last: stamp(f.Finding.Last),
		Due: stamp(f.Due), Overdue: v.Overdue() > 0, Decision: f.Decided(),
	}
	if e := f.Exception; e != nil {
		l.Finding.Exception = &lineException{ID: e.ID, Reason: clean(MaskName(e.Reason)), Decision: clean(e.Decision), Approver: clean(e.Approver), Expires: stamp(e.Expires)}
	}
}

// stamp writes a time for programs; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// End implements writer.
func (r *jsonlReport) End() error { return nil }

// escaped writes as escapes what the encoder leaves alone: DEL, the C1 controls
// and changes of direction. Outside of strings JSON holds ASCII only.
func escaped(text []byte) []byte {
	risky := func(r rune) bool {
		return r != '\n' && r <= 0xffff && obeyed(r)
	}
	if bytes.IndexFunc(text, risky) < 0 {
		return text
	}
	var out []byte
	for _, r := range string(text) {
		if risky(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

func lineOf(f File) line {
	l := line{
		Target: f.Entry.Target, Path: clean(f.Entry.Path), Size: f.Entry.Size, Owner: f.Entry.Owner,
		Status: f.Status, Reason: f.Reason, Records: f.Counts.Records, Persons: f.Persons,
		Classes: lineClasses(f.Counts.Classes), Prefectures: f.Counts.Places, Lives: f.Counts.Lives, Detectors: f.Counts.Detectors, Items: []lineItem{}, Problems: []lineProblem{},
	}
	l.Access = accessOf(f.Access)
	if !f.Entry.ModTime.IsZero() {
		l.MTime = f.Entry.ModTime.UTC().Format(time.RFC3339Nano)
	}
	if l.Prefectures == nil {
		l.Prefectures = map[string]int64{}
	}
	if l.Lives == nil {
		l.Lives = map[string]int64{}
	}
	for i, item := range f.Items {
		inner := item.Inner
		if inner == nil {
			inner = []string{}
		}
		if i == 0 {
			l.Format, l.Protection = item.Format, protectionOf(item.Protection)
		}
		confidence := item.Findings.Confidence()
		if i > 0 || confidence != "" {
			l.Items = append(l.Items, lineItem{inner, item.Format, protectionOf(item.Protection), item.Findings.High.Records + item.Findings.Medium.Records, item.Findings.Low, confidence, hits(item.Findings.Hits)})
		}
		for _, p := range item.Problems {
			l.Problems = append(l.Problems, lineProblem{inner, string(p.Kind), p.Detail})
		}
	}
	return l
}

func accessOf(a *scan.Access) *lineAccess {
	if a == nil {
		return nil
	}
	l := &lineAccess{Group: a.Group, Readers: a.Readers(), Writers: a.Writers(), Grants: []lineGrant{}}
	for _, g := range a.Grants {
		l.Grants = append(l.Grants, lineGrant(g))
	}
	return l
}

// hits makes lists of what would be null.
func hits(list []scan.Hit) []lineHit {
	out := make([]lineHit, len(list))
	for i, h := range list {
		out[i] = lineHit(h)
		if h.Why == nil {
			out[i].Why = []string{}
		}
	}
	return out
}

func protectionOf(p scan.Protection) lineProtection {
	l := lineProtection(p)
	if l.Notes == nil {
		l.Notes = []scan.Note{}
	}
	return l
}

// clean makes a name valid UTF-8, as JSON needs it.
func clean(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }
