package layout

import (
	"bytes"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/scan"
)

// Files for reporting to the pension service (SHFD0006.CSV) have no headings.
// A record begins with the code of its form; the code says where the number
// stands. Source: CSV形式届書作成仕様書 第16.2版.

// filingColumns returns the 0-based columns of the number's first and last part
// for a code of seven digits, or of eight as earlier versions had; zeros if the code
// is not known.
func filingColumns(code uint64) (office, serial int) {
	switch code {
	case 2200700: // 資格取得届
		return 15, 16
	case 2201700: // 資格喪失届
		return 11, 12
	case 2221700: // 月額変更届
		return 40, 41
	case 2225700: // 算定基礎届
		return 40, 41
	case 2265700: // 賞与支払届
		return 15, 16
	case 2202700: // 被扶養者異動届
		return 14, 15
	case 22187041: // 被保険者住所変更届
		return 4, 5
	}
	return 0, 0
}

// filing reads records of such files.
type filing struct{ *page }

// record reads a record of such a file.
func (f filing) record(r *row) (handled bool, err error) {
	c := r.Cells
	if len(c) == 1 && len(c[0].Text) > 40 && c[0].Text[0] == '2' && (c[0].Text[7] == ',' || c[0].Text[8] == ',') {
		return f.line(r)
	}
	if len(c) < 3 || c[0].Col != 0 || len(c[0].Text) != 7 && len(c[0].Text) != 8 || c[0].Text[0] != '2' || !allDigits(c[0].Text) {
		return f.fixed(r)
	}
	var code uint64
	for _, d := range c[0].Text {
		code = code*10 + uint64(d-'0')
	}
	near := observed.LabelFiling
	a, value := f.parts(r, code)
	if a < 0 {
		near = observed.LabelInferred
		if a, value = inferred(r); a < 0 {
			return false, nil
		}
	}
	rd := lex.Reading{Value: value, Form: lex.FormHyphen}
	return true, f.observeText(r, a, rd, near, r.beside(a)|filingBirth(r))
}

// parts finds the number of a record whose code is known: its two parts, or all ten
// digits in the place of the second. -1 if it is not there.
func (f filing) parts(r *row, code uint64) (at int, value uint64) {
	office, serial := filingColumns(code)
	if office == 0 {
		return -1, 0
	}
	a, b := -1, -1
	for i := range r.Cells {
		switch r.Cells[i].Col {
		case office:
			a = i
		case serial:
			b = i
		}
	}
	switch {
	case a >= 0 && b >= 0 && short(r, a, 4) && short(r, b, 6):
		return a, r.reads[a].Value*1e6 + r.reads[b].Value
	case a < 0 && b >= 0 && r.reads[b].Form == lex.FormBare:
		return b, r.reads[b].Value
	}
	return -1, 0
}

func short(r *row, i int, digits uint8) bool {
	return r.reads[i].Form == lex.FormShort && r.reads[i].Digits == digits
}

// inferredCells is how many items a record has at least whose layout is inferred.
const inferredCells = 10

// inferred finds the number in a record whose code is not known: four digits and six
// side by side that can be one, in a record with a date as such files write it.
func inferred(r *row) (at int, value uint64) {
	if len(r.Cells) < inferredCells || r.Cells[0].Text[1] != '2' || filingBirth(r) == 0 {
		return -1, 0
	}
	for i := 1; i+1 < min(len(r.Cells), filingItems); i++ {
		if !short(r, i, 4) || !short(r, i+1, 6) || r.Cells[i+1].Col != r.Cells[i].Col+1 {
			continue
		}
		if v := r.reads[i].Value*1e6 + r.reads[i+1].Value; lex.KnownPrefix(lex.Prefix(v)) && !lex.SampleLike(v) {
			return i, v
		}
	}
	return -1, 0
}

// filingItems is more than the longest record has whose number is known to
// stand in some place, so many of its items are looked at.
const filingItems = 256

// line reads a record of a file that is too short to be known as a table: its
// lines come as running text.
func (f filing) line(r *row) (handled bool, err error) {
	items := row{Row: scan.Row{Table: r.Table, N: r.N}, page: f.page}
	for col, item := range bytes.SplitN(r.Cells[0].Text, []byte(","), filingItems+1) {
		if len(item) > 0 && col < filingItems {
			items.Cells = append(items.Cells, scan.Cell{Col: col, Text: item})
			items.reads = append(items.reads, reading{Reading: lex.ReadCell(item)})
		}
	}
	if len(items.Cells) < 3 {
		return false, nil
	}
	return f.record(&items)
}

// filingBirth looks for a date of birth as such files write it: the digit of the
// era and, in the next column, yymmdd.
func filingBirth(r *row) lex.Facts {
	for i := 1; i+1 < len(r.Cells) && r.Cells[i].Col < 12; i++ {
		if r.Cells[i+1].Col == r.Cells[i].Col+1 && lex.FilingDate(r.reads[i].Reading, r.reads[i+1].Reading) {
			return lex.Birth
		}
	}
	return 0
}
