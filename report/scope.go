package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A fact is one line of the part on scope and method.
type fact struct{ Name, Value string }

// method and caveats are the numbered texts of the catalogue. What access is to
// the judgement depends on the rule.
func (w words) method(r Rule) []string { return append(w.numbered("method"), w.access(r)) }
func (w words) caveats() []string      { return append(w.numbered("caveat"), w.text("caveat.csv")) }

// streams says for each target whether alternate data streams, which no listing shows,
// were looked at: of shares, and of the folders of this computer where its system has them.
func (w words) streams(b *Book) (list []string) {
	var shares, others []string
	for _, t := range b.Targets {
		if strings.HasPrefix(t.Name, "smb://") {
			shares = append(shares, visible(t.Name))
		} else {
			others = append(others, visible(t.Name))
		}
	}
	looked := "text.streams-found"
	if b.Streams {
		looked = "text.streams-all"
	}
	if len(shares) > 0 {
		list = append(list, w.text(looked, strings.Join(shares, w.text("separator"))))
	}
	if len(others) > 0 {
		list = append(list, w.text("text.streams-none", strings.Join(others, w.text("separator"))))
	}
	return list
}

// access says whether restricted access counts.
func (w words) access(r Rule) string {
	switch {
	case !r.AcceptRestricted:
		return w.text("text.access-shown")
	case len(r.RestrictedTo) == 0:
		return w.text("text.access-named")
	}
	var names []string
	for _, name := range r.RestrictedTo {
		names = append(names, visible(MaskName(name)))
	}
	return w.text("text.access-listed", strings.Join(names, w.text("separator")))
}

func (w words) numbered(family string) []string {
	var list []string
	for i := 1; w.has(family, strconv.Itoa(i)); i++ {
		list = append(list, w.code(family, strconv.Itoa(i)))
	}
	return list
}

// limits names those of the limits that hold.
func (w words) limits(l scan.Limits) []fact {
	var list []fact
	add := func(code string, n int64, text string) {
		if n > 0 {
			list = append(list, fact{w.code("limit", code), text})
		}
	}
	add("depth", int64(l.Depth), count(int64(l.Depth)))
	add("members", l.Members, count(l.Members))
	add("expanded", l.Expanded, bytesText(l.Expanded))
	add("ratio", l.Ratio, count(l.Ratio)+" : 1")
	add("rows", l.Rows, count(l.Rows))
	add("cell", int64(l.Cell), bytesText(int64(l.Cell)))
	add("row-cells", int64(l.RowCells), count(int64(l.RowCells)))
	add("row-text", int64(l.RowText), bytesText(int64(l.RowText)))
	add("decoder", l.Decoder, bytesText(l.Decoder))
	add("time", int64(l.Time), l.Time.Round(time.Second).String())
	return list
}

// ledger is the state of an exception when the report was made.
func (w words) ledger(e scan.Exception, at time.Time) string {
	switch {
	case !e.Removal.At.IsZero():
		return w.text("ledger.removed")
	case e.Active(at):
		return w.text("ledger.active")
	}
	return w.text("ledger.expired")
}

// lastDay is the last day on which an exception holds; it ends at midnight.
func lastDay(e scan.Exception) time.Time { return e.Expires.Add(-time.Nanosecond) }

// covered counts what each exception of the ledger covers.
type covered map[int64]*Sum

func (c covered) add(f File) {
	if f.Exception == nil {
		return
	}
	if c[f.Exception.ID] == nil {
		c[f.Exception.ID] = &Sum{}
	}
	c[f.Exception.ID].add(f)
}

func (c covered) of(e scan.Exception) Sum {
	if c[e.ID] == nil {
		return Sum{}
	}
	return *c[e.ID]
}
