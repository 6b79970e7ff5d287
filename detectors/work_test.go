package detectors

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// pensionNumber is the i-th of many numbers.
func pensionNumber(i int) string { return fmt.Sprintf("41%02d-%06d", i%90, i*7919%999983+1) }

// TestLongSharedTextIsJudgedOnce has a text in three cells that share it. As
// long as texts are that people copy from cell to cell, each counts; a longer one
// counts where it is met first, even in a row that is taken for headings.
func TestLongSharedTextIsJudgedOnce(t *testing.T) {
	text := "基礎年金番号 " + pensionNumber(1) + "、" + pensionNumber(2)
	inside := text + strings.Repeat("。", (longText-len(text))/len("。"))
	for _, c := range []struct {
		name string
		text string
		want int64
	}{
		{"short", text, 6},
		{"just inside", inside + strings.Repeat(".", longText-len(inside)), 6},
		{"just beyond", inside + strings.Repeat(".", longText+1-len(inside)), 2},
	} {
		for name, lines := range map[string][][]string{
			"rows":  {{c.text}, {c.text}, {c.text}},
			"cells": {{c.text, c.text, c.text}},
		} {
			all := rows("S1", lines)
			for i := range all {
				for k := range all[i].Cells {
					all[i].Cells[k].Shared = 7
				}
			}
			got := examine(t, "a.xlsx", all)
			if n := got.Findings.High.Records; n != c.want || got.Persons.High != 2 {
				t.Errorf("%s, %s: %d records and %d persons, want %d and 2", c.name, name, n, got.Persons.High, c.want)
			}
			if len(all[0].Cells[0].Text) != len(c.text) {
				t.Error("the row of another was changed")
			}
		}
	}
}

// TestLongSharedTextAmongHeadings has the long text first where nothing else
// is looked at for numbers.
func TestLongSharedTextAmongHeadings(t *testing.T) {
	long := "例" + strings.Repeat("あ", longText) + " 基礎年金番号 " + pensionNumber(1)
	for _, before := range [][]string{{"基礎年金番号", "氏名"}, {"年金証書番号", "氏名", "生年月日", "住所", "備考"}} {
		lines := [][]string{before, {pensionNumber(2), "山田 太郎"}, {"基礎年金番号", "氏名", long}, {pensionNumber(3), "山田 太郎", long}}
		all := rows("S1", lines)
		for i := range all {
			for k := range all[i].Cells {
				if len(all[i].Cells[k].Text) > longText {
					all[i].Cells[k].Shared = 9
				}
			}
		}
		if got := examine(t, "a.xlsx", all); got.Findings.High.Records+got.Findings.Middle.Records != 3 {
			t.Errorf("%d high and %d middle, want 3 together", got.Findings.High.Records, got.Findings.Middle.Records)
		}
	}
}

// TestJoinedHeadings has a heading of several rows. What is joined is bounded,
// and the number's heading counts on either side of the bound.
func TestJoinedHeadings(t *testing.T) {
	for _, filler := range []int{1, 3, 4, 8} {
		var lines [][]string
		for i := range filler {
			lines = append(lines, []string{strings.Repeat(string(rune('亜'+i)), 48) + "番号", "氏名", "区分"})
		}
		lines = append(lines, []string{"基礎年金番号", "名前", "備考"})
		for i := range 10 {
			lines = append(lines, []string{pensionNumber(i), "山田 太郎", "あ"})
		}
		e := New([]byte("k")).Begin(scan.Subject{Names: []string{"a.csv"}, Persons: scan.NewPersons(), MaxHits: 3}).(*examination)
		for _, r := range rows("", lines) {
			if err := e.Row(r); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(e.table.column(0).heading); n > joinedBytes {
			t.Errorf("%d rows: a heading of %d bytes", filler, n)
		}
		f, err := e.Close()
		if err != nil || f.High.Records != 10 {
			t.Errorf("%d rows above: %d records of 10, %v", filler, f.High.Records, err)
		}
	}
}

// TestLayoutOfALongLine has a record of a known layout with more behind it
// than any such record has.
func TestLayoutOfALongLine(t *testing.T) {
	for _, more := range []int{0, layoutItems, 10 * layoutItems} {
		line := "2200700," + strings.Repeat("x,", 14) + "4101,000123," + strings.Repeat("x,", more) + strings.Repeat("x", 40)
		got := examine(t, "a.txt", rows("", [][]string{{line}}))
		if got.Findings.High.Records != 1 {
			t.Errorf("%d more items: %d records", more, got.Findings.High.Records)
		}
	}
}

// TestRuleInManyColumns has more columns for a further rule than one chain or
// one judgement holds.
func TestRuleInManyColumns(t *testing.T) {
	d, err := Options{Enable: []string{"my-number"}}.New([]byte("k"))
	if err != nil {
		t.Fatal(err)
	}
	const columns = maxColumns + 50
	var r scan.Row
	for col := range 2 * columns {
		text := "個人番号"
		if col%2 == 1 {
			text = "123456789018"
		}
		r.Cells = append(r.Cells, scan.Cell{Col: col, Text: []byte(text)})
	}
	e := d.Begin(scan.Subject{Names: []string{"a.xlsx"}, Persons: scan.NewPersons(), MaxHits: 3}).(*examination)
	const turns = ruleMost/columns + 2
	for n := range turns {
		r.N = n + 1
		if err := e.Row(r); err != nil {
			t.Fatal(err)
		}
		if e.table.ruled.waits > ruleMost {
			t.Fatalf("%d numbers wait", e.table.ruled.waits)
		}
	}
	f, err := e.Close()
	if err != nil || f.High.Detectors["my-number"] != turns*columns {
		t.Errorf("%d of %d, %v", f.High.Detectors["my-number"], turns*columns, err)
	}
}

// TestRuleAcrossPieces has a number before, across and behind the end of a
// piece of a text, and a pattern that looks to the end from each place.
func TestRuleAcrossPieces(t *testing.T) {
	d, err := Options{Rules: []Rule{{
		Name: "member", Pattern: "K[0-9]{5}(.*END)?", Headings: []string{"会員証"}, Match: []string{"K12345"}, NoMatch: []string{"K1234"},
	}}}.New([]byte("k"))
	if err != nil {
		t.Fatal(err)
	}
	for before := rulePiece - 21; before < rulePiece+3; before += 3 {
		text := strings.Repeat(".", before-len("会員証 ")) + "会員証 K12345 。" + strings.Repeat(" K99999x", 200) + " 会員証 K54321"
		e := d.Begin(scan.Subject{Names: []string{"a.txt"}, Persons: scan.NewPersons(), MaxHits: 3})
		if err := e.Row(rows("", [][]string{{text}})[0]); err != nil {
			t.Fatal(err)
		}
		f, err := e.Close()
		if n := f.High.Detectors["member"]; err != nil || n != 2 {
			t.Errorf("number at %d: %d of 2, %v", before, n, err)
		}
	}
}

// TestColumnsCountFromTheirHeadings has cells above the headings, which say
// nothing of a column, and a table that begins anew below.
func TestColumnsCountFromTheirHeadings(t *testing.T) {
	e := New([]byte("k")).Begin(scan.Subject{Names: []string{"a.csv"}, Persons: scan.NewPersons(), MaxHits: 3}).(*examination)
	for _, r := range rows("", [][]string{
		{"あ", "い"}, {"あ", "い"}, {"基礎年金番号", "氏名"}, {pensionNumber(1), "山田 太郎"}, {pensionNumber(2), "山田 太郎"},
	}) {
		if err := e.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	for col := range 2 {
		if n := e.table.column(col).filledIn(e.table.era); n != 2 {
			t.Errorf("column %d: %d cells below the heading, want 2", col, n)
		}
	}
	if n := len(e.table.heads); n != 2 {
		t.Errorf("%d columns with a heading, want 2", n)
	}
	e.table.forgetHeadings()
	if c := e.table.column(0); c.heading != "" || c.kind != vocab.None || len(e.table.heads) != 0 {
		t.Errorf("a heading was kept: %q", c.heading)
	}
}
