package scantest

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
)

// A Fixture is one file of testdata/formats/<format> and what must be learnt
// of it. The zero values mean: opens without a password, nothing to note.
type Fixture struct {
	Name     string        `json:"name"`
	MadeBy   string        `json:"made_by"` // the program that wrote it
	How      string        `json:"how"`     // the script, or what was done by hand
	Password string        `json:"password,omitempty"`
	Format   string        `json:"format,omitempty"` // if not the folder's
	Verdict  string        `json:"verdict"`          // "" with Skipped
	Skipped  string        `json:"skipped,omitempty"`
	Scheme   string        `json:"scheme,omitempty"`
	Strength scan.Strength `json:"strength,omitempty"`
	Notes    []scan.Note   `json:"notes,omitempty"`
	Text     []string      `json:"text,omitempty"`   // cells that must come out as they stand here
	Absent   []string      `json:"absent,omitempty"` // what no cell may hold, such as furigana
	Problems []scan.Kind   `json:"problems,omitempty"`
	// Endless says that nothing marks the end of such a file, so that one cut
	// between two parts cannot be told from a whole one.
	Endless bool `json:"endless,omitempty"`
	// Beside names files of the folder that lie beside it, such as the other
	// volumes; ByName says that nothing in its bytes tells what it is.
	Beside []string `json:"beside,omitempty"`
	ByName bool     `json:"by_name,omitempty"`
	// Table names a csv file beside the fixture that another program exported:
	// the rows of the table TableName must be the same, cell for cell.
	Table     string `json:"table,omitempty"`
	TableName string `json:"table_name,omitempty"`
}

// Fixtures reads the manifest of a folder.
func Fixtures(t testing.TB, dir string) []Fixture {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct{ Files []Fixture }
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		t.Fatalf("%s/manifest.json: %v", dir, err)
	}
	if len(m.Files) == 0 {
		t.Fatalf("%s/manifest.json names no file", dir)
	}
	return m.Files
}

// Format is what every format must pass, for each fixture of each folder of
// dir: the engine with the whole list learns what the manifest says; an
// identification that does not depend on the name; no content for a closed
// verdict; neither panic nor hang on cut and damaged copies; no cut copy that
// passes for read although text is missing; and an end when it is cancelled.
func Format(t *testing.T, list []scan.Format, dir string) {
	for _, format := range list {
		folder := filepath.Join(dir, format.Name)
		if _, err := os.Stat(folder); err != nil {
			continue // whether each format has a folder is another test's business
		}
		t.Run(format.Name, func(t *testing.T) {
			all := Fixtures(t, folder)
			for _, fx := range all {
				t.Run(fx.Name, func(t *testing.T) {
					data, err := os.ReadFile(filepath.Join(folder, fx.Name))
					if err != nil {
						t.Fatal(err)
					}
					if fx.Format == "" {
						fx.Format = format.Name
					}
					checkFixture(t, list, folder, fx, data)
					if !fx.ByName {
						checkNameless(t, list, fx, data)
					}
					checkDamaged(t, list, fx, data, len(all))
					checkCancel(t, list, fx, data)
				})
			}
		})
	}
}

// Examined is what the engine makes of one file.
type Examined struct {
	Result *scan.Result
	Rows   []CollectedRow
	// Breach says that content was asked of a document that is closed.
	Breach bool
}

// Run examines files, given by name, with the real engine.
func Run(t testing.TB, ctx context.Context, list []scan.Format, limits scan.Limits, files *MemorySource) (map[string]Examined, error) {
	t.Helper()
	guarded := slices.Clone(list)
	breach := false
	for i, format := range list {
		if format.Open == nil {
			continue
		}
		guarded[i].Open = func(ctx context.Context, f *scan.File) (scan.Document, error) {
			doc, err := format.Open(ctx, f)
			if err != nil {
				return nil, err
			}
			return &guardedDocument{doc, &breach}, nil
		}
	}
	collect := newCollector(files.Cancel)
	store := &MemoryStore{}
	_, err := engine.Run(ctx, engine.Config{
		Targets: []engine.Target{{Name: "memory", Open: func(context.Context) (scan.Source, error) { return files, nil }}},
		Formats: guarded, Detector: collect, Store: store, Limits: limits, Workers: 1, TempDir: t.TempDir(), Isolator: Isolator(t),
	})
	out := map[string]Examined{}
	for _, res := range store.Kept {
		out[res.Entry.Path] = Examined{res, collect.rows[res.Entry.Path], breach}
	}
	return out, err
}

// guardedDocument watches that closed content is left alone.
type guardedDocument struct {
	scan.Document
	breach *bool
}

func (d *guardedDocument) Content(ctx context.Context, out scan.Sink) error {
	if d.Protection().Verdict.Closed() {
		*d.breach = true
	}
	return d.Document.Content(ctx, out)
}

// Close hands on a close of the document, if it has one.
func (d *guardedDocument) Close() error {
	if c, ok := d.Document.(interface{ Close() error }); ok {
		return c.Close()
	}
	return nil
}

func one(t *testing.T, list []scan.Format, name string, data []byte) Examined {
	t.Helper()
	got, err := Run(t, t.Context(), list, scan.DefaultLimits(), &MemorySource{Files: map[string][]byte{name: data}})
	if err != nil {
		t.Fatal(err)
	}
	return got[name]
}

func checkFixture(t *testing.T, list []scan.Format, folder string, fx Fixture, data []byte) {
	t.Helper()
	files := map[string][]byte{fx.Name: data}
	for _, name := range fx.Beside {
		beside, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = beside
	}
	all, err := Run(t, t.Context(), list, scan.DefaultLimits(), &MemorySource{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	got := all[fx.Name]
	item := got.Result.Items[0]
	if item.Format != fx.Format {
		t.Fatalf("format %q, want %q", item.Format, fx.Format)
	}
	if got.Breach {
		t.Error("content was asked for although the verdict is closed")
	}
	if item.Skipped != fx.Skipped {
		t.Errorf("skipped by rule %q, want %q", item.Skipped, fx.Skipped)
	}
	p := item.Protection
	if verdict := p.Verdict.String(); fx.Skipped == "" && verdict != fx.Verdict {
		t.Errorf("verdict %q, want %q; problems %v", verdict, fx.Verdict, item.Problems)
	}
	if p.Scheme != fx.Scheme || p.Strength != fx.Strength {
		t.Errorf("scheme %q %q, want %q %q", p.Scheme, p.Strength, fx.Scheme, fx.Strength)
	}
	if diff := cmp.Diff(sorted(fx.Notes), sorted(p.Notes)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	var kinds []scan.Kind
	var details []string
	for _, it := range got.Result.Items {
		for _, problem := range it.Problems {
			kinds = append(kinds, problem.Kind)
			details = append(details, strings.Join(it.Inner, "/")+": "+problem.Detail)
		}
	}
	if diff := cmp.Diff(sorted(fx.Problems), slices.Compact(sorted(kinds))); diff != "" {
		t.Errorf("problems (-want +got):\n%s%s", diff, strings.Join(details, "\n"))
	}
	checkText(t, fx, got.Rows)
	if fx.Table != "" {
		checkTable(t, filepath.Join(folder, fx.Table), fx.TableName, got.Rows)
	}
}

func sorted[T ~string](list []T) []T {
	out := append([]T{}, list...)
	slices.Sort(out)
	return out
}

func checkText(t *testing.T, fx Fixture, rows []CollectedRow) {
	t.Helper()
	cells := map[string]bool{}
	for _, row := range rows {
		for _, c := range row.Cells {
			cells[c.Text] = true
			for _, absent := range fx.Absent {
				if strings.Contains(c.Text, absent) {
					t.Errorf("%s row %d: %q is in a cell", row.Table, row.N, absent)
				}
			}
		}
	}
	for _, text := range fx.Text {
		if !cells[text] {
			t.Errorf("no cell with text %q", text)
		}
	}
	if t.Failed() {
		for i, row := range rows {
			if i < 40 {
				t.Logf("%s %d %v", row.Table, row.N, row.Cells)
			}
		}
	}
}

// checkTable compares the rows of a table with what another program exported.
func checkTable(t *testing.T, path, table string, rows []CollectedRow) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want, got := map[string]string{}, map[string]string{}
	for i, record := range records {
		for j, text := range record {
			if strings.TrimSpace(text) != "" {
				want[fmt.Sprintf("R%04dC%03d", i+1, j)] = text
			}
		}
	}
	for _, row := range rows {
		if row.Table == table {
			for _, c := range row.Cells {
				got[fmt.Sprintf("R%04dC%03d", row.N, c.Col)] = c.Text
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table %q differs from %s (-want +got):\n%s", table, path, diff)
	}
}

// checkNameless demands that content alone decides what a file is.
func checkNameless(t *testing.T, list []scan.Format, fx Fixture, data []byte) {
	t.Helper()
	for _, name := range []string{"x", "x.txt", "x.jpg"} {
		if got := one(t, list, name, data).Result.Items[0].Format; got != fx.Format {
			t.Errorf("named %s it is of format %q, want %q", name, got, fx.Format)
		}
	}
}

// lost returns a text that is missing from a copy which passes for read to its
// end. Plain text has no end that could be missed.
func lost(fx Fixture, e Examined) string {
	cells := map[string]bool{}
	for _, row := range e.Rows {
		for _, c := range row.Cells {
			cells[c.Text] = true
		}
	}
	for _, item := range e.Result.Items {
		if len(item.Problems) > 0 || item.Skipped != "" || item.Format == "text" || item.Format == "empty" || item.Protection.Verdict.Closed() {
			return ""
		}
	}
	for _, text := range fx.Text {
		if !cells[text] {
			return text
		}
	}
	return ""
}

// checkCancel cancels when the first row comes; nothing may go on for long.
func checkCancel(t *testing.T, list []scan.Format, fx Fixture, data []byte) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	start := time.Now()
	src := &MemorySource{Files: map[string][]byte{fx.Name: data}, Cancel: cancel}
	_, err := Run(t, ctx, list, scan.DefaultLimits(), src)
	if err == nil && ctx.Err() != nil {
		t.Error("the run ended well although it was cancelled")
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("it took %v to stop", d)
	}
}
