package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/mattn/go-runewidth"
)

// An explanation is written in one language. It shows masked samples only.
type explanation struct {
	w      io.Writer
	lang   string
	grades detectors.Grades
}

// samplesShown is how many masked samples of a column are shown.
const samplesShown = 3

func (x explanation) word(id string) string { return report.Text(x.lang, "explain."+id) }

// code is the word for a stable code; the code itself where there is none.
func (x explanation) code(family, code string) string {
	if text := report.Text(x.lang, family+"."+code); text != family+"."+code {
		return text
	}
	return code
}

func (x explanation) reason(code string) string {
	if code == "" {
		return ""
	}
	return x.code("reason", code)
}

func (x explanation) strength(s scan.Strength) string {
	if s == "" {
		return ""
	}
	return x.code("strength", string(s))
}

// detail is what the parser said, for a technician, behind what it means; in English
// the one says the other.
func (x explanation) detail(text string) string {
	text = report.MaskName(text)
	if meaning := report.MaskName(report.Detail(x.lang, text)); x.lang != "en" && meaning != text && text != "" {
		return meaning + ": " + text
	}
	return text
}

func (x explanation) line(label, text string) {
	fmt.Fprintf(x.w, "%s %s\n", runewidth.FillRight(label, 14), oneLine(text))
}

func (x explanation) format(id string, args ...any) string {
	return report.Text(x.lang, "explain."+id, args...)
}

// file explains one result.
func (x explanation) file(r *scan.Result, j scan.Judgement) {
	x.line(x.word("file"), report.MaskName(r.Entry.Path))
	x.line(x.word("status"), x.code("status", string(j.Status))+because(x.reason(j.Reason)))
	if j.Counts.Records > 0 {
		c := j.Counts.Classes
		x.line(x.word("records"), x.format("counts", n(j.Counts.Records), n(j.Persons), n(c.Number), n(c.Two), n(c.Three), n(c.Four)))
	}
	x.line(x.word("read"), x.format("bytes", n(r.Bytes), n(r.Entry.Size), n(r.Members)))
	for _, item := range r.Items {
		fmt.Fprintln(x.w)
		x.item(item)
	}
}

func (x explanation) item(item scan.Item) {
	name := report.MaskName(strings.Join(item.Inner, " > "))
	if name == "" {
		name = x.word("itself")
	}
	x.line(x.word("item"), name)
	x.line("  "+x.word("format"), item.Format+because(x.reason(item.Skipped)))
	p := item.Protection
	x.line("  "+x.word("password"), x.code("verdict", p.Verdict.String())+because(strings.TrimSpace(x.code("scheme", p.Scheme)+" "+x.strength(p.Strength))))
	var parts []string
	for _, a := range item.Account {
		parts = append(parts, x.format("account-part", x.word("use-"+string(a.Use)), n(a.Bytes)))
	}
	if len(parts) > 0 {
		x.line("  "+x.word("account"), strings.Join(parts, x.word("account-join")))
	}
	for _, note := range p.Notes {
		x.line("  "+x.word("note"), x.code("note", string(note)))
	}
	f := item.Findings
	if f.Confidence() != "" {
		x.line("  "+x.word("found"), x.format("grades", n(f.High.Records), n(f.Medium.Records), n(f.Low), n(f.Repaired)))
	}
	for _, c := range columnsOf(f.Hits) {
		x.column(c)
	}
	for _, p := range item.Problems {
		x.line("  "+x.word("problem"), x.code("reason", string(p.Kind))+because(x.detail(p.Detail)))
	}
}

// column explains how one column was judged.
func (x explanation) column(hits []scan.Hit) {
	h := hits[0]
	x.line("  "+x.word("column"), x.format("where", report.MaskName(h.Table), report.MaskName(h.Column))+because(h.Detector))
	if h.Detector != "" {
		for _, code := range h.Why {
			fmt.Fprintf(x.w, "           %s\n", x.code("why", code))
		}
		x.samples(hits)
		return
	}
	for _, code := range h.Why {
		points := "     "
		if p := detectors.Points(code); p != 0 {
			points = fmt.Sprintf("%+5d", p)
		}
		fmt.Fprintf(x.w, "    %s  %s\n", points, x.code("why", code))
	}
	x.line("    "+x.word("score"), x.format("total", n(int64(h.Score)), x.code("confidence", string(h.Confidence)), n(int64(x.grades.High)), n(int64(x.grades.Medium))))
	x.samples(hits)
}

func (x explanation) samples(hits []scan.Hit) {
	for _, one := range hits[:min(len(hits), samplesShown)] {
		x.line("    "+x.word("sample"), x.format("row", n(int64(one.Row)), one.Masked))
	}
}

// columnsOf puts evidence together that was judged together.
func columnsOf(hits []scan.Hit) [][]scan.Hit {
	var columns [][]scan.Hit
	at := map[string]int{}
	for _, h := range hits {
		key := strings.Join(append([]string{h.Table, h.Column}, h.Why...), "\x00")
		i, ok := at[key]
		if !ok {
			i = len(columns)
			at[key] = i
			columns = append(columns, nil)
		}
		columns[i] = append(columns[i], h)
	}
	return columns
}

func n(v int64) string { return strconv.FormatInt(v, 10) }
