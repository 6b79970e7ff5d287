package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

//go:embed html
var htmlParts embed.FS

// maxHTMLRows bounds each list of the page, worst first; the other formats
// hold all files. A browser is slow with more.
const maxHTMLRows = 500

// The lists of which the page holds all rows; links lead to them.
const (
	listViolations = "violations"
	listReview     = "review"
	listUnchecked  = "unchecked"
)

// An htmlReport is one page that needs nothing else: no network, and no script
// to be read. Names are escaped by the template, and a policy in the page
// allows no style and no script but its own two.
type htmlReport struct {
	to                                                  io.Writer
	book                                                *Book
	page                                                *htmlPage
	violation, review, unchecked, weak, excepted, right shortlist
	cover                                               covered
	rows                                                map[string]*rowStore // all of the longest lists, by the id of the list
}

func newHTML(w io.Writer, b *Book) (writer, error) { return newHTMLReport(w, b, maxHTMLRows) }

func newHTMLReport(w io.Writer, b *Book, maxRows int) (*htmlReport, error) {
	page, err := newHTMLPage(b, maxRows)
	r := &htmlReport{to: w, book: b, page: page, cover: covered{}, rows: map[string]*rowStore{listViolations: newRowStore(), listReview: newRowStore(), listUnchecked: newRowStore()}}
	for _, s := range []*shortlist{&r.violation, &r.review, &r.unchecked, &r.weak, &r.excepted, &r.right} {
		s.most = maxRows
	}
	return r, err
}

// PutRight implements writer.
func (r *htmlReport) PutRight(f File) error {
	r.right.offer(f)
	return nil
}

// File implements writer. Of each list the worst are kept.
func (r *htmlReport) File(f File) error {
	r.cover.add(f)
	v := newView(f, r.page.words, r.book)
	var err error
	switch f.Status {
	case scan.StatusViolation:
		r.violation.offer(f)
		err = r.rows[listViolations].found(v)
	case scan.StatusReview:
		r.review.offer(f)
		err = r.rows[listReview].found(v)
	case scan.StatusExcepted:
		r.excepted.offer(f)
	}
	if f.Partial || f.Status == scan.StatusUnchecked {
		r.unchecked.offer(f)
		err = errors.Join(err, r.rows[listUnchecked].unread(v))
	}
	if v.Weak() {
		r.weak.offer(f)
	}
	return err
}

// End implements writer.
func (r *htmlReport) End() error {
	if err := r.fill(); err != nil {
		return err
	}
	t, err := template.New("report.html").Funcs(r.page.functions()).ParseFS(htmlParts, "html/report.html")
	if err != nil {
		return err
	}
	return t.Execute(r.to, r.page)
}

// fill puts the lists on the page.
func (r *htmlReport) fill() error {
	p, b := r.page, r.book
	for _, l := range []struct {
		list  *htmlList
		worst *shortlist
	}{
		{&htmlList{ID: listViolations, Title: "head.violations", Found: true, Says: "col.verdict"}, &r.violation},
		{&htmlList{ID: listReview, Title: "head.review", Found: true, Says: "col.verdict"}, &r.review},
		{&htmlList{ID: listUnchecked, Title: "head.unchecked-list", Note: "text.unchecked", Says: "col.problems"}, &r.unchecked},
	} {
		p.add(b, l.list, l.worst)
		if l.list.Rest == 0 {
			continue
		}
		var err error
		if l.list.All, err = r.rows[l.list.ID].text(); err != nil {
			return err
		}
	}
	p.add(b, &htmlList{ID: "weak", Title: "head.weak", Note: "text.weak"}, &r.weak)
	p.add(b, &htmlList{ID: "excepted", Title: "head.excepted", Found: true}, &r.excepted)
	p.add(b, &htmlList{ID: "right", Title: "head.right", Note: "text.right"}, &r.right)
	for _, e := range b.Ledger {
		p.Ledger = append(p.Ledger, htmlException{
			ID: e.ID, State: p.words.ledger(e, b.Made), Pattern: visible(MaskName(e.Pattern)), Reason: visible(MaskName(e.Reason)), Approver: visible(e.Approver),
			Granted: b.clock().day(e.Created), Expires: b.clock().day(lastDay(e)), Removed: b.clock().day(e.Removal.At),
			Covered: r.cover.of(e),
		})
	}
	return nil
}

// An htmlPage is what the template shows.
type htmlPage struct {
	words                        words
	Lang, Version, Made, MadeISO string
	Policy                       string
	Style                        template.CSS
	Script                       template.JS
	Summary                      summary
	Violation, Review, Undecided statusRow
	Check, WideHint              string
	Banner                       []string
	Changes                      []changeRow
	ChangesNote                  string
	Charts                       []*chart
	Folders                      []folderRow
	FoldersRest                  int64
	OtherSums                    []int64 // files of the statuses after violation, best last
	PlaceColumns                 [][]named
	Lists                        []*htmlList
	Ledger                       []htmlException
	Targets                      []htmlTarget
	Method, Caveats              []string
	Limits                       []fact
}

// An htmlList is a bounded list of files.
type htmlList struct {
	ID, Title, Note string
	Found           bool // files with numbers in the open
	Rows            []view
	Total, Rest     int64
	All             string    // all rows, for the script; "" where Rows has them
	Says            string    // heading of what each of them says: of the protection, or why it was not examined
	Acts            []htmlAct // for paper, where each is printed once
}

// An htmlAct is what is to be done about several files.
type htmlAct struct{ Text, Numbers string }

// acts groups files by what is to be done.
func acts(rows []view) (list []htmlAct) {
	at := map[string]int{}
	for _, v := range rows {
		text := v.ActHow()
		if text == "" {
			continue
		}
		i, known := at[text]
		if !known {
			i = len(list)
			at[text], list = i, append(list, htmlAct{Text: text})
		}
		list[i].Numbers = strings.TrimSpace(list[i].Numbers + " " + v.Number())
	}
	return list
}

type htmlException struct {
	ID                               int64
	State, Pattern, Reason, Approver string
	Granted, Expires, Removed        string
	Covered                          Sum
}

type htmlTarget struct {
	Name, State, Completed, Size string
	Complete                     bool
	Files                        int64
}

func newHTMLPage(b *Book, maxRows int) (*htmlPage, error) {
	w := wordsIn(b.Lang)
	p := &htmlPage{
		words: w, Lang: b.Lang, Version: visible(b.Version), Made: b.clock().minute(b.Made), MadeISO: b.Made.UTC().Format(time.RFC3339),
		Summary: newSummary(b.Totals, w), Method: w.method(b.Rule), Caveats: append(w.caveats(), w.streams(b)...), Limits: w.limits(b.Limits),
	}
	for _, row := range p.Summary.Statuses {
		switch row.Status {
		case scan.StatusViolation:
			p.Violation = row
			continue
		case scan.StatusReview:
			p.Review = row
		case scan.StatusUnchecked:
			p.Undecided = row
		}
		p.OtherSums = append(p.OtherSums, row.Files)
	}
	p.Check, p.Banner, p.Changes = p.Summary.check(w), b.banner(w), b.changes(w)
	if b.Changes != nil {
		p.ChangesNote = b.changesNote(w)
	}
	if wide := p.Summary.wide(); wide.Files > 0 {
		p.WideHint = w.text("text.wide", count(wide.Files), count(wide.Records))
	}
	p.Charts = p.charts(b)
	p.Folders = p.Summary.Folders[:min(len(p.Summary.Folders), maxRows)]
	p.FoldersRest = int64(len(p.Summary.Folders) - len(p.Folders))
	p.PlaceColumns = thirds(p.Summary.Places)
	for _, t := range b.Targets {
		p.Targets = append(p.Targets, htmlTarget{visible(t.Name), w.complete(t), b.clock().minute(t.Completed), bytesText(t.Bytes), t.Complete, t.Files})
	}
	return p, p.parts()
}

// parts takes in style and script, and states by their hashes that nothing
// else may run.
func (p *htmlPage) parts() error {
	css, err := htmlParts.ReadFile("html/report.css")
	if err != nil {
		return err
	}
	js, err := htmlParts.ReadFile("html/report.js")
	if err != nil {
		return err
	}
	hash := func(text []byte) string {
		sum := sha256.Sum256(text)
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	p.Style, p.Script = template.CSS(css), template.JS(js)
	p.Policy = fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'", hash(css), hash(js))
	return nil
}

func (p *htmlPage) add(b *Book, l *htmlList, s *shortlist) {
	for _, f := range s.Files() {
		l.Rows = append(l.Rows, newView(f, p.words, b))
	}
	l.Total, l.Rest, l.Acts = s.Total, s.Rest(), acts(l.Rows)
	p.Lists = append(p.Lists, l)
}

// thirds cuts a long table into three that stand side by side.
func thirds(rows []named) [][]named {
	var out [][]named
	n := (len(rows) + 2) / 3
	for len(rows) > 0 {
		k := min(n, len(rows))
		out, rows = append(out, rows[:k]), rows[k:]
	}
	return out
}

// functions are the few that the template calls.
func (p *htmlPage) functions() template.FuncMap {
	return template.FuncMap{
		"t":    func(id string) string { return p.words.text(id) },
		"tf":   func(id string, arg string) string { return p.words.text(id, arg) },
		"code": func(family string, code any) string { return p.words.code(family, fmt.Sprint(code)) },
		"columns": func(ids ...string) (texts []string) {
			for _, id := range ids {
				texts = append(texts, p.words.text(id))
			}
			return texts
		},
		"counts": func(title string, rows []named) any {
			return struct {
				Title string
				Rows  []named
			}{title, rows}
		},
		"n": func(n any) string {
			if i, ok := n.(int); ok {
				return count(int64(i))
			}
			i, _ := n.(int64) // a test renders every call
			return count(i)
		},
	}
}
