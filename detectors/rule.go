package detectors

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// matches says that text is one of the rule's numbers as a whole.
func (r *rule) matches(text string) bool {
	text = strings.TrimSpace(width.Fold.String(text))
	return r.whole.MatchString(text) && (r.Valid == nil || r.Valid(text))
}

// heads says that a text announces the rule's number.
func (r *rule) heads(text []byte) bool {
	if len(text) > vocab.MaxHeading || !utf8.Valid(text) {
		return false
	}
	ok, _ := r.field.Matches(vocab.Fold(string(text)))
	return ok
}

// A ruled table is what is known of the columns that rules may be about. The
// entries of one column, of which each rule has one, are linked: a table may
// have as many columns as there are.
type ruled struct {
	columns []ruleColumn
	line    int32 // the first entry for running text, as in column.ruled
	waits   int   // hashes in all columns
}

// ruleColumn is what is known of a column that a rule may be about.
type ruleColumn struct {
	rule, col int
	next      int32 // the next entry of the same column, plus one
	filled, n int64
	hashes    []uint64
	samples   []sampleText
}

type sampleText struct {
	row    int
	masked string
}

const (
	ruleLine  = -1      // column number for running text
	rulePiece = 1 << 12 // a text is searched in such pieces: a pattern may look to the end of its text from each place
	ruleReach = 1 << 8  // longer than any number is, so that none is cut between two pieces
	ruleWaits = 1 << 12 // numbers that wait for the judgement over a column,
	ruleMost  = 1 << 16 // and over all columns of a table: 512 KiB
)

// ruleRow looks at a row for the numbers of the further rules.
func (t *table) ruleRow(r *scan.Row) error {
	for k := range t.exam.rules {
		rule := &t.exam.rules[k]
		for i := range r.Cells {
			c := &r.Cells[i]
			col := t.column(c.Col)
			switch {
			case col.heading != "" && rule.heads([]byte(col.heading)):
				if err := t.ruleCell(k, c.Col, r.N, string(c.Text)); err != nil {
					return err
				}
			case i > 0 && t.seen <= formRows && len(c.Text) <= lex.MaxCell && rule.matches(string(c.Text)) && rule.heads(r.Cells[i-1].Text):
				if err := t.ruleCell(k, c.Col, r.N, string(c.Text)); err != nil {
					return err
				}
			case len(r.Cells) == 1 || len(c.Text) > lex.MaxCell:
				if err := t.ruleText(k, r.N, c.Text); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ruleText finds a rule's numbers behind one of its headings in a text.
func (t *table) ruleText(k, row int, text []byte) error {
	rule := &t.exam.rules[k]
	found := false
	for _, word := range rule.Headings {
		found = found || bytes.Contains(text, []byte(word))
	}
	if !found {
		return nil
	}
	folded := width.Fold.String(string(text))
	for at := 0; at < len(folded); {
		next := at + rulePiece
		for _, m := range rule.within.FindAllStringIndex(folded[at:min(len(folded), next+ruleReach)], -1) {
			if m[0] >= rulePiece {
				break // it begins in the next piece
			}
			from, to := at+m[0], at+m[1]
			next = max(next, to)
			if edge(folded, from, to) && rule.matches(folded[from:to]) && rule.headsText(folded[max(0, from-120):from]) {
				if err := t.ruleCell(k, ruleLine, row, folded[from:to]); err != nil {
					return err
				}
			}
		}
		at = next
	}
	return nil
}

func (r *rule) headsText(before string) bool {
	for _, word := range r.Headings {
		if strings.Contains(before, width.Fold.String(word)) {
			return true
		}
	}
	return false
}

// edge says that no digit or letter stands right before or behind a find.
func edge(s string, from, to int) bool {
	plain := func(c byte) bool { return c-'0' <= 9 || lex.Letter(c) || c == '-' || c == '_' }
	return (from == 0 || !plain(s[from-1])) && (to == len(s) || !plain(s[to]))
}

// ruleCell counts one cell of a column that a rule is about.
func (t *table) ruleCell(k, col, row int, text string) error {
	c := t.ruleColumn(k, col)
	c.filled++
	rule := &t.exam.rules[k]
	if !rule.matches(text) {
		return nil
	}
	c.n++
	text = strings.Map(func(r rune) rune {
		if lex.IsHyphen(r) || r == ' ' {
			return -1
		}
		return r
	}, strings.TrimSpace(width.Fold.String(text)))
	c.hashes = append(c.hashes, t.exam.hashOf(rule.Name+"\x00"+text))
	if len(c.samples) < t.exam.subject.MaxHits {
		c.samples = append(c.samples, sampleText{row, ruleMask(text)})
	}
	t.ruled.waits++
	switch {
	case t.ruled.waits >= ruleMost:
		return t.ruleFoldAll()
	case len(c.hashes) >= ruleWaits:
		return t.ruleFold(c)
	}
	return nil
}

// ruleFoldAll counts what waits in all columns.
func (t *table) ruleFoldAll() error {
	for i := range t.ruled.columns {
		c := &t.ruled.columns[i]
		if err := t.ruleFold(c); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) ruleColumn(k, col int) *ruleColumn {
	first := &t.ruled.line
	if col != ruleLine {
		first = &t.column(col).ruled
	}
	for at := *first; at != 0; at = t.ruled.columns[at-1].next {
		if t.ruled.columns[at-1].rule == k {
			return &t.ruled.columns[at-1]
		}
	}
	t.ruled.columns = append(t.ruled.columns, ruleColumn{rule: k, col: col, next: *first})
	*first = int32(len(t.ruled.columns))
	return &t.ruled.columns[len(t.ruled.columns)-1]
}

// ruleFold counts what waits: a column of which most cells match is certain.
func (t *table) ruleFold(c *ruleColumn) error {
	grade, sum := scan.ConfidenceMiddle, &t.exam.findings.Middle
	if most(c.n, c.filled, 50) {
		grade, sum = scan.ConfidenceHigh, &t.exam.findings.High
	}
	n := int64(len(c.hashes))
	if n == 0 {
		return nil
	}
	sum.Add(scan.Counts{
		Records: n, Classes: scan.Classes{Number: n}, Places: map[string]int64{"other": n},
		Detectors: map[string]int64{t.exam.rules[c.rule].Name: n},
	})
	for _, hash := range c.hashes {
		if err := t.exam.subject.Persons.Add(grade, hash); err != nil {
			return err
		}
	}
	t.ruled.waits -= len(c.hashes)
	c.hashes = nil // there may be thousands of columns
	return nil
}

// ruleFinish ends the columns of a table.
func (t *table) ruleFinish() error {
	for i := range t.ruled.columns {
		c := &t.ruled.columns[i]
		if err := t.ruleFold(c); err != nil {
			return err
		}
		h := scan.Hit{Table: t.shown, Score: 60, Confidence: scan.ConfidenceMiddle, Why: []string{"header"}, Detector: t.exam.rules[c.rule].Name}
		if col := t.known(c.col); col != nil {
			h.Column = col.title()
		}
		if most(c.n, c.filled, 50) {
			h.Score, h.Confidence, h.Why = 80, scan.ConfidenceHigh, []string{"header", "column"}
		}
		for _, s := range c.samples {
			h.Row, h.Masked = s.row, s.masked
			t.exam.keep(h)
		}
	}
	clear(t.ruled.columns)
	t.ruled.columns, t.ruled.line = t.ruled.columns[:0], 0
	return nil
}

// ruleMask keeps the last two characters and hides how long the rest is.
func ruleMask(text string) string {
	runes := []rune(text)
	return "****" + string(runes[max(0, len(runes)-2):])
}
