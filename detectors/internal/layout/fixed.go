package layout

import (
	"bytes"
	"strings"

	"github.com/kagiban/kagiban/detectors/internal/lex"
	"github.com/kagiban/kagiban/detectors/internal/observed"
)

// Files by which the pension service and municipalities tell each other of whom an
// insurance premium or a tax is withheld have records of a fixed length (500 or 550
// bytes), with line ends or without. Source: the record layouts of 特別徴収 for
// long-term care insurance, as in the notification 年管発第1号 of the Ministry of
// Health, Labour and Welfare (dataId 00tc1976), tables 2 to 4: the kind of record,
// the codes of prefecture (2) and municipality (3), of the obligated party (3) and
// of the notice (2), a reserve (1), the code of the system (1), a date (8), and in
// records of data the number (10) and the code of the pension (4).
const (
	fixedHead   = 21
	fixedNumber = fixedHead + 10
	fixedCode   = fixedNumber + 4
	fixedBirth  = 38
	fixedName   = fixedBirth + 8
	fixedLeast  = 200 // no record is shorter
)

// isFixed reports whether a record of data begins a text.
func isFixed(b []byte) bool {
	if len(b) < fixedLeast || b[0] != '2' || !allDigits(b[1:11]) || b[12]-'0' > 9 || !allDigits(b[13:fixedCode]) {
		return false
	}
	prefecture := (b[1]-'0')*10 + b[2] - '0'
	return prefecture >= 1 && prefecture <= 47 && lex.DateYear(string(b[13:fixedHead])) >= 1990 && fixedFields(b[fixedBirth:fixedLeast])
}

// fixedFields reports whether the rest of a record looks like fields of text: names
// and addresses, or the blanks that fill them up. A long run of digits, as of numbers
// that were written one behind the other, has the digits of a head somewhere.
func fixedFields(b []byte) bool {
	return bytes.Contains(b, []byte("  ")) || bytes.ContainsFunc(b, func(r rune) bool { return r >= 0x80 })
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// fixedFirst is within how many bytes the first record of data begins; the record
// of the file's head stands before it.
const fixedFirst = 1 << 10

// fixed reads the records of such a file in a line.
func (f filing) fixed(r *row) (handled bool, err error) {
	if len(r.Cells) != 1 || len(r.Cells[0].Text) < fixedLeast || !allDigits(r.Cells[0].Text[:11]) {
		return false, nil
	}
	text := r.Cells[0].Text
	at := nextFixed(text[:min(len(text), fixedFirst+fixedLeast)], 0)
	if at == min(len(text), fixedFirst+fixedLeast) {
		return false, nil
	}
	for at < len(text) {
		end := nextFixed(text, at+fixedLeast)
		if err := f.fixedRecord(r, text[at:end]); err != nil {
			return true, err
		}
		at = end
	}
	return true, nil
}

// nextFixed returns where the next record of data begins, or the end of the text.
func nextFixed(text []byte, from int) int {
	for i := from; i+fixedLeast <= len(text); i++ {
		if text[i] == '2' && isFixed(text[i:]) {
			return i
		}
	}
	return len(text)
}

// fixedRecord reads one record of data.
func (f filing) fixedRecord(r *row, b []byte) error {
	var value uint64
	for _, c := range b[fixedHead:fixedNumber] {
		value = value*10 + uint64(c-'0')
	}
	if value == 0 {
		return nil
	}
	n := f.textNumber(r, 0, lex.Reading{Value: value, Form: lex.FormHyphen}, observed.LabelFiling, 0)
	n.Lives = 0
	if lex.BirthLike(string(b[fixedBirth:fixedName])) {
		n.Beside |= lex.Birth
	}
	for field := range strings.SplitSeq(string(b[fixedName:min(len(b), lex.AddressBytes)]), "  ") {
		field = strings.Trim(strings.TrimLeft(strings.TrimSpace(field), "0123456789"), " 　")
		switch {
		case lex.NameLike(field):
			n.Beside |= lex.Name
		case lex.AddressLike(field):
			n.Beside |= lex.Address
			if n.Lives == 0 {
				n.Lives = f.places.Prefecture([]byte(field))
			}
		}
	}
	n.Group = f.group
	made, err := f.sink.Observe(n)
	f.records += int64(made)
	return err
}
