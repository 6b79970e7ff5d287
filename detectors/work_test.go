package detectors

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// Bounds of the stages, which the tests lie on either side of.
const (
	longText    = 1 << 12 // internal/layout
	filingItems = 256
	pieceBytes  = 1 << 12 // internal/kind
	maxValues   = 1 << 16 // internal/tally
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
		if got := examine(t, "a.xlsx", all); got.Findings.High.Records+got.Findings.Medium.Records != 3 {
			t.Errorf("%d high and %d middle, want 3 together", got.Findings.High.Records, got.Findings.Medium.Records)
		}
	}
}

// TestLayoutOfALongLine has a record of a known layout with more behind it
// than any such record has.
func TestLayoutOfALongLine(t *testing.T) {
	for _, more := range []int{0, filingItems, 10 * filingItems} {
		line := "2200700," + strings.Repeat("x,", 14) + "4101,000123," + strings.Repeat("x,", more) + strings.Repeat("x", 40)
		got := examine(t, "a.txt", rows("", [][]string{{line}}))
		if got.Findings.High.Records != 1 {
			t.Errorf("%d more items: %d records", more, got.Findings.High.Records)
		}
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
	for before := pieceBytes - 21; before < pieceBytes+3; before += 3 {
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
