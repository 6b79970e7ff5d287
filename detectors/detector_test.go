package detectors

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// outcome is what a golden file holds.
type outcome struct {
	Findings scan.Findings
	Persons  scan.Distinct
}

// TestTables runs each table of testdata/detectors against its golden file.
func TestTables(t *testing.T) {
	names, err := filepath.Glob("../testdata/detectors/*.csv")
	if err != nil || len(names) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	texts, err := filepath.Glob("../testdata/detectors/*.txt")
	if err != nil || len(texts) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	for _, name := range append(names, texts...) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			got := examine(t, "share/"+filepath.Base(name), load(t, name))
			golden := name + ".golden.json"
			if *update {
				b, err := json.MarshalIndent(got, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, append(b, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			var want outcome
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
		})
	}
}

// load reads a csv file as a table, another as lines of text.
func load(t *testing.T, name string) []scan.Row {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(name) != ".csv" {
		var lines [][]string
		for line := range strings.Lines(string(b)) {
			lines = append(lines, []string{strings.TrimRight(line, "\r\n")})
		}
		return rows("", lines)
	}
	r := csv.NewReader(strings.NewReader(string(b)))
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows("", lines)
}

// rows makes rows as a format hands them out: without empty cells.
func rows(table string, lines [][]string) []scan.Row {
	var rows []scan.Row
	for n, line := range lines {
		r := scan.Row{Table: table, N: n + 1}
		for col, text := range line {
			if text != "" {
				r.Cells = append(r.Cells, scan.Cell{Col: col, Text: []byte(text)})
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// examine runs the detector over rows and checks what holds for all findings.
func examine(t testing.TB, name string, rows []scan.Row) outcome {
	t.Helper()
	persons := scan.NewPersons()
	e := New([]byte("a key for tests")).Begin(scan.Subject{Names: []string{name}, Persons: persons, MaxHits: 3})
	for _, r := range rows {
		if err := e.Row(r); err != nil {
			t.Fatalf("Row(%d): %v", r.N, err)
		}
	}
	f, err := e.Close()
	if err != nil {
		t.Fatalf("Close: %v", err)
	}
	d, err := persons.Distinct()
	if err != nil {
		t.Fatalf("Distinct: %v", err)
	}
	addUp(t, "high", f.High)
	addUp(t, "middle", f.Medium)
	if d.High > f.High.Records || d.Medium > f.Medium.Records {
		t.Errorf("more persons than records: %+v, %d high, %d middle", d, f.High.Records, f.Medium.Records)
	}
	return outcome{f, d}
}

func addUp(t testing.TB, grade string, c scan.Counts) {
	t.Helper()
	if n := c.Classes.Number + c.Classes.Two + c.Classes.Three + c.Classes.Four; n != c.Records {
		t.Errorf("%s: classes sum to %d, records are %d", grade, n, c.Records)
	}
	var places int64
	for _, n := range c.Places {
		places += n
	}
	if places != c.Records {
		t.Errorf("%s: places sum to %d, records are %d", grade, places, c.Records)
	}
}
