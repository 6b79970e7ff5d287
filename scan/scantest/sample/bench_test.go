package sample

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
)

// found is the truth of tables as the detectors see it.
func found(t *testing.T, like File, tables ...[][]string) File {
	t.Helper()
	persons := scan.NewPersons()
	distinct := map[uint64]bool{}
	like.Records, like.Persons, like.Classes, like.Places = 0, 0, scan.Classes{}, nil
	var counts scan.Counts
	for _, table := range tables {
		e := detectors.New(nil).Begin(scan.Subject{Names: []string{like.Path}, Persons: persons})
		for i, line := range table {
			r := scan.Row{N: i + 1}
			for col, text := range line {
				if text != "" {
					r.Cells = append(r.Cells, scan.Cell{Col: col, Text: []byte(text)})
				}
			}
			if err := e.Row(r); err != nil {
				t.Fatal(err)
			}
		}
		f, err := e.Close()
		if err != nil {
			t.Fatal(err)
		}
		counts.Add(f.High)
	}
	for p, err := range persons.All() {
		if err != nil {
			t.Fatal(err)
		}
		if p.Grade == scan.ConfidenceHigh {
			distinct[p.Hash] = true
		}
	}
	like.Records, like.Persons, like.Classes, like.Places = counts.Records, int64(len(distinct)), counts.Classes, counts.Places
	return like
}

func TestBigBook(t *testing.T) {
	for _, numeric := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "big.xlsx")
		truth, err := BigBook(path, 500, numeric)
		if err != nil {
			t.Fatal(err)
		}
		b, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := b.GetRows("Sheet1")
		if err != nil || len(rows) != 501 || truth.Records != 500 {
			t.Fatalf("%d rows, truth has %d records: %v", len(rows), truth.Records, err)
		}
		if diff := cmp.Diff(truth, found(t, truth, rows)); diff != "" {
			t.Errorf("numeric %t: -truth +found:\n%s", numeric, diff)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestBigCSV(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.csv")
	truth, err := BigCSV(path, 3<<20)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() < 3<<20 || info.Size() > 3<<20+1000 {
		t.Errorf("size %d: %v", info.Size(), err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(truth, found(t, truth, rows)); diff != "" {
		t.Errorf("-truth +found:\n%s", diff)
	}
}

func TestBigZip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.zip")
	truth, err := BigZip(path, 25, 20_000)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var tables [][][]string
	for _, member := range z.File {
		r, err := member.Open()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(io.LimitReader(r, 1<<20)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, rows)
	}
	if len(tables) != 25 {
		t.Fatalf("%d members", len(tables))
	}
	if diff := cmp.Diff(truth, found(t, truth, tables...)); diff != "" {
		t.Errorf("-truth +found:\n%s", diff)
	}
}
