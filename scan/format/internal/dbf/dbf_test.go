package dbf_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/dbf"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/scantest"
)

type field struct {
	name  string
	kind  byte
	width int
}

// table makes the header of a table of dBASE III.
func table(records int, language byte, fields ...field) []byte {
	b := make([]byte, 32)
	b[0], b[2], b[3], b[29] = 3, 1, 1, language
	binary.LittleEndian.PutUint32(b[4:], uint32(records))
	width := 1
	for _, f := range fields {
		d := make([]byte, 32)
		copy(d, f.name)
		d[11], d[16] = f.kind, byte(f.width)
		width += f.width
		b = append(b, d...)
	}
	b = append(b, '\r')
	binary.LittleEndian.PutUint16(b[8:], uint16(len(b)))
	binary.LittleEndian.PutUint16(b[10:], uint16(width))
	return b
}

func TestRead(t *testing.T) {
	fields := []field{{"NENKIN", 'C', 11}, {"BIRTH", 'D', 8}, {"OK", 'L', 1}, {"N", 'I', 4}}
	record := " 1234-56789019680102T\x07\x00\x00\x00"
	deleted := "*0123-45678919800101F\x00\x00\x00\x00"
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"cells", append(table(2, 0, fields...), record+deleted+"\x1A"...), `
			1: 0=NENKIN 1=BIRTH 2=OK 3=N
			2: 0=1234-567890 1=1968-01-02 2=TRUE 3=7
			3: 0=0123-456789 1=1980-01-01 2=FALSE 3=0`},
		{"records missing", append(table(3, 0, fields...), record+"\x1A"...), `
			1: 0=NENKIN 1=BIRTH 2=OK 3=N
			2: 0=1234-567890 1=1968-01-02 2=TRUE 3=7
			error malformed`},
		{"code pages", append(table(1, 0x03, field{"A", 'C', 4}), " M\xFCl \x1A"...), "1: 0=A\n2: 0=Mül"},
		{"memo", append(table(1, 0, field{"M", 'M', 10}), "          3\x1A"...), "1: 0=M\nproblem unsupported"},
		{"memo without text", append(table(1, 0, field{"M", 'M', 10}), "           \x1A"...), "1: 0=M"},
	} {
		out := &scantest.Recorder{}
		h := dbf.Parse(c.data)
		if h == nil {
			t.Errorf("%s: no header", c.name)
			continue
		}
		err := h.Read(bytes.NewReader(c.data), grid.New(scantest.FileOf(t, "x", nil), out))
		out.End(err).Want(t, c.name, c.want)
	}
}

func TestParseRefuses(t *testing.T) {
	good := table(1, 0, field{"A", 'C', 4})
	good = append(good, make([]byte, 80)...)
	if dbf.Parse(good) == nil {
		t.Fatal("a header is refused")
	}
	for name, at := range map[string]int{"version": 0, "month": 2, "width of the record": 10, "kind of a field": 32 + 11, "name of a field": 32} {
		bad := bytes.Clone(good)
		bad[at] = 0x7F
		if name == "name of a field" {
			bad[at] = 1
		}
		if dbf.Parse(bad) != nil {
			t.Errorf("%s: taken for a table", name)
		}
	}
}
