package detectors

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

func TestAcceptance(t *testing.T) {
	documents := map[string][]scan.Row{"many.csv": manyRows(3000)}
	for _, pattern := range []string{"../testdata/detectors/*.csv", "../testdata/detectors/*.txt"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no files for %s: %v", pattern, err)
		}
		for _, name := range names {
			documents[filepath.Base(name)] = load(t, name)
		}
	}
	scantest.Detector(t, func() scan.Detector { return New([]byte("k")) }, documents)
}

func manyRows(n int) []scan.Row {
	lines := [][]string{{"基礎年金番号", "氏名"}}
	for i := range n {
		lines = append(lines, []string{fmt.Sprintf("41%02d-%06d", i%90, i*7919%999983+1), "山田 太郎"})
	}
	return rows("Sheet1", lines)
}

// firstHash was computed with another implementation.
const firstHash = 0xb5aeba8bacaea5d7

func TestKeyChangesHashesAndRevision(t *testing.T) {
	a, b := New([]byte("a")), New([]byte("b"))
	if a.Revision() == b.Revision() {
		t.Error("two keys, one revision")
	}
	rows := manyRows(10)
	x := scantest.Examine(t, a, "n.csv", rows, 0)
	y := scantest.Examine(t, b, "n.csv", rows, 0)
	for i := range x.High {
		if x.High[i] == y.High[i] {
			t.Error("two keys, one hash")
		}
	}
	// The hash is part of the state's format: AES-256 of 4100000001 under the key
	// that HMAC-SHA256 derives from "a".
	one := scantest.Examine(t, a, "n.csv", rows[:2], 0)
	if len(one.High) != 1 || one.High[0] != firstHash {
		t.Errorf("hash = %#x, want %#x", one.High, uint64(firstHash))
	}
}

// TestInstalments has more records and more kinds of rows than are kept at one
// time: all must still be counted, each person once.
func TestInstalments(t *testing.T) {
	const n = 3 * maxValues
	persons := scan.NewPersons()
	e := New([]byte("k")).Begin(scan.Subject{Names: []string{"a.csv"}, Persons: persons, MaxHits: 2})
	put := func(n int, texts ...string) {
		r := rows("", [][]string{texts})[0]
		r.N = n
		if err := e.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	head := []string{"基礎年金番号", "氏名"}
	for c := range 12 {
		head = append(head, fmt.Sprintf("氏名%d", c))
	}
	put(1, head...)
	line := make([]string, len(head))
	for i := range n {
		line[0] = fmt.Sprintf("%04d-%06d", 4100+i%50, i/2+1)
		for c := range line[1:] {
			line[c+1] = ""
			if i>>c&1 == 1 {
				line[c+1] = "山田"
			}
		}
		put(i+2, line...)
	}
	f, err := e.Close()
	if err != nil {
		t.Fatal(err)
	}
	d, err := persons.Distinct()
	if err != nil {
		t.Fatal(err)
	}
	// Rows with none of the 13 name cells filled have the number alone.
	alone := int64(n >> 13)
	if f.High.Records != n || f.High.Classes.Number != alone || f.High.Classes.Two != n-alone || d.High != n {
		t.Errorf("records %d of %d, alone %d of %d, persons %d", f.High.Records, n, f.High.Classes.Number, alone, d.High)
	}
	addUp(t, "high", f.High)
	if len(f.Hits) != 2 {
		t.Errorf("%d hits", len(f.Hits))
	}
}

// FuzzRows makes tables of any text: tabs part cells, a line that begins with
// '#' begins another table.
func FuzzRows(f *testing.F) {
	f.Add("基礎年金番号\t氏名\n4123-567801\t山田 太郎\n\t\n412345678\t佐藤 花子")
	f.Add("#a\n1\t2\t3\t4\t5\t6\t7\t8\t9\t0\n#b\n課所符号\t一連番号\n123\t4567")
	f.Add("2200700,\t21\n基礎年金番号 4123-567801、4123-567802 山田太郎")
	f.Fuzz(func(t *testing.T, s string) {
		table := ""
		var all []scan.Row
		for line := range strings.Lines(s) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(line, "#") {
				table = line
				continue
			}
			r := rows(table, [][]string{strings.Split(line, "\t")})[0]
			r.N = len(all) + 1
			all = append(all, r)
		}
		examine(t, "a.csv", all)
	})
}
