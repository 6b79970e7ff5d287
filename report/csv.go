package report

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"strings"
)

// writeCSV writes one row for each file, as RFC 4180 has it, with a byte order
// mark, without which Excel takes UTF-8 for the code page of the system.
//
// Names come from strangers: a value that a spreadsheet program would take for
// a formula gets an apostrophe before it, and controls are made visible.
func writeCSV(_ context.Context, w io.Writer, b *Book) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString("\uFEFF"); err != nil {
		return err
	}
	enc := csv.NewWriter(out)
	enc.UseCRLF = true
	words, list := wordsIn(b.Lang), csvColumns()
	cells := make([]string, len(list))
	for i, c := range list {
		cells[i] = words.heading(c)
	}
	if err := enc.Write(cells); err != nil {
		return err
	}
	for f, err := range b.Files() {
		if err != nil {
			return err
		}
		for i, c := range list {
			cells[i] = guarded(plain(c.value(view{f, words, b.Zone}), b.Zone))
		}
		if err := enc.Write(cells); err != nil {
			return err
		}
	}
	enc.Flush()
	if err := enc.Error(); err != nil {
		return err
	}
	return out.Flush()
}

func csvColumns() []column {
	return only("number", "status", "reason", "target", "department", "folder", "name", "inner", "format", "size", "mtime",
		"owner", "group", "readers", "reader-names", "writers", "writer-names",
		"class", "records", "persons", "class.number", "class.two", "class.three", "class.four", "interim", "places",
		"verdict", "scheme", "strength", "notes", "partial", "evidence", "problems", "exception", "first-found", "last-found", "scanned")
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
