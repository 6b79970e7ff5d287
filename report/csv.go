package report

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// A csvReport has one row for each file, as RFC 4180 has it, with a byte order
// mark, without which Excel takes UTF-8 for the code page of the system.
//
// Names come from strangers: a value that a spreadsheet program would take for
// a formula gets an apostrophe before it, and controls are made visible.
type csvReport struct {
	out     *bufio.Writer
	enc     *csv.Writer
	columns []column
	words   words
	book    *Book
	cells   []string
}

func newCSV(w io.Writer, b *Book) (writer, error) {
	r := &csvReport{out: bufio.NewWriter(w), columns: csvColumns(), words: wordsIn(b.Lang), book: b}
	r.enc = csv.NewWriter(r.out)
	r.enc.UseCRLF = true
	if _, err := r.out.WriteString("\uFEFF"); err != nil {
		return nil, err
	}
	r.cells = make([]string, len(r.columns))
	for i, c := range r.columns {
		r.cells[i] = r.words.heading(c)
	}
	return r, r.enc.Write(r.cells)
}

// PutRight implements writer: they are no part of the table.
func (r *csvReport) PutRight(File) error { return nil }

// File implements writer.
func (r *csvReport) File(f File) error {
	v := newView(f, r.words, r.book)
	for i, c := range r.columns {
		r.cells[i] = guarded(plain(c.value(v), r.book.Zone))
	}
	return r.enc.Write(r.cells)
}

// End implements writer.
func (r *csvReport) End() error {
	r.enc.Flush()
	return errors.Join(r.enc.Error(), r.out.Flush())
}

func csvColumns() []column {
	return only("number", "status", "reason", "target", "department", "folder", "name", "inner", "format", "size", "mtime",
		"owner", "group", "readers", "reader-names", "writers", "writer-names",
		"class", "records", "persons", "class.number", "class.two", "class.three", "class.four", "interim", "places",
		"verdict", "scheme", "strength", "notes", "partial", "evidence", "problems", "exception", "first-found", "last-found", "scanned",
		"stage", "due", "due-state", "site", "contact", "act", "fix-kind", "fix-person", "fix-state", "note", "decision", "ground", "decided")
}

// guarded keeps a text from being taken for a formula. Full-width signs count,
// as some programs read them like the others.
func guarded(text string) string {
	if strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r") {
		return "'" + text
	}
	rest := strings.TrimLeft(text, " \u3000'\"")
	if rest != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(rest)[0]) {
		return "'" + text
	}
	return text
}
