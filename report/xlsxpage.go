package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

// A page is a sheet with several small tables on it; the first error stays.
type page struct {
	*sheet
	err     error
	trendAt int // first row of the trend; 0: there is none
}

func (b *workbook) page(id string, widths ...float64) *page {
	s, err := b.sheet(id, nil)
	p := &page{sheet: s, err: err}
	for i, w := range widths {
		if p.err == nil {
			p.err = s.stream.SetColWidth(i+1, i+1, w)
		}
	}
	return p
}

func (p *page) line(values ...any) {
	if p.err == nil {
		p.err = p.add(values...)
	}
}

// styled writes a row of texts in one style.
func (p *page) styled(style int, texts ...string) {
	cells := make([]any, len(texts))
	for i, t := range texts {
		cells[i] = excelize.Cell{StyleID: style, Value: t}
	}
	p.line(cells...)
}

// section begins a table: an empty row, its name, its headings.
func (p *page) section(id string, headings ...string) {
	p.line()
	p.styled(p.book.styles.section, p.book.words.text(id))
	for i := range headings {
		headings[i] = p.book.words.text(headings[i])
	}
	if len(headings) > 0 {
		p.styled(p.book.styles.heading, headings...)
	}
}

// note writes a text that runs over the columns to its right.
func (p *page) note(text string) {
	for _, line := range wrap(text, noteWidth) {
		p.styled(p.book.styles.note, line)
	}
}

const noteWidth = 120

func (p *page) end() error {
	if p.err != nil {
		return p.err
	}
	return p.close()
}

// sum makes a cell in a row of sums.
func (b *workbook) sum(value any) excelize.Cell {
	style := b.styles.sumCount
	if _, ok := value.(string); ok {
		style = b.styles.sumText
	}
	return excelize.Cell{StyleID: style, Value: value}
}

// notSummed stands where a sum would be wrong.
func (b *workbook) notSummed() excelize.Cell {
	return excelize.Cell{StyleID: b.styles.sumNone, Value: b.words.text("not-counted")}
}

func (b *workbook) summary(book *Book, s summary) error {
	p := b.page("head.summary", 36, 14, 14, 14, 14, 14, 14, 14)
	p.styled(b.styles.title, b.words.text("title"))
	p.styled(b.styles.bad, b.words.text("sensitive"))
	for _, line := range book.banner(b.words) {
		p.styled(b.styles.bad, line)
	}
	p.note(b.words.text("made") + "  " + book.clock().minute(book.Made) + "  " + b.words.text("made-with") + " kagiban " + visible(book.Version))
	p.section("head.statuses", "col.status", "col.files", "col.records", "col.persons", "class.number", "class.two", "class.three", "class.four")
	for _, row := range s.Statuses {
		if row.Counted {
			c := row.Classes
			p.line(row.Name, row.Files, row.Records, row.Persons, c.Number, c.Two, c.Three, c.Four)
		} else {
			p.line(row.Name, row.Files)
		}
		if row.Decided > 0 {
			p.line("　"+b.words.text("text.decided"), row.Decided)
		}
		if r := s.Restricted; r != nil && row.Status == r.Status {
			p.line("　"+r.Name, r.Files, r.Records, r.Persons, r.Classes.Number, r.Classes.Two, r.Classes.Three, r.Classes.Four)
		}
	}
	c := s.Sum.Classes
	p.line(b.sum(s.Sum.Name), b.sum(s.Sum.Files), b.sum(s.Sum.Records), b.notSummed(), b.sum(c.Number), b.sum(c.Two), b.sum(c.Three), b.sum(c.Four))
	p.note(s.check(b.words))
	p.note(s.Persons)
	p.changes(book)
	p.section("head.rates", "col.item", "col.part", "col.whole", "col.rate")
	for _, r := range s.Rates {
		p.line(r.Name, r.Part, r.Whole, r)
	}
	p.note(b.words.text("text.rates"))
	p.readers(s)
	p.tallies("head.unchecked", s.Unchecked)
	p.tallies("head.protected", s.Protection)
	p.line()
	p.line(b.words.text("text.partial"), s.Partial)
	p.line(s.Low.Name, s.Low.Part)
	p.trend(book)
	p.signOff()
	if p.err == nil {
		p.err = p.charts(book, s)
	}
	return p.end()
}

// readers counts findings by who can read them.
func (p *page) readers(s summary) {
	p.section("head.readers", "col.readers", "col.department-violations", "col.violation-records", "col.review-files", "col.review-records", "col.excepted-files", "col.excepted-records")
	for _, r := range s.Readers {
		var name any = r.Name
		if r.Wide && r.Violation.Files > 0 {
			name = alarm(r.Name)
		}
		p.line(name, r.Violation.Files, r.Violation.Records, r.Review.Files, r.Review.Records, r.Excepted.Files, r.Excepted.Records)
	}
	v, r, e := s.ReaderSum.Violation, s.ReaderSum.Review, s.ReaderSum.Excepted
	sum := p.book.sum
	p.line(sum(s.ReaderSum.Name), sum(v.Files), sum(v.Records), sum(r.Files), sum(r.Records), sum(e.Files), sum(e.Records))
	p.note(p.book.words.text("text.readers"))
}

func (p *page) tallies(id string, rows []named) {
	p.section(id, "col.item", "col.files")
	for _, r := range rows {
		p.line(r.Name, r.N)
	}
	if len(rows) == 0 {
		p.line(p.book.words.text("none"))
	}
}

// folders is the sheet by department.
func (b *workbook) folders(s summary) error {
	headings := []heading{{text: "col.department", width: 30}, {text: "col.files", width: 10}}
	for _, status := range scan.Statuses() {
		headings = append(headings, heading{text: "status." + string(status), width: 10})
	}
	for _, id := range []string{"violation-records", "violation-persons", "review-records", "review-persons", "excepted-records", "excepted-persons"} {
		headings = append(headings, heading{text: "col." + id, width: 10})
	}
	for _, id := range []string{"class.four", "class.three", "class.two", "class.number"} {
		headings = append(headings, heading{text: id, width: 10})
	}
	t, err := b.sheet("head.folders", headings)
	if err != nil {
		return err
	}
	sums := make([]int64, len(headings)-1)
	for _, f := range s.Folders {
		counts := []int64{f.Files}
		for _, status := range scan.Statuses() {
			counts = append(counts, f.Statuses[status].Files)
		}
		v, r, e := f.Statuses[scan.StatusViolation], f.Statuses[scan.StatusReview], f.Statuses[scan.StatusExcepted]
		counts = append(counts, v.Records, v.Persons, r.Records, r.Persons, e.Records, e.Persons, v.Classes.Four, v.Classes.Three, v.Classes.Two, v.Classes.Number)
		values := []any{f.Name}
		for i, n := range counts {
			sums[i] += n
			values = append(values, n)
		}
		if err := t.add(values...); err != nil {
			return err
		}
	}
	if err := t.add(b.folderSum(sums)...); err != nil {
		return err
	}
	return t.close()
}

// folderSum is the last row by department. Persons are not added: their
// columns are the 10th, 12th and 14th count.
func (b *workbook) folderSum(sums []int64) []any {
	cells := []any{b.sum(b.words.text("sum"))}
	for i, n := range sums {
		if i == 9 || i == 11 || i == 13 {
			cells = append(cells, b.notSummed())
			continue
		}
		cells = append(cells, b.sum(n))
	}
	return cells
}

// places is the sheet by prefecture, in the order of the pension service.
func (b *workbook) places(s summary) error {
	t, err := b.sheet("head.places", []heading{
		{text: "col.code", width: 10}, {text: "col.prefecture", width: 30}, {text: "col.violation-records", width: 16}, {text: "col.by-address", width: 16}, {text: "col.by-number", width: 18}, {text: "col.rate", width: 12}})
	if err != nil {
		return err
	}
	for _, p := range s.Places {
		code := p.Code
		if len(code) > 2 {
			code = ""
		}
		if err := t.add(code, p.Name, p.N, p.Lives, p.N-p.Lives, rate{Part: p.N, Whole: s.PlaceSum}); err != nil {
			return err
		}
	}
	return errors.Join(t.add(b.sum(""), b.sum(b.words.text("sum")), b.sum(s.PlaceSum), b.sum(s.LivesSum), b.sum(s.PlaceSum-s.LivesSum), b.sum("")), t.close())
}

func ledgerHeadings() []heading {
	return []heading{
		{text: "col.exception", width: 10}, {text: "col.state", width: 10}, {text: "col.pattern", width: 44}, {text: "col.reason-given", width: 44},
		{text: "col.exception-decision", width: 14}, {text: "col.approver", width: 18}, {text: "col.added-by", width: 14}, {text: "col.granted", width: 12}, {text: "col.expires", width: 12},
		{text: "col.removed", width: 12}, {text: "col.removed-by", width: 14}, {text: "col.removal", width: 28},
		{text: "col.covered", width: 12}, {text: "col.covered-records", width: 12},
	}
}

func (b *workbook) ledger(t *sheet, book *Book, cover covered) error {
	for _, e := range book.Ledger {
		sum := cover.of(e)
		err := t.add(fmt.Sprint(e.ID), b.words.ledger(e, book.Made), visible(MaskName(e.Pattern)), visible(MaskName(e.Reason)), visible(e.Decision), visible(e.Approver), visible(e.AddedBy),
			day{e.Created}, day{lastDay(e)}, day{e.Removal.At}, visible(e.Removal.By), visible(MaskName(e.Removal.Reason)), sum.Files, sum.Records)
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *workbook) scope(book *Book, s summary) error {
	p := b.page("head.scope", 44, 40, 20, 14, 18)
	p.styled(b.styles.title, b.words.text("head.scope"))
	p.section("head.targets", "col.target", "col.complete", "col.completed", "col.files", "col.bytes")
	for _, t := range book.Targets {
		p.line(visible(t.Name), b.words.complete(t), t.Completed, t.Files, t.Bytes)
	}
	p.section("head.method")
	for _, text := range b.words.method(book.Rule) {
		p.note(text)
	}
	p.section("head.statuses", "col.status", "head.meaning")
	for _, row := range s.Statuses {
		p.line(row.Name, excelize.Cell{StyleID: b.styles.note, Value: b.words.code("meaning", string(row.Status))}) // runs over the columns to its right
	}
	p.section("head.limits", "col.item", "col.value")
	for _, f := range b.words.limits(book.Limits) {
		p.line(f.Name, f.Value)
	}
	p.section("head.caveats")
	if book.Totals.Files > allMost {
		p.note(b.words.text("text.all-cut", count(allMost)))
	}
	for _, text := range slices.Concat(b.words.caveats(), b.words.streams(book), []string{b.words.text("text.places"), b.words.text("text.folders")}) {
		p.note(text)
	}
	return p.end()
}
