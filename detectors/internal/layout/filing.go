package layout

import (
	"bytes"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
	"github.com/kagiban/kagiban/detectors/internal/vocab"
	"github.com/kagiban/kagiban/scan"
)

// Files for reporting to the pension service (SHFD0006.CSV) have no headings.
// A record begins with the code of its form; the code says where the number
// stands. Source: CSV形式届書作成仕様書 第16.2版.

// A filingPlace is where a number stands: the 0-based columns of its first and last
// part, and those of its person.
type filingPlace struct{ office, serial, from, to int }

// filingPlaces returns where the numbers stand in a record of a code of seven digits,
// or of eight as earlier versions had; none if the code is not known.
func filingPlaces(code uint64) []filingPlace {
	switch code {
	case 2200700: // 資格取得届
		return []filingPlace{{15, 16, 0, filingItems}}
	case 2201700: // 資格喪失届
		return []filingPlace{{11, 12, 0, filingItems}}
	case 2221700: // 月額変更届
		return []filingPlace{{40, 41, 0, filingItems}}
	case 2225700: // 算定基礎届
		return []filingPlace{{40, 41, 0, filingItems}}
	case 2265700: // 賞与支払届
		return []filingPlace{{15, 16, 0, filingItems}}
	case 2202700: // 被扶養者異動届: the insured, and the spouse
		return []filingPlace{{14, 15, 0, 20}, {29, 30, 20, 64}}
	case 22187041: // 被保険者住所変更届
		return []filingPlace{{4, 5, 0, filingItems}}
	}
	return nil
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
	for _, place := range filingPlaces(code) {
		at, value := f.parts(r, place)
		if at < 0 {
			continue
		}
		handled = true
		if err := f.filed(r, at, value, observed.LabelFiling, place); err != nil {
			return true, err
		}
	}
	if handled {
		return true, nil
	}
	at, value := inferred(r)
	if at < 0 {
		return false, nil
	}
	return true, f.filed(r, at, value, observed.LabelInferred, filingPlace{to: filingItems})
}

// filed hands on a number with what stands beside it of its person.
func (f filing) filed(r *row, at int, value uint64, near observed.Label, place filingPlace) error {
	var facts lex.Facts
	var lives uint8
	for i := range r.Cells {
		if col := r.Cells[i].Col; i != at && col >= place.from && col < place.to && len(r.Cells[i].Text) <= vocab.MaxHeading {
			fact := factOf(r.likeCell(i))
			if facts |= fact; fact == lex.Address && lives == 0 {
				lives = f.places.Prefecture(r.Cells[i].Text)
			}
		}
	}
	n := f.textNumber(r, at, lex.Reading{Value: value, Form: lex.FormHyphen}, near, facts|filingBirth(r, place))
	n.Group, n.Lives = f.group, lives
	made, err := f.sink.Observe(n)
	f.records += int64(made)
	return err
}

// parts finds a number of a record whose code is known: its two parts, or all ten
// digits in the place of the second. -1 if it is not there.
func (f filing) parts(r *row, place filingPlace) (at int, value uint64) {
	a, b := -1, -1
	for i := range r.Cells {
		switch r.Cells[i].Col {
		case place.office:
			a = i
		case place.serial:
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
	if len(r.Cells) < inferredCells || r.Cells[0].Text[1] != '2' || filingBirth(r, filingPlace{to: filingItems}) == 0 {
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
// era and, in the next column, yymmdd. Other dates of a record are of late years.
func filingBirth(r *row, place filingPlace) lex.Facts {
	for i := 1; i+1 < min(len(r.Cells), filingItems); i++ {
		col := r.Cells[i].Col
		if col >= place.from && col < place.to && r.Cells[i+1].Col == col+1 && lex.FilingBirth(r.reads[i].Reading, r.reads[i+1].Reading) {
			return lex.Birth
		}
	}
	return 0
}
