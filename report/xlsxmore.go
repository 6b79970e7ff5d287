package report

import (
	"fmt"

	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

// changes is the table of what became of findings since the last time.
func (p *page) changes(book *Book) {
	rows := book.changes(p.book.words)
	if rows == nil {
		return
	}
	p.section("head.changes", "col.item", "col.files", "col.records")
	for _, r := range rows {
		var name, records any = r.Name, r.Records
		if r.Alarm {
			name = alarm(r.Name)
		}
		if r.Records < 0 {
			records = nil
		}
		p.line(name, r.Files, records)
	}
	p.note(book.changesNote(p.book.words))
}

// trend lists the figures of earlier runs and of this one.
func (p *page) trend(book *Book) {
	if len(book.Trend) == 0 {
		return
	}
	p.section("head.trend", "col.day", "col.department-violations", "col.violation-records", "col.violation-persons", "col.review-files", "col.unchecked-files")
	p.trendAt = p.row + 1
	for _, t := range trendOf(book) {
		v := t.Sums[scan.StatusViolation]
		p.line(book.clock().day(t.At), v.Files, v.Records, v.Persons, t.Sums[scan.StatusReview].Files, t.Sums[scan.StatusUnchecked].Files)
	}
}

// trendShown bounds the earlier runs that are shown.
const trendShown = 30

// trendOf are the latest runs, and this one last.
func trendOf(b *Book) []scan.Tally {
	now := scan.Tally{At: b.Made, Sums: map[scan.Status]scan.TallySum{}}
	for status, sum := range b.Totals.Statuses {
		now.Sums[status] = scan.TallySum{Files: sum.Files, Records: sum.Records, Persons: sum.Persons}
	}
	list := b.Trend[max(0, len(b.Trend)-trendShown):]
	return append(list[:len(list):len(list)], now)
}

// signOff is where those who checked the report sign.
func (p *page) signOff() {
	p.section("head.signoff")
	w := p.book.words
	p.styled(p.book.styles.heading, "", w.text("sign.check"), w.text("sign.confirm"), w.text("sign.approve"))
	for _, id := range []string{"sign.day", "sign.name"} {
		empty := excelize.Cell{StyleID: p.book.styles.fill}
		p.line(w.text(id), empty, empty, empty)
	}
}

// charts draws classes, departments and the trend below the tables, two side by
// side.
func (p *page) charts(book *Book, s summary) error {
	b, w := p.book, p.book.words
	at, beside := p.row+2, false
	draw := func(kind excelize.ChartType, title string, series ...excelize.ChartSeries) error {
		column, same := "A", false
		if beside {
			column = "E"
		}
		err := b.AddChart(p.name, fmt.Sprint(column, at), &excelize.Chart{
			Type: kind, Series: series, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title}}},
			Dimension: excelize.ChartDimension{Width: 520, Height: 300}, Legend: excelize.ChartLegend{Position: "none"},
			PlotArea: excelize.ChartPlotArea{ShowVal: true}, VaryColors: &same,
			XAxis: excelize.ChartAxis{ReverseOrder: kind == excelize.Bar},
		})
		if beside {
			at += 17
		}
		beside = !beside
		return err
	}
	series := func(sheet, name, names, values string) excelize.ChartSeries {
		return excelize.ChartSeries{Name: name, Categories: "'" + sheet + "'!" + names, Values: "'" + sheet + "'!" + values}
	}
	classes := w.text("head.classes-sheet")
	if err := draw(excelize.Bar, w.text("head.classes"), series(classes, w.text("col.records"), "$A$2:$A$5", "$C$2:$C$5")); err != nil {
		return err
	}
	if n := min(len(s.Folders), 10); n > 0 {
		folders := w.text("head.folders")
		if err := draw(excelize.Bar, w.text("chart.folders"), series(folders, w.text("col.violation-records"), fmt.Sprintf("$A$2:$A$%d", n+1), fmt.Sprintf("$J$2:$J$%d", n+1))); err != nil {
			return err
		}
	}
	if p.trendAt == 0 {
		return nil
	}
	last := p.trendAt + len(trendOf(book)) - 1
	return draw(excelize.Line, w.text("head.trend"),
		series(p.name, w.text("col.department-violations"), fmt.Sprintf("$A$%d:$A$%d", p.trendAt, last), fmt.Sprintf("$B$%d:$B$%d", p.trendAt, last)))
}

// classes is the sheet by class.
func (b *workbook) classes(s summary) error {
	t, err := b.sheet("head.classes-sheet", []heading{{text: "col.class", width: 14}, {text: "head.meaning", width: 40}, {text: "col.violation-records", width: 14}, {text: "col.rate", width: 12}})
	if err != nil {
		return err
	}
	var sum int64
	for _, c := range s.Classes {
		sum += c.N
	}
	for _, c := range s.Classes {
		if err := t.add(c.Name, b.words.code("class-meaning", c.Code), c.N, rate{Part: c.N, Whole: sum}); err != nil {
			return err
		}
	}
	if err := t.add(b.sum(b.words.text("sum")), b.sum(""), b.sum(sum), b.sum("")); err != nil {
		return err
	}
	return t.close()
}

// leftOut is the sheet of the rules that leave files out.
func (b *workbook) leftOut(s summary) error {
	t, err := b.sheet("head.skipped", []heading{{text: "col.item", width: 60}, {text: "col.files", width: 14}})
	if err != nil {
		return err
	}
	for _, r := range s.Skipped {
		if err := t.add(r.Name, r.N); err != nil {
			return err
		}
	}
	return t.close()
}

// declared sets what departments said of themselves beside what was measured.
func (b *workbook) declared(book *Book, s summary) error {
	t, err := b.sheet("head.declared", []heading{
		{text: "col.period", width: 16}, {text: "col.department", width: 24}, {text: "col.declared", width: 20},
		{text: "col.department-violations", width: 14}, {text: "col.violation-records", width: 14}, {text: "col.review-files", width: 14}, {text: "col.unchecked-files", width: 14}, {text: "col.differs", width: 30},
	})
	if err != nil {
		return err
	}
	for _, d := range book.Declared {
		of := s.folder(b.words.folder(d.Department))
		if of == nil {
			if err := t.add(visible(d.Period), visible(d.Department), visible(d.Answer), nil, nil, nil, nil, b.words.text("declared.unmeasured")); err != nil {
				return err
			}
			continue
		}
		v := of.Of(string(scan.StatusViolation))
		var differs any = b.words.text("declared.none")
		if v.Files > 0 {
			differs = alarm(b.words.text("declared.differs"))
		}
		if err := t.add(visible(d.Period), visible(d.Department), visible(d.Answer), v.Files, v.Records, of.Of(string(scan.StatusReview)).Files, of.Of(string(scan.StatusUnchecked)).Files, differs); err != nil {
			return err
		}
	}
	return t.close()
}

// folder finds a department by its word.
func (s summary) folder(name string) *folderRow {
	for i := range s.Folders {
		if s.Folders[i].Name == name {
			return &s.Folders[i]
		}
	}
	return nil
}
