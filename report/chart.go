package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A chart is a drawing of the html report, with its numbers in it: it says
// nothing that a table does not say. Sizes are in units of the drawing.
type chart struct {
	Title  string
	Bars   []chartBar
	Points string // of the line of a trend; "": bars
	Dots   []chartDot
	Height int
}

type chartBar struct {
	Name     string
	N        int64
	Y, Width int
	Alarm    bool
}

type chartDot struct {
	X, Y int
	Name string
	N    int64
}

const (
	chartRow  = 26  // height of a bar with its gap
	chartSpan = 260 // width of the longest bar
	chartBars = 10  // of one chart
)

// bars draws counts, nil if all are zero.
func bars(title string, rows []named) *chart {
	c := &chart{Title: title}
	most := int64(1)
	for _, r := range rows {
		most = max(most, r.N)
	}
	for _, r := range rows {
		if len(c.Bars) == chartBars {
			break
		}
		c.Bars = append(c.Bars, chartBar{Name: short(r.Name), N: r.N, Y: len(c.Bars) * chartRow, Width: max(1, int(r.N*chartSpan/most)), Alarm: wideAudience(r.Code)})
	}
	c.Height = len(c.Bars)*chartRow + 4
	for _, r := range rows {
		if r.N > 0 {
			return c
		}
	}
	return nil
}

// short cuts a name to what stands beside a bar.
func short(name string) string {
	const most = 14
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

// charts are those of the page, without the empty ones.
func (p *htmlPage) charts(b *Book) (list []*chart) {
	w := p.words
	var folders, readers []named
	for _, f := range p.Summary.Folders {
		folders = append(folders, named{Name: f.Name, N: f.Of(string(scan.StatusViolation)).Records})
	}
	for _, r := range p.Summary.Readers {
		readers = append(readers, named{Code: r.Code, Name: w.code("audience-short", r.Code), N: r.Violation.Files})
	}
	for _, c := range []*chart{
		bars(w.text("chart.folders"), folders), bars(w.text("head.classes"), p.Summary.Classes),
		bars(w.text("chart.ages"), ages(b.Totals, w)), bars(w.text("chart.readers"), readers), trendChart(b, w),
	} {
		if c != nil {
			list = append(list, c)
		}
	}
	return list
}

// ageYears are the upper ends of the classes of age, in years.
func ageYears() []int { return []int{1, 3, 5, 10} }

// ageOf classes a file by the years since it was changed last, when it was scanned.
func ageOf(f File) int {
	years := int(f.Scanned.Sub(f.Entry.ModTime) / (365 * 24 * time.Hour))
	for i, end := range ageYears() {
		if years < end {
			return i
		}
	}
	return len(ageYears())
}

// ages counts violations by age.
func ages(t *Totals, w words) (rows []named) {
	from := 0
	for i, end := range ageYears() {
		rows = append(rows, named{Name: w.text("age.between", from, end), N: t.Ages[i]})
		from = end
	}
	return append(rows, named{Name: w.text("age.above", from), N: t.Ages[len(ageYears())]})
}

// trendChart draws the files in violation over the runs.
func trendChart(b *Book, w words) *chart {
	if len(b.Trend) == 0 {
		return nil
	}
	const width, height = 420, 110
	list := trendOf(b)
	c := &chart{Title: w.text("head.trend") + " (" + w.text("col.department-violations") + ")", Height: height + 40}
	most := int64(1)
	for _, t := range list {
		most = max(most, t.Sums[scan.StatusViolation].Files)
	}
	var points []string
	for i, t := range list {
		n := t.Sums[scan.StatusViolation].Files
		d := chartDot{X: 10 + i*width/cmp.Or(len(list)-1, 1), Y: height + 14 - int(n*height/most), N: n, Name: b.clock().day(t.At)}
		points = append(points, fmt.Sprint(d.X, ",", d.Y))
		c.Dots = append(c.Dots, d)
	}
	c.Points = strings.Join(points, " ")
	return c
}

// TrendEnds are the first and the last day of a trend, with their figures.
func (p *htmlPage) TrendEnds(c *chart) struct{ First, Last string } {
	first, last := c.Dots[0], c.Dots[len(c.Dots)-1]
	return struct{ First, Last string }{first.Name + ": " + count(first.N), last.Name + ": " + count(last.N)}
}
