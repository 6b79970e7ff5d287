// Package htmltab reads the tables and the text of HTML as rows (WHATWG HTML).
// Programs write such tables under names that end in .xls.
package htmltab

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/net/html"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

const (
	maxToken = 4 << 20 // bytes of one tag or text
	maxDepth = 64      // tables in tables
	maxCols  = 1 << 14
	maxPlace = 1 << 30 // columns that are counted
	maxAttrs = 64      // attributes of a tag that are looked at
	shortest = 10      // bytes of an attribute that may hold a number
)

type reader struct {
	w      *grid.Writer
	text   []byte
	tables []table
	serial int
	line   int // of running text
	skip   string
	mark   int // where a comment begins in text
	ruby   int
	attrs  attrs  // of the tag
	raw    []byte // the text of the block as it is written
	aside  func([]byte)
	deep   bool
}

type table struct {
	name  string
	row   int
	col   int
	spans []int // the last row that a cell above covers, by column
	cell  bool
	width int
	down  int
	num   string // a number that the cell holds as an attribute
}

// Read hands out the tables of a document, each as one of its own, and other
// text as lines. Aside takes text that is not shown (comments, scripts, styles,
// furigana, attributes) and lists that are written as lines of a text, which a
// page joins. Text is UTF-8.
func Read(text io.Reader, w *grid.Writer, aside func([]byte)) error {
	tail := &tagTail{r: text}
	z := html.NewTokenizer(tail)
	z.SetMaxBuf(maxToken)
	r := &reader{w: w, aside: aside}
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if err := r.token(z, kind); err != nil {
			return err
		}
	}
	unfinished := len(r.tables) > 0 || tail.open // pages without the last tags are whole
	if err := r.end(); err != nil {
		return err
	}
	if r.deep {
		w.Out.Problem(fmt.Errorf("tables nested too deeply: %w", &scan.LimitError{Limit: "depth"}))
	}
	switch err := z.Err(); {
	case err == io.EOF && unfinished:
		return fmt.Errorf("html: page breaks off: %w", scan.ErrMalformed)
	case err == io.EOF:
		return nil
	case errors.Is(err, html.ErrBufferExceeded):
		return fmt.Errorf("html: tag of more than %d bytes: %w", maxToken, scan.ErrMalformed)
	default:
		return err
	}
}

// A tagTail passes a page on and knows whether a tag is open at its end.
type tagTail struct {
	r    io.Reader
	open bool
}

func (t *tagTail) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if n > 0 {
		from, to := bytes.LastIndexByte(p[:n], '<'), bytes.LastIndexByte(p[:n], '>')
		t.open = from > to || from == to && t.open
	}
	return n, err
}

func (r *reader) token(z *html.Tokenizer, kind html.TokenType) error {
	if r.w.Full() && r.inCell() && (kind == html.StartTagToken || kind == html.EndTagToken) && cellTag(z.Raw()) {
		return nil // one of the cells that are left out
	}
	switch kind {
	case html.TextToken:
		switch text := z.Text(); {
		case r.skip != "" || r.ruby > 0:
			r.aside(text)
		case !r.w.Full() || !r.inCell():
			r.add(text)
			if !r.inCell() {
				r.raw = append(r.raw, text[:min(len(text), max(r.w.Max-len(r.raw), 0))]...)
			}
		}
	case html.CommentToken, html.DoctypeToken:
		r.aside(z.Text())
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := z.TagName()
		r.attrs = attrs{}
		for n := 0; more && n < maxAttrs; n++ {
			var k, v []byte
			k, v, more = z.TagAttr()
			if !r.attrs.take(string(k), v) && len(v) >= shortest {
				r.aside(v)
			}
		}
		return r.start(name)
	case html.EndTagToken:
		name, _ := z.TagName()
		return r.close(name)
	}
	return nil
}

// attrs are the attributes of a tag that matter here; the last of a name counts.
type attrs struct{ colspan, rowspan, num, value []byte }

func (a *attrs) take(name string, v []byte) bool {
	var to *[]byte
	switch name {
	case "colspan":
		to = &a.colspan
	case "rowspan":
		to = &a.rowspan
	case "x:num":
		to = &a.num
	case "value":
		to = &a.value
	default:
		return false
	}
	*to = v
	return true
}

// add appends to the text that is being read, up to what a cell may hold.
func (r *reader) add(text []byte) {
	if len(r.text) > r.w.Max {
		r.w.TellCut()
		return
	}
	r.text = appendText(r.text, text)
}

// lineBreak ends a line of the text.
func (r *reader) lineBreak() {
	if len(r.text) <= r.w.Max {
		r.text = append(r.text, '\n')
	}
}

// appendText joins white space, the no-break space of cells included.
func appendText(dst, text []byte) []byte {
	if bytes.Contains(text, []byte("\u00A0")) {
		text = bytes.ReplaceAll(text, []byte("\u00A0"), []byte(" "))
	}
	for _, c := range text {
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			if len(dst) > 0 && dst[len(dst)-1] != ' ' && dst[len(dst)-1] != '\n' {
				dst = append(dst, ' ')
			}
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

func (r *reader) table() *table {
	if len(r.tables) == 0 {
		return nil
	}
	return &r.tables[len(r.tables)-1]
}

// cellTag selects the tags of cells as they are written, without taking them apart.
func cellTag(raw []byte) bool {
	raw = bytes.TrimPrefix(bytes.TrimPrefix(raw, []byte("<")), []byte("/"))
	return len(raw) > 2 && (raw[0]|0x20) == 't' && ((raw[1]|0x20) == 'd' || (raw[1]|0x20) == 'h') && bytes.IndexByte([]byte("> \t\r\n/"), raw[2]) >= 0
}

func (r *reader) inCell() bool {
	t := r.table()
	return t != nil && t.cell
}

func (r *reader) start(name []byte) error {
	switch string(name) {
	case "script", "style":
		r.skip = string(name)
	case "rt", "rp":
		r.ruby++
	case "comment": // on a cell, as LibreOffice writes it
		r.mark = len(r.text)
	case "br":
		r.lineBreak()
	case "input", "option":
		r.add(r.attrs.value)
	case "table":
		return r.open()
	case "tr":
		return r.row()
	case "td", "th":
		return r.cell()
	case "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "title", "body", "dt", "dd", "pre", "hr", "caption", "center":
		return r.block()
	}
	return nil
}

func (r *reader) close(name []byte) error {
	switch string(name) {
	case "script", "style":
		r.skip = ""
	case "rt", "rp":
		r.ruby = max(r.ruby-1, 0)
	case "comment":
		return r.comment()
	case "td", "th":
		r.endCell()
	case "tr":
		return r.endRow()
	case "table":
		return r.shut()
	case "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "title", "body", "html", "dt", "dd", "pre", "caption", "center":
		return r.block()
	}
	return nil
}

// comment hands out a remark that lies over a cell.
func (r *reader) comment() error {
	if r.mark > len(r.text) {
		return nil
	}
	text := bytes.TrimSpace(r.text[r.mark:])
	r.text = r.text[:r.mark]
	if len(text) == 0 {
		return nil
	}
	r.line++
	return r.w.Out.Row(scan.Row{Table: "comments", N: r.line, Cells: []scan.Cell{{Text: r.w.Cut(text)}}})
}

// block ends a line of running text, or begins a new line in a cell.
func (r *reader) block() error {
	if t := r.table(); t != nil && t.cell {
		r.raw = r.raw[:0]
		if len(r.text) > 0 && r.text[len(r.text)-1] != '\n' {
			r.lineBreak()
		}
		return nil
	}
	text := bytes.TrimSpace(r.text)
	if list(r.raw) {
		r.aside(r.raw)
		text = nil
	}
	r.raw = r.raw[:0]
	defer func() { r.text = r.text[:0] }()
	if len(text) == 0 {
		return nil
	}
	name := ""
	if t := r.table(); t != nil { // between the cells of a table
		name = t.name + "!text"
		r.line++
		return r.w.Out.Row(scan.Row{Table: name, N: r.line, Cells: []scan.Cell{{Text: r.w.Cut(text)}}})
	}
	for part := range bytes.SplitSeq(text, []byte("\n")) {
		r.line++
		if err := r.w.Row(r.line); err != nil {
			return err
		}
		r.w.Text(0, bytes.TrimSpace(part))
	}
	return r.w.Flush()
}

// list reports whether a text is written as a list: several of its lines have as
// many digits as a number.
func list(text []byte) bool {
	lines := 0
	for line := range bytes.Lines(text) {
		digits := 0
		for _, c := range line {
			if c >= '0' && c <= '9' {
				digits++
			}
		}
		if digits >= shortest {
			lines++
		}
	}
	return lines > 1
}

// end closes what the document left open.
func (r *reader) end() error {
	for len(r.tables) > 0 {
		if err := r.shut(); err != nil {
			return err
		}
	}
	return r.block()
}
