package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/evalset"
	"golang.org/x/text/width"
)

// spellings are the ways in which a number may come out: with and without a
// hyphen or a space, wide, and without the zero that a cell has lost.
func spellings(number uint64) []string {
	bare := fmt.Sprintf("%010d", number)
	hyphen := bare[:4] + "-" + bare[4:]
	list := []string{bare, hyphen, bare[:4] + " " + bare[4:], bare[:4] + "." + bare[4:], width.Widen.String(bare), width.Widen.String(hyphen)}
	if number < 1e9 {
		list = append(list, bare[1:])
	}
	return list
}

// leaks counts the numbers that stand in a text. It goes through the text once.
func leaks(text []byte, numbers map[string]bool) int {
	narrow := width.Narrow.Bytes(bytes.ToValidUTF8(text, []byte("?")))
	var digits []byte
	found := 0
	flush := func() {
		for n := 9; n <= 10; n++ {
			for i := 0; i+n <= len(digits); i++ {
				if numbers[string(digits[i:i+n])] {
					found++
				}
			}
		}
		digits = digits[:0]
	}
	for i, c := range narrow {
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case len(digits) > 0 && i+1 < len(narrow) && (c == '-' || c == ' ' || c == '.') && len(digits) == 4:
		default:
			flush()
		}
	}
	flush()
	return found
}

// corpus writes labelled documents into a folder and gives their numbers, and
// those that stand in the names of files: the state has to know a file by its
// name, reports mask it.
func corpus(t *testing.T, dir string) (numbers, inNames map[string]bool) {
	t.Helper()
	docs, err := evalset.Generate(77, 450)
	if err != nil {
		t.Fatal(err)
	}
	numbers, inNames = map[string]bool{}, map[string]bool{}
	for _, doc := range docs {
		for n := range spelled(doc.Truth.Numbers) {
			if leaks([]byte(doc.Path), map[string]bool{n: true}) > 0 {
				inNames[n] = true
			}
		}
		path := filepath.Join(dir, filepath.FromSlash(doc.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, doc.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		for n := range spelled(doc.Truth.Numbers) {
			numbers[n] = true
		}
	}
	return numbers, inNames
}

// spelled returns the digits by which leaks knows a number.
func spelled(list []uint64) map[string]bool {
	numbers := map[string]bool{}
	for _, n := range list {
		bare := fmt.Sprintf("%010d", n)
		numbers[bare] = true
		if n < 1e9 && n >= 1e8 {
			numbers[bare[1:]] = true
		}
	}
	return numbers
}

// TestLeaksAreSeen checks the check: each spelling in the midst of a text.
func TestLeaksAreSeen(t *testing.T) {
	for _, n := range []uint64{4123567891, 123456781} {
		for i, s := range spellings(n) {
			if leaks([]byte("前 "+s+"、後"), spelled([]uint64{n})) == 0 {
				t.Errorf("spelling %d of a number is not seen", i)
			}
		}
	}
	if leaks([]byte("4123-****91 2026-11-22 41235"), spelled([]uint64{4123567891})) != 0 {
		t.Error("a masked number is taken for a leak")
	}
}

// TestNoRawNumberComesOut looks for every number of many documents, in all
// spellings, in everything that the program writes: reports in both languages,
// standard output, logs, errors, the state file, explanations.
func TestNoRawNumberComesOut(t *testing.T) {
	dir, state, out := t.TempDir(), t.TempDir(), t.TempDir()
	numbers, inNames := corpus(t, dir)
	if len(numbers) < 1000 {
		t.Fatalf("only %d numbers", len(numbers))
	}
	check := func(what string, text []byte) {
		if n := leaks(text, numbers); n > 0 {
			t.Errorf("%s holds %d raw numbers", what, n)
		}
	}
	for _, lang := range []string{"ja", "en"} {
		stdout, stderr, code := program(t, state, "scan", dir, "--full", "--lang", lang, "--out", filepath.Join(out, lang), "--log-format", "json", "--progress", "plain")
		if code != exitFound {
			t.Fatalf("exit code %d, want %d\n%s", code, exitFound, stderr)
		}
		check("standard output", []byte(stdout))
		check("standard error", []byte(stderr))
	}
	explained := 0
	for _, root := range []string{dir, out, state} { // the state last: it knows files by their names
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Type()&fs.ModeSymlink != 0 { // "latest" leads to what is seen anyway
				return err
			}
			if root == dir {
				if explained++; explained%20 == 0 {
					stdout, stderr, _ := program(t, t.TempDir(), "explain", path, "--lang", "ja", "--key-file", filepath.Join(state, "hash.key"))
					check("explain "+filepath.Base(path), []byte(stdout+stderr))
				}
				return nil
			}
			text, err := os.ReadFile(path)
			if strings.HasSuffix(path, ".xlsx") {
				text = unzipped(t, path)
			}
			if root == state {
				for n := range inNames {
					delete(numbers, n)
				}
			}
			check(filepath.Base(path), text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// unzipped is the text of all parts of an archive.
func unzipped(t *testing.T, path string) []byte {
	t.Helper()
	var text []byte
	d := &keeper{text: &text}
	scanFile(t, path, 1, d)
	if len(text) == 0 {
		t.Fatal("the report has no text")
	}
	return text
}

// keeper is a detector that keeps the text of all cells.
type keeper struct{ text *[]byte }

func (k *keeper) Revision() string                    { return "keep" }
func (k *keeper) Begin(scan.Subject) scan.Examination { return k }
func (k *keeper) Close() (scan.Findings, error)       { return scan.Findings{}, nil }
func (k *keeper) Row(r scan.Row) error {
	for _, c := range r.Cells {
		*k.text = append(append(*k.text, c.Text...), '\n')
	}
	return nil
}

// clumsy is a detector that dies with what it was reading in its hands.
type clumsy struct{ keeper }

func (c *clumsy) Begin(scan.Subject) scan.Examination { return c }
func (c *clumsy) Row(r scan.Row) error                { panic(string(r.Cells[0].Text)) }

// TestPanicTellsNothing has the examination of each document die with a cell in
// its message: what is recorded must not hold it.
func TestPanicTellsNothing(t *testing.T) {
	dir := t.TempDir()
	numbers, inNames := corpus(t, dir)
	for n := range inNames { // a member is known by its name here too
		delete(numbers, n)
	}
	kept := &scantest.MemoryStore{}
	_, err := engine.Run(context.Background(), engine.Config{
		Targets: []engine.Target{{Name: "t", Open: func(context.Context) (scan.Source, error) {
			files := map[string][]byte{}
			err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					files[strings.TrimPrefix(path, dir)], err = os.ReadFile(path)
				}
				return err
			})
			return &scantest.MemorySource{Files: files}, err
		}}},
		Formats: format.List(), Detector: &clumsy{}, Store: kept, Limits: scan.DefaultLimits(), Workers: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	crashed := 0
	for _, r := range kept.Kept {
		text := fmt.Sprintf("%+v", r.Items)
		if strings.Contains(text, string(scan.KindCrashed)) {
			crashed++
		}
		if leaks([]byte(text), numbers) > 0 {
			t.Errorf("%s: what is recorded of a panic holds a raw number", r.Entry.Path)
		}
	}
	if crashed < 100 {
		t.Errorf("only %d examinations died", crashed)
	}
}
