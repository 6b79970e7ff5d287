package detectors

import (
	"fmt"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// tableOf makes n rows of 8 columns: a list of persons whose texts are shared
// as a workbook shares them, or one of numbers.
func tableOf(n int, shared bool) []scan.Row {
	rows := make([]scan.Row, 0, n+1)
	head := []string{"基礎年金番号", "氏名", "カナ氏名", "生年月日", "住所", "電話番号", "資格取得年月日", "備考"}
	next := uint32(0)
	add := func(line []string) {
		r := scan.Row{Table: "Sheet1", N: len(rows) + 1}
		for col, text := range line {
			next++
			c := scan.Cell{Col: col, Text: []byte(text)}
			if shared {
				c.Shared = next
			}
			r.Cells = append(r.Cells, c)
		}
		rows = append(rows, r)
	}
	add(head)
	for i := range n {
		number := fmt.Sprintf("%02d%02d-%06d", 31+i%9, i%97, i*7919%999983+1)
		if shared {
			add([]string{number, "山田　太郎", "ヤマダ　タロウ", "昭和30年1月2日", "東京都杉並区高井戸西3-5-24", "03-1234-5678", "平成12年4月1日", "特になし"})
		} else {
			add([]string{number, "123456", "1200000", "1955-01-02", "1680071", "987654321", "2000-04-01", "12.5"})
		}
	}
	return rows
}

// BenchmarkRows measures what one cell costs, over all the rows of a table.
func BenchmarkRows(b *testing.B) {
	const n = 20_000
	for _, kind := range []struct {
		name   string
		shared bool
		rows   []scan.Row
	}{
		{"text", true, tableOf(n, true)},
		{"numeric", false, tableOf(n, false)},
		{"nothing", false, tableOf(n, true)},
	} {
		b.Run(kind.name, func(b *testing.B) {
			if kind.name == "nothing" {
				for i := range kind.rows {
					kind.rows[i].Cells = kind.rows[i].Cells[1:]
				}
			}
			b.ReportAllocs()
			cells := 0
			d := New([]byte("key"))
			for b.Loop() {
				e := d.Begin(scan.Subject{Names: []string{"a.xlsx"}, Persons: scan.NewPersons(), MaxHits: 10})
				for i := range kind.rows {
					if err := e.Row(kind.rows[i]); err != nil {
						b.Fatal(err)
					}
					cells += len(kind.rows[i].Cells)
				}
				if _, err := e.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(cells), "ns/cell")
		})
	}
}

// BenchmarkLines measures what a line of running text costs.
func BenchmarkLines(b *testing.B) {
	line := []byte("2015-04-01T08:30:15Z INFO [job-01234] host=nk07 処理完了 123件 456ms request=9e3779b1-0042")
	cells := []scan.Cell{{Text: line}}
	d := New([]byte("key"))
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	e := d.Begin(scan.Subject{Names: []string{"a.log"}, Persons: scan.NewPersons(), MaxHits: 10})
	for n := 1; b.Loop(); n++ {
		if err := e.Row(scan.Row{N: n, Cells: cells}); err != nil {
			b.Fatal(err)
		}
	}
}
