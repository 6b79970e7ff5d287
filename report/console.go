package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

const (
	consoleWidth = 80
	consoleWorst = 10
)

// A console is a page of text for a terminal of 80 columns, in which Japanese
// characters take two. Names pass through visible, so that none of them can
// steer the terminal.
type console struct {
	bytes.Buffer
	words             words
	to                io.Writer
	book              *Book
	worstOf, lockedOf shortlist
}

func newConsole(w io.Writer, b *Book) (writer, error) {
	return &console{words: wordsIn(b.Lang), to: w, book: b, worstOf: shortlist{most: consoleWorst}, lockedOf: shortlist{most: consoleWorst}}, nil
}

// PutRight implements writer: the page is about what is to be done.
func (c *console) PutRight(File) error { return nil }

// File implements writer.
func (c *console) File(f File) error {
	if f.Status == scan.StatusViolation || f.Status == scan.StatusReview {
		c.worstOf.offer(f)
	}
	if f.Status == scan.StatusUnchecked && f.Reason == string(scan.KindLocked) {
		c.lockedOf.offer(f)
	}
	return nil
}

// End implements writer.
func (c *console) End() error {
	b, s := c.book, newSummary(c.book.Totals, c.words)
	c.heading(b)
	for _, line := range b.banner(c.words) {
		c.wrapped("! " + line)
	}
	c.statuses(s)
	c.changes(b)
	c.rates(s)
	c.classes(s)
	c.readers(s)
	c.coverage(b, s)
	c.locked(b, &c.lockedOf)
	c.worst(b, &c.worstOf)
	c.line("")
	_, err := c.WriteTo(c.to)
	return err
}

func (c *console) heading(b *Book) {
	c.line(c.words.text("title"))
	c.line(c.words.text("made"), " ", b.clock().minute(b.Made), "  ", c.words.text("made-with"), " kagiban ", visible(b.Version))
}

// title begins a part of the page.
func (c *console) title(text string) {
	c.line("")
	c.line(text)
}

func (c *console) statuses(s summary) {
	c.title(c.words.text("head.statuses"))
	widths := []int{-30, 14, 14, 14}
	c.cellsOf(widths, "", c.words.text("col.files"), c.words.text("col.records"), c.words.text("col.persons"))
	for _, row := range s.Statuses {
		records, persons := "-", "-"
		if row.Counted {
			records, persons = count(row.Records), count(row.Persons)
		}
		c.cellsOf(widths, row.Name, count(row.Files), records, persons)
		if row.Decided > 0 {
			c.cellsOf(widths, "  "+c.words.text("text.decided"), count(row.Decided), "-", "-")
		}
		if r := s.Restricted; r != nil && row.Status == r.Status {
			c.cellsOf(widths, "  "+r.Name, count(r.Files), count(r.Records), count(r.Persons))
		}
	}
	c.line("  ", strings.Repeat("-", 72))
	c.cellsOf(widths, s.Sum.Name, count(s.Sum.Files), count(s.Sum.Records), "-")
	c.wrapped(s.check(c.words))
	c.wrapped(s.Persons)
}

// check says whether the statuses add up to the files seen.
func (s summary) check(w words) string {
	if s.Sum.Files != s.Seen {
		return w.text("text.sum-differs", count(s.Seen))
	}
	return w.text("text.sum-files", count(s.Seen))
}

// changes says what became of findings since the last time.
func (c *console) changes(b *Book) {
	rows := b.changes(c.words)
	if rows == nil {
		return
	}
	c.title(c.words.text("head.changes"))
	for _, r := range rows {
		records := ""
		if r.Records >= 0 {
			records = count(r.Records)
		}
		c.cellsOf([]int{-44, 14, 14}, r.Name, count(r.Files), records)
	}
}

func (c *console) rates(s summary) {
	c.title(c.words.text("head.rates"))
	for _, r := range s.Rates {
		c.cellsOf([]int{-44, 20, 8}, r.Name, c.words.text("ratio", count(r.Part), count(r.Whole)), r.Percent())
	}
}

func (c *console) classes(s summary) {
	c.title(c.words.text("head.classes"))
	for _, r := range s.Classes {
		c.cellsOf([]int{-14, -36, 14}, r.Name, c.words.code("class-meaning", r.Code), count(r.N))
	}
}

// readers counts findings by who can read them.
func (c *console) readers(s summary) {
	c.title(c.words.text("head.readers"))
	widths := []int{-38, 9, 11, 10, 10}
	c.cellsOf(widths, "", c.words.text("status.violation"), c.words.text("col.records"), c.words.text("status.review"), c.words.text("status.excepted"))
	for _, r := range append(s.Readers, s.ReaderSum) {
		if r.Code == "" {
			c.line("  ", strings.Repeat("-", 78))
		}
		c.cellsOf(widths, r.Name, count(r.Violation.Files), count(r.Violation.Records), count(r.Review.Files), count(r.Excepted.Files))
	}
}

func (c *console) coverage(b *Book, s summary) {
	c.title(c.words.text("head.coverage"))
	for _, t := range b.Targets {
		c.wrapped(visible(t.Name))
		c.wrapped("  " + strings.TrimSpace(c.words.complete(t)+"  "+b.clock().minute(t.Completed)))
	}
	c.tallies("head.unchecked", s.Unchecked)
	c.tallies("head.skipped", s.Skipped)
	c.tallies("head.protected", s.Protection)
	c.cellsOf([]int{-48, 24}, c.words.text("text.partial"), count(s.Partial))
	c.cellsOf([]int{-48, 24}, s.Low.Name, c.words.text("text.low-count", count(s.Low.Part), count(s.Low.Whole)))
}

// complete says how far the walk of a target came.
func (w words) complete(t Target) string {
	switch {
	case t.Complete:
		return w.text("text.complete")
	case t.Completed.IsZero():
		return w.text("text.never")
	}
	return w.text("text.incomplete")
}

func (c *console) tallies(head string, rows []named) {
	c.line("  ", c.words.text(head))
	for _, r := range rows {
		c.cellsOf([]int{-48, 24}, "  "+r.Name, count(r.N))
	}
	if len(rows) == 0 {
		c.line("    ", c.words.text("none"))
	}
}

// locked lists whom to ask to close a file.
func (c *console) locked(b *Book, locked *shortlist) {
	if locked.Total == 0 {
		return
	}
	c.title(c.words.text("head.locked", count(locked.Total)))
	for _, f := range locked.Files() {
		v := newView(f, c.words, b)
		row := "  " + c.pad(c.tail(cmp.Or(v.Owner(), c.words.text("audience.unknown")), 26), -28)
		c.line(row, c.tail(v.Path(), consoleWidth-cellWidth(row)))
	}
	if rest := locked.Rest(); rest > 0 {
		c.line("  ", c.words.text("more-names", count(rest)))
	}
}

func (c *console) worst(b *Book, worst *shortlist) {
	if worst.Total == 0 {
		return
	}
	c.title(c.words.text("head.worst", fmt.Sprint(consoleWorst)))
	widths := []int{-10, 9, 9, -10}
	for i, id := range []string{"col.status", "col.records", "col.persons", "col.readers-short"} {
		c.WriteString("  " + c.pad(c.words.text(id), widths[i]))
	}
	c.line("  ", c.words.text("col.path"))
	for _, f := range worst.Files() {
		v := newView(f, c.words, b)
		row := "  " + c.pad(v.StatusWord(), widths[0]) + "  " + c.pad(count(f.Counts.Records), widths[1]) + "  " + c.pad(count(f.Persons), widths[2]) + "  " + c.pad(v.AudienceShort(), widths[3]) + "  "
		c.line(row, c.tail(v.Path(), consoleWidth-cellWidth(row)))
	}
}

// line writes one line.
func (c *console) line(parts ...string) {
	c.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n")
}

// cellsOf writes one row, two columns in. A negative width means left-aligned.
func (c *console) cellsOf(widths []int, cells ...string) {
	row := "  "
	for i, cell := range cells {
		row += c.pad(cell, widths[i])
	}
	c.line(row)
}

func (c *console) pad(text string, width int) string {
	space := strings.Repeat(" ", max(0, max(width, -width)-cellWidth(text)))
	if width < 0 {
		return text + space
	}
	return space + text
}

// tail keeps the end of a path, which says more than its beginning.
func (c *console) tail(text string, width int) string {
	if cellWidth(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && cellWidth(string(runes)) > width-3 {
		runes = runes[1:]
	}
	return "..." + string(runes)
}

// wrapped writes text over as many lines as it takes, two columns in.
func (c *console) wrapped(text string) {
	words := strings.TrimLeft(text, " ")
	indent := "  " + text[:len(text)-len(words)]
	for _, line := range wrap(words, consoleWidth-len(indent)) {
		c.line(indent, line)
	}
}
