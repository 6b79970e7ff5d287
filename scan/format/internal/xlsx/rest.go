package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// readRest hands out text that stands outside of the sheets' cells: comments,
// text boxes, caches of pivot tables and of other workbooks, properties.
func (b *Workbook) readRest(out scan.Sink) error {
	b.strings.Close() // of no use any more, and members may want the memory
	b.names, b.order, b.styles = nil, nil, nil
	w := grid.New(b.file, out)
	for i, line := range bytes.Split(b.spoken, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		if err := out.Row(scan.Row{Table: "furigana", N: i + 1, Cells: []scan.Cell{{Text: line}}}); err != nil {
			return err
		}
	}
	b.each(isText, out, func(p *zip.File, r io.Reader) error {
		return readText(strings.TrimSuffix(path.Base(p.Name), ".xml"), r, w)
	})
	b.each(isCache, out, func(p *zip.File, r io.Reader) error {
		return readCache(strings.TrimSuffix(path.Base(p.Name), ".xml"), r, w)
	})
	b.types = contentTypes{}
	return nil
}

// isText selects the parts whose paragraphs are text (DrawingML, comments,
// threaded comments, legacy VML boxes, properties).
func isText(t string) bool {
	for _, kind := range []string{
		"comments+xml", "threadedcomments+xml", "drawing+xml", "drawingml.chart+xml", "diagramData+xml",
		"vmlDrawing", "core-properties+xml", "extended-properties+xml", "custom-properties+xml",
	} {
		if strings.HasSuffix(t, kind) {
			return true
		}
	}
	return false
}

// isCache selects the parts that hold copies of cells of other tables.
func isCache(t string) bool {
	for _, kind := range []string{"pivotCacheRecords+xml", "pivotCacheDefinition+xml", "externalLink+xml"} {
		if strings.HasSuffix(t, kind) {
			return true
		}
	}
	return false
}

// readText returns one row for each paragraph, the runs of a paragraph joined.
func readText(table string, r io.Reader, w *grid.Writer) error {
	if err := w.Begin(table); err != nil {
		return err
	}
	t := xmltok.New(xmltok.Decode(r))
	var text []byte
	flush := func() error {
		defer func() { text = text[:0] }()
		if len(bytes.TrimSpace(text)) == 0 {
			return nil
		}
		if err := w.Next(); err != nil {
			return err
		}
		w.Text(0, text)
		return w.Flush()
	}
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return flush()
		}
		if err != nil {
			return err
		}
		switch kind {
		case xmltok.Text:
			if len(text) > w.Max {
				w.TellCut()
			} else {
				text = t.AppendText(text)
			}
		case xmltok.End:
			if breaks(string(t.Name())) {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
}

// breaks selects the elements that end a paragraph.
func breaks(name string) bool {
	switch name {
	case "p", "comment", "threadedComment", "text", "div", "br", "pt", "v", "title", "subject", "creator",
		"description", "keywords", "lastModifiedBy", "category", "Company", "Manager", "property", "lpwstr":
		return true
	}
	return false
}

// readCache returns one row for each record: values are attributes v (ECMA-376
// part 1, section 18.10.1), or elements v in the caches of external links
// (18.14). Columns keep their place; shared items come as a column each.
func readCache(table string, r io.Reader, w *grid.Writer) error {
	if err := w.Begin(table); err != nil {
		return err
	}
	t := xmltok.New(xmltok.Decode(r))
	c := cache{w: w}
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return c.flush()
		}
		if err == nil {
			err = c.token(kind, t)
		}
		if err != nil {
			return err
		}
	}
}

// A cache collects one record.
type cache struct {
	w      *grid.Writer
	n      int // records handed out
	field  int // 0-based, of the cacheField being read
	col    int
	value  []byte
	inElem bool
}

func (c *cache) token(kind xmltok.Kind, t *xmltok.Tokenizer) error {
	name := string(t.Name())
	switch kind {
	case xmltok.Text:
		if c.inElem && len(c.value) <= c.w.Max {
			c.value = t.AppendText(c.value)
		}
	case xmltok.Start:
		switch name {
		case "cacheField":
			c.field++
		case "s", "n", "d":
			if v := t.Attr("v"); v != nil {
				c.value = xmltok.AppendUnescaped(c.value[:0], v)
				return c.add(c.value)
			}
		case "x", "m", "b", "e":
			c.col++
		case "cell":
			if col, ok := column(t.Attr("r")); ok {
				c.col = col
			}
		case "v":
			c.inElem, c.value = true, c.value[:0]
		}
	case xmltok.End:
		switch name {
		case "v":
			if c.inElem {
				c.inElem = false
				return c.add(c.value)
			}
		case "r", "row":
			return c.flush()
		case "s", "n", "d":
			if c.field > 0 { // shared items stand below each other
				return c.flush()
			}
		}
	}
	return nil
}

// add makes a cell; shared items stand in the column of their field.
func (c *cache) add(text []byte) error {
	if err := c.w.Row(c.n + 1); err != nil {
		return err
	}
	col := c.col
	if c.field > 0 {
		col = c.field - 1
	}
	c.w.Text(col, text)
	c.col++
	return nil
}

func (c *cache) flush() error {
	c.col = 0
	if c.w.Len() > 0 {
		c.n++
	}
	return c.w.Flush()
}
