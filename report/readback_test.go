package report

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kagiban/kagiban/scan"
	"github.com/xuri/excelize/v2"
)

// filledBook writes the workbook of the rich book, lets somebody write into it,
// and reads it back.
func filledBook(t *testing.T, lang string, edit func(*excelize.File)) *Filled {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), richBook(t, lang), Output{format(t, "xlsx"), &out}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	edit(book)
	var saved bytes.Buffer
	if err := book.Write(&saved); err != nil {
		t.Fatal(err)
	}
	filled, err := ReadFilled(&saved)
	if err != nil {
		t.Fatal(err)
	}
	return filled
}

// at returns the cell of a sheet in the column of a heading.
func at(t *testing.T, book *excelize.File, sheet, heading string, row int) string {
	t.Helper()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range rows[0] {
		if text == heading {
			name, err := excelize.CoordinatesToCellName(i+1, row)
			if err != nil {
				t.Fatal(err)
			}
			return name
		}
	}
	t.Fatalf("%s has no column %s", sheet, heading)
	return ""
}

// What people write comes back by field, in codes; what they changed besides is
// noticed, and nothing else is.
func TestFilledWorkbook(t *testing.T) {
	for _, lang := range languages() {
		w := wordsIn(lang)
		violations, review := w.text("head.violations"), w.text("head.review")
		untouched := filledBook(t, lang, func(*excelize.File) {})
		for _, row := range untouched.Rows {
			if row.Edited {
				t.Errorf("%s: %s row %d counts as edited", lang, row.Sheet, row.Row)
			}
		}
		if !untouched.Made.Equal(made()) || len(untouched.Rows) < 20 {
			t.Errorf("%s: made %v, %d rows", lang, untouched.Made, len(untouched.Rows))
		}
		filled := filledBook(t, lang, func(book *excelize.File) {
			for heading, text := range map[string]string{"fix-kind": w.text("fix-kind.delete"), "fix-person": "=鈴木", "fix-state": w.text("fix-state.claimed"), "note": "済"} {
				_ = book.SetCellStr(violations, at(t, book, violations, w.text("col."+heading), 2), text)
			}
			_ = book.SetCellInt(violations, at(t, book, violations, w.text("col.records"), 3), 0)
			_ = book.SetCellStr(review, at(t, book, review, w.text("col.decision"), 2), w.text("decision.not"))
		})
		rows := map[string]FilledRow{}
		for _, row := range filled.Rows {
			if row.Row == 2 || row.Edited {
				rows[row.Sheet+map[bool]string{true: "!"}[row.Edited]] = row
			}
		}
		want := map[string]string{scan.FieldKind: "delete", scan.FieldPerson: "=鈴木", scan.FieldState: "claimed", scan.FieldNote: "済"}
		if diff := cmp.Diff(want, rows[violations].Fields); diff != "" || rows[violations].Number != 1 {
			t.Errorf("%s: finding %d (-want +got):\n%s", lang, rows[violations].Number, diff)
		}
		if edited, ok := rows[violations+"!"]; !ok || edited.Row != 3 {
			t.Errorf("%s: the changed count was not noticed: %+v", lang, rows)
		}
		if got := rows[review].Fields[scan.FieldDecision]; got != scan.DecisionNot {
			t.Errorf("%s: decision %q", lang, got)
		}
	}
}

// What is no workbook of kagiban is refused.
func TestFilledWorkbookOfOthers(t *testing.T) {
	var out bytes.Buffer
	if err := excelize.NewFile().Write(&out); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFilled(&out); err == nil {
		t.Error("any workbook was taken")
	}
	if _, err := ReadFilled(bytes.NewReader([]byte("x"))); err == nil {
		t.Error("what is no workbook was taken")
	}
}
