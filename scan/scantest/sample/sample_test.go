package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
)

func write(t *testing.T) (string, *Truth) {
	t.Helper()
	dir := t.TempDir()
	truth, err := Write(dir, 7)
	if err != nil {
		t.Fatal(err)
	}
	return dir, truth
}

func TestShare(t *testing.T) {
	dir, truth := write(t)
	t.Run("the same twice", func(t *testing.T) { writeTwice(t, dir, truth) })
	t.Run("each kind is there", func(t *testing.T) { eachKindIsThere(t, truth) })
	t.Run("detectors find the truth", func(t *testing.T) { detectorsFindTheTruth(t, dir, truth) })
}

func writeTwice(t *testing.T, a string, first *Truth) {
	b, second := write(t)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Fatalf("truth differs (-first +second):\n%s", diff)
	}
	for _, f := range first.Files {
		x, y := describe(t, a, f), describe(t, b, f)
		if x != y {
			t.Errorf("%s (%s) differs: %s, %s", f.Path, f.Kind, x, y)
		}
	}
}

// describe returns time and content of a file, content only where it can be the
// same twice.
func describe(t *testing.T, dir string, f File) string {
	t.Helper()
	name := filepath.Join(dir, filepath.FromSlash(f.Path))
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if f.Salted {
		return fmt.Sprint(info.ModTime().UTC())
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%v %x", info.ModTime().UTC(), sha256.Sum256(data))
}

func eachKindIsThere(t *testing.T, truth *Truth) {
	there := map[string]int{}
	for _, f := range truth.Files {
		there[f.Kind]++
	}
	people := NewPeople(7, 30)
	for i, m := range append(usual(), rare()...) {
		d, err := m(people, i)
		if err != nil {
			t.Fatal(err)
		}
		if there[d.kind] == 0 {
			t.Errorf("no file of kind %q", d.kind)
		}
	}
	total := 0
	for _, status := range []string{violation, review, protected, clean, skipped, unchecked} {
		if truth.Totals[status] == 0 {
			t.Errorf("no file with status %q", status)
		}
		total += truth.Totals[status]
	}
	if total != len(truth.Files) || total < 280 {
		t.Errorf("%d files, totals add up to %d", len(truth.Files), total)
	}
	if truth.Violation.Records <= truth.Violation.Persons {
		t.Errorf("records %d, persons %d: nobody is in two files", truth.Violation.Records, truth.Violation.Persons)
	}
	var b bytes.Buffer
	if err := truth.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Truth
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(truth, &back); diff != "" {
		t.Errorf("truth is not what was written (-got +read):\n%s", diff)
	}
}

// detectorsFindTheTruth reads the files that need no archive opened and
// compares what the detectors find with how the files were made. Workbooks are
// read by excelize.
func detectorsFindTheTruth(t *testing.T, dir string, truth *Truth) {
	d := detectors.New([]byte("a key for tests"))
	examined := 0
	for _, f := range truth.Files {
		if f.Status == protected || f.Status == unchecked || f.Format != "csv" && f.Format != "text" && f.Format != "xlsx" {
			continue
		}
		examined++
		persons := scan.NewPersons()
		e := d.Begin(scan.Subject{Names: []string{f.Path}, Persons: persons, MaxHits: 3})
		for _, r := range read(t, filepath.Join(dir, filepath.FromSlash(f.Path)), f) {
			if err := e.Row(r); err != nil {
				t.Fatal(err)
			}
		}
		found, err := e.Close()
		if err != nil {
			t.Fatal(err)
		}
		distinct, err := persons.Distinct()
		if err != nil {
			t.Fatal(err)
		}
		got := f
		got.Status, got.Records, got.Persons, got.Classes, got.Places = clean, 0, 0, scan.Classes{}, nil
		switch c := found.High; {
		case c.Records > 0:
			got.Status, got.Records, got.Persons, got.Classes, got.Places = violation, c.Records, distinct.High, c.Classes, c.Places
		case found.Medium.Records > 0:
			c = found.Medium
			got.Status, got.Records, got.Persons, got.Classes, got.Places = review, c.Records, distinct.Medium, c.Classes, c.Places
		}
		if diff := cmp.Diff(f, got); diff != "" {
			t.Errorf("%s (%s): -truth +found:\n%s\nhits: %+v", f.Path, f.Kind, diff, found.Hits)
		}
	}
	if examined < 200 {
		t.Errorf("only %d files were examined", examined)
	}
}

// read returns the rows of a text file; the kind says the encoding.
func read(t *testing.T, name string, f File) []scan.Row {
	t.Helper()
	if f.Format == "xlsx" {
		return sheets(t, name, f.Kind)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if e := encodingOf(data, f.Kind); e != nil {
		if data, err = e.NewDecoder().Bytes(data); err != nil {
			t.Fatal(err)
		}
	}
	var lines [][]string
	if f.Format == "csv" {
		r := csv.NewReader(bytes.NewReader(data))
		r.FieldsPerRecord, r.LazyQuotes = -1, true
		if strings.HasSuffix(f.Path, ".tsv") {
			r.Comma = '\t'
		}
		if lines, err = r.ReadAll(); err != nil {
			t.Fatal(err)
		}
	} else {
		for line := range strings.Lines(string(data)) {
			lines = append(lines, []string{strings.TrimRight(line, "\r\n")})
		}
	}
	return rowsOf("", lines)
}

// sheets returns the rows of all sheets of a workbook.
func sheets(t *testing.T, name, kind string) []scan.Row {
	t.Helper()
	var options excelize.Options
	if kind == "xlsx-default-password" {
		options.Password = "VelvetSweatshop"
	}
	b, err := excelize.OpenFile(name, options)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var rows []scan.Row
	for _, sheet := range b.GetSheetList() {
		lines, err := b.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, rowsOf(sheet, lines)...)
	}
	return rows
}

// rowsOf leaves out empty cells, as formats do.
func rowsOf(table string, lines [][]string) []scan.Row {
	var rows []scan.Row
	for i, line := range lines {
		row := scan.Row{Table: table, N: i + 1}
		for col, text := range line {
			if text != "" {
				row.Cells = append(row.Cells, scan.Cell{Col: col, Text: []byte(text)})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func encodingOf(data []byte, kind string) encoding.Encoding {
	switch {
	case kind == "tsv-utf16":
		return utf16()
	case kind == "csv-utf8-bom":
		return unicode.UTF8BOM
	case kind == "txt-euc-jp":
		return japanese.EUCJP
	case kind == "txt-iso-2022-jp":
		return japanese.ISO2022JP
	case !validUTF8(data):
		return japanese.ShiftJIS
	}
	return nil
}

func validUTF8(b []byte) bool { return strings.ToValidUTF8(string(b), "") == string(b) }
