package report

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// at writes a moment in the zone of the reader.
func (i *Impact) at(t time.Time) string { return i.clock().minute(t) }

func (i *Impact) clock() clock { return clock{i.Zone, i.Calendar} }

// title is the headline of the report.
func (i *Impact) title(w words) string {
	if i.Drill {
		return w.text("impact.title-drill")
	}
	return w.text("impact.title")
}

// asked says what the report is about.
func (i *Impact) asked(w words) []string {
	from, to := i.at(i.From), i.at(i.To)
	var list []string
	switch {
	case from == "" && to == "":
		list = append(list, w.text("impact.any-time"))
	case to == "":
		list = append(list, w.text("impact.from", from))
	case from == "":
		list = append(list, w.text("impact.to", to))
	default:
		list = append(list, w.text("impact.between", from, to))
	}
	if i.Drill {
		list = append(list, w.text("impact.drill"))
	}
	return list
}

// consoleFiles bounds the lists on the console.
const consoleFiles = 10

func impactConsole(to io.Writer, i *Impact) error {
	w := wordsIn(i.Lang)
	c := &console{words: w, to: to}
	c.line(i.title(w))
	c.line(w.text("made"), " ", i.at(i.Made), "  ", w.text("made-with"), " kagiban ", visible(i.Version))
	for _, line := range i.asked(w) {
		c.wrapped(line)
	}
	for _, t := range i.tables(w) {
		c.title(t.Title)
		if t.List {
			c.listed(t)
			continue
		}
		heads := append([]string(nil), t.Heads...)
		widths := []int{-34, 13, 13, 13, 13, 13, 13, 13}[:len(heads)]
		if len(heads) > 5 { // the classes are in the other formats
			heads, widths = heads[:4], widths[:4]
		}
		c.cellsOf(widths, append([]string{""}, heads[1:]...)...)
		for _, row := range t.Rows {
			cells := make([]string, len(heads))
			some := t.ID != "places"
			for n := range heads {
				cells[n] = fmt.Sprint(row[n])
				if v, ok := row[n].(int64); ok {
					cells[n], some = count(v), some || v != 0
				}
			}
			if some {
				c.cellsOf(widths, cells...)
			}
		}
		c.wrapped(t.Note)
	}
	c.line("")
	_, err := c.WriteTo(to)
	return err
}

// listed writes the beginning of a list: a path and what follows it.
func (c *console) listed(t impactTable) {
	for n, row := range t.Rows {
		if n == consoleFiles {
			c.wrapped(c.words.text("more-rows", count(int64(len(t.Rows)-n))))
			break
		}
		text := ""
		for _, v := range row[1:min(len(row), 4)] {
			if number, ok := v.(int64); ok {
				v = count(number)
			}
			text += "  " + fmt.Sprint(v)
		}
		c.line("  ", c.tail(fmt.Sprint(row[0]), consoleWidth-2))
		if text != "" {
			c.line("    ", text)
		}
	}
	if len(t.Rows) == 0 {
		c.line("  ", c.words.text("none"))
	}
	c.wrapped(t.Note)
}

// impactHTMLPage is what the template shows.
type impactHTMLPage struct {
	Lang, Title, Sensitive, Made, Policy, TableLabel string
	Style                                            template.CSS
	Asked                                            []string
	Tables                                           []impactHTMLTable
}

type impactHTMLTable struct {
	impactTable
	More string
}

func impactHTML(to io.Writer, i *Impact) error {
	w := wordsIn(i.Lang)
	css, err := htmlParts.ReadFile("html/report.css")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(css)
	page := impactHTMLPage{
		Lang: i.Lang, Title: i.title(w), Sensitive: w.text("sensitive"), TableLabel: w.text("text.table"), Style: template.CSS(css), Asked: i.asked(w),
		Made:   w.text("made") + " " + i.at(i.Made) + "  " + w.text("made-with") + " kagiban " + visible(i.Version),
		Policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", base64.StdEncoding.EncodeToString(sum[:])),
	}
	for _, t := range i.tables(w) {
		shown := impactHTMLTable{impactTable: t}
		if rest := len(t.Rows) - maxHTMLRows; rest > 0 {
			shown.Rows, shown.More = t.Rows[:maxHTMLRows], w.text("more-rows", count(int64(rest)))
		}
		page.Tables = append(page.Tables, shown)
	}
	t, err := template.New("impact.html").Funcs(template.FuncMap{
		"cell": func(v any) string {
			if n, ok := v.(int64); ok {
				return count(n)
			}
			return fmt.Sprint(v)
		},
		"number": func(v any) bool { _, ok := v.(int64); return ok },
		"counts": func(rows [][]any, column int) bool {
			if len(rows) == 0 {
				return false
			}
			_, ok := rows[0][column].(int64)
			return ok
		},
	}).ParseFS(htmlParts, "html/impact.html")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, page); err != nil {
		return err
	}
	_, err = out.WriteTo(to)
	return err
}

func impactXLSX(to io.Writer, i *Impact) (err error) {
	w := wordsIn(i.Lang)
	b := &workbook{File: excelize.NewFile(), words: w, clock: i.clock(), maxRows: excelize.TotalRows}
	defer b.Close()
	if err := b.prepare(&Book{Lang: i.Lang, Version: i.Version, Made: i.Made, Zone: i.Zone}); err != nil {
		return err
	}
	p := b.page("impact.sheet-summary", 60, 24, 24, 24)
	p.styled(b.styles.section, i.title(w))
	p.styled(b.styles.note, w.text("sensitive"))
	p.styled(b.styles.note, w.text("made")+" "+i.at(i.Made)+"  "+w.text("made-with")+" kagiban "+visible(i.Version))
	for _, line := range i.asked(w) {
		p.note(line)
	}
	tables := i.tables(w)
	for _, t := range tables {
		if t.ID == "summary" || t.ID == "classes" || t.ID == "coverage" {
			p.line()
			p.styled(b.styles.section, t.Title)
			p.styled(b.styles.heading, t.Heads...)
			for _, row := range t.Rows {
				p.line(row...)
			}
			p.note(t.Note)
		}
	}
	if p.err != nil {
		return p.err
	}
	if err := p.close(); err != nil {
		return err
	}
	for _, t := range tables {
		if t.ID == "summary" || t.ID == "classes" || t.ID == "coverage" {
			continue
		}
		if err := impactSheet(b, t); err != nil {
			return err
		}
	}
	b.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(to) })
	_, err = b.WriteTo(io.Discard)
	return err
}

// impactSheet writes one table as a sheet of its own.
func impactSheet(b *workbook, t impactTable) error {
	headings := make([]heading, len(t.Heads))
	for n := range t.Heads {
		headings[n] = heading{text: t.Heads[n], width: t.Widths[n]}
	}
	s := &sheet{book: b, title: t.Title, headings: headings, wrap: t.List, frozen: 1}
	if err := s.begin(); err != nil {
		return err
	}
	for _, row := range t.Rows {
		if err := s.add(row...); err != nil {
			return err
		}
	}
	return s.close()
}
