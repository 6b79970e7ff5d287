package xlsb_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan/format/internal/xlsb"
	"github.com/kagiban/kagiban/scan/scantest"
)

// record makes a record: its type and length with seven bits a byte (MS-XLSB 2.1.4).
func record(id int, data ...[]byte) []byte {
	body := bytes.Join(data, nil)
	b := []byte{byte(id)}
	if id >= 0x80 {
		b = []byte{byte(id&0x7F | 0x80), byte(id >> 7)}
	}
	n := len(body)
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n&0x7F|0x80))
	}
	return append(append(b, byte(n)), body...)
}

func u32(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

func text(s string) []byte {
	units := utf16.Encode([]rune(s))
	b := u32(uint32(len(units)))
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func part(records ...[]byte) *bytes.Reader { return bytes.NewReader(bytes.Join(records, nil)) }

// cell is the place and style of a cell.
func cell(col, style uint32) []byte { return append(u32(col), u32(style)...) }

func TestSheet(t *testing.T) {
	out := &scantest.Recorder{}
	b := xlsb.New(scantest.FileOf(t, "x", nil), out)
	defer b.Close()
	err := b.ReadWorkbook(part(record(153, u32(0)), record(156, u32(1), u32(7), text("rId1"), text("名簿")), record(534, make([]byte, 4), []byte{1, 0})))
	if err == nil {
		err = b.ReadStyles(part(record(44, []byte{164, 0}, text("0000")), record(617), record(47, make([]byte, 4)), record(47, []byte{0, 0, 164, 0}), record(618)))
	}
	if err == nil {
		err = b.ReadStrings(part(record(19, []byte{0}, text("山田"))))
	}
	float := binary.LittleEndian.AppendUint64(nil, math.Float64bits(0.5))
	if err == nil {
		err = b.ReadSheet(part(
			record(0, u32(2)), record(7, cell(0, 0), u32(0)), record(2, cell(1, 1), u32(7<<2|2)), record(5, cell(2, 0), float),
			record(6, cell(3, 0), text("1234-567890")), record(4, cell(4, 0), []byte{1}), record(3, cell(5, 0), []byte{7}), record(7, cell(6, 0), u32(9)),
			record(0, u32(3)), record(8, cell(0, 0), text("formula")), record(637, []byte{0}, text("comment")), record(535, make([]byte, 2), u32(1)),
		), "名簿")
	}
	out.End(err).Want(t, "sheet", `
		名簿 3: 0=山田 1=0007 2=0.5 3=1234-567890 4=TRUE 5=#DIV/0!
		problem malformed
		名簿 4: 0=formula
		名簿!text 1: 0=comment`)
	if len(b.Sheets) != 1 || b.Sheets[0] != (xlsb.Sheet{Rel: "rId1", Name: "名簿"}) {
		t.Errorf("sheets %+v", b.Sheets)
	}
	var notes []string
	for _, n := range b.Notes() {
		notes = append(notes, string(n))
	}
	if got := strings.Join(notes, " "); got != "hidden-sheets workbook-structure sheet-protection" {
		t.Errorf("notes %s", got)
	}
}

func TestPartThatBreaksOff(t *testing.T) {
	row, value := record(0, u32(0)), record(6, cell(0, 0), text("whole"))
	for n := 1; n < len(value); n++ {
		out := &scantest.Recorder{}
		b := xlsb.New(scantest.FileOf(t, "x", nil), out)
		out.End(b.ReadSheet(part(row, value, value[:n]), "S"))
		b.Close()
		out.Want(t, "breaks off", "S 1: 0=whole\nerror malformed")
	}
}
