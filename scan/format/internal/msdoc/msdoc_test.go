package msdoc_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/msdoc"
	"github.com/kagiban/kagiban/scan/scantest"
)

func wide(s string) []byte {
	var b []byte
	for _, r := range s {
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
	}
	return b
}

// A piece is a run of text, of two bytes a character or of one.
type piece struct {
	text string
	wide bool
}

// document makes the two streams of a Word 97 document.
func document(flags uint16, pieces ...piece) (main, table []byte) {
	le := binary.LittleEndian
	main = make([]byte, 0x400)
	le.PutUint16(main, 0xA5EC)
	le.PutUint16(main[2:], 0xC1)
	le.PutUint16(main[0x0A:], flags)
	places, cps := []byte(nil), le.AppendUint32(nil, 0)
	cp := uint32(0)
	for _, p := range pieces {
		fc := uint32(len(main))
		if p.wide {
			main = append(main, wide(p.text)...)
		} else {
			fc = fc*2 | 1<<30
			main = append(main, p.text...)
		}
		cp += uint32(len([]rune(p.text)))
		cps = le.AppendUint32(cps, cp)
		places = append(le.AppendUint32(append(places, 0, 0), fc), 0, 0)
	}
	plc := append(cps, places...)
	table = append([]byte{1, 2, 0, 9, 9, 2}, le.AppendUint32(nil, uint32(len(plc)))...) // formatting before the table of pieces
	table = append(table, plc...)
	le.PutUint32(main[0x01A6:], uint32(len(table)))
	return main, table
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name   string
		pieces []piece
		want   string
	}{
		{"pieces", []piece{{"山田 ", true}, {"1234-", false}, {"567890\r次\r", true}}, "1: 0=山田 1234-567890\n2: 0=次"},
		{"cells", []piece{{"a\x07b\x07\r", true}}, "1: 0=a 1=b"},
		{"field", []piece{{"\x13 HYPERLINK \"x\" \x14shown\x15\r", true}}, "1: 0=shown"},
		{"furigana", []piece{{"\x13EQ \\o\\ad(\\s\\up 9(reading),base)\x15\r", true}}, "1: 0=base"},
		{"marks", []piece{{"1234\x1E567890\tx\r", true}}, "1: 0=1234-567890\tx"},
		{"last line without an end", []piece{{"x", true}}, "1: 0=x"},
	} {
		main, table := document(0, c.pieces...)
		fib := msdoc.ParseFIB(main)
		if fib == nil || fib.Table() != "0Table" || fib.Encrypted() {
			t.Fatalf("%s: %+v", c.name, fib)
		}
		out := &scantest.Recorder{}
		err := fib.Read(section(main), section(table), grid.New(scantest.FileOf(t, "x", nil), out))
		if got := strings.Join(out.End(err).Lines, "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func section(b []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
}

func TestReadOfDamage(t *testing.T) {
	main, table := document(0, piece{"one\r", true}, piece{"two\r", true})
	for name, c := range map[string]struct{ main, table []byte }{
		"text":  {main[:len(main)-4], table},
		"table": {main, table[:len(table)-1]},
	} {
		out := &scantest.Recorder{}
		err := msdoc.ParseFIB(main).Read(section(c.main), section(c.table), grid.New(scantest.FileOf(t, "x", nil), out))
		if got := out.End(err).Lines; got[len(got)-1] != "error malformed" || name == "text" && got[0] != "1: 0=one" {
			t.Errorf("%s breaks off: %v", name, got)
		}
	}
}

func TestFIB(t *testing.T) {
	main, _ := document(0x0100|0x8000|0x0200|0x0400|0x0800, piece{"x", true})
	fib := msdoc.ParseFIB(main)
	if !fib.Encrypted() || !fib.Obfuscated() || fib.Table() != "1Table" {
		t.Errorf("%+v", fib)
	}
	if n := fib.Notes(); len(n) != 2 || n[0] != scan.NoteReadOnlyRecommended || n[1] != scan.NoteWriteReservation {
		t.Errorf("notes %v", n)
	}
	if msdoc.ParseFIB(main[:0x100]) != nil || msdoc.ParseFIB(make([]byte, 0x400)) != nil {
		t.Error("no head of a document is one")
	}
}
