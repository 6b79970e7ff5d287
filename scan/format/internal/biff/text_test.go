package biff

import (
	"bytes"
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/excel"
	"github.com/kagiban/kagiban/scan/scantest"
)

func rec(id uint16, data ...[]byte) []byte {
	body := bytes.Join(data, nil)
	out := binary.LittleEndian.AppendUint16(nil, id)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(body)))
	return append(out, body...)
}

func wideBytes(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// sink refuses nothing and keeps problems.
type sink struct{ problems []error }

func (s *sink) Member(scan.Member) error { return nil }
func (s *sink) Row(scan.Row) error       { return nil }
func (s *sink) Problem(err error)        { s.problems = append(s.problems, err) }

// A string may be torn between CONTINUE records in the middle of its text, its
// runs or its furigana; each part of the text says anew how wide it is (MS-XLS
// 2.5.293). The order of the cases is that of the strings.
func TestSharedStringsOverContinue(t *testing.T) {
	furigana := []byte{1, 0, 4, 0, 9, 9, 9, 9} // eight bytes of anything
	records := bytes.Join([][]byte{
		rec(recSST, []byte{9, 0, 0, 0, 6, 0, 0, 0},
			[]byte{3, 0, 0}, []byte("abc"),
			[]byte{6, 0, flagHigh}, wideBytes("山田"), // the rest follows as one byte a character
		),
		rec(recContinue, []byte{0}, []byte("1234"),
			[]byte{2, 0, flagHigh | flagRich, 2, 0}, wideBytes("太郎"), []byte{0, 0, 1, 0}, // one run of two
		),
		rec(recContinue, []byte{1, 0, 2, 0}, // the second run: no flags in front of it
			[]byte{2, 0, flagHigh | flagExt, 8, 0, 0, 0}, wideBytes("花子"), furigana[:3],
		),
		rec(recContinue, furigana[3:],
			[]byte{3, 0, flagHigh}, wideBytes("𠮷")[:2], // half a character
		),
		rec(recContinue, []byte{flagHigh}, wideBytes("𠮷")[2:], wideBytes("野"),
			[]byte{0, 0, 0}), // an empty string
		rec(recEOF),
	}, nil)
	out := &sink{}
	f, err := scantest.NewFile(t.Context(), "x", bytes.NewReader(nil), 0, scan.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	b := New(f, out, 0)
	b.in, b.v = newReader(bytes.NewReader(records)), biff8
	if err := b.in.next(); err != nil {
		t.Fatal(err)
	}
	if err := b.readStrings(); err != nil {
		t.Fatal(err)
	}
	want := []string{"abc", "山田1234", "太郎", "花子", "𠮷野", ""}
	if b.Strings() != len(want) || b.cut != 0 || len(out.problems) > 0 {
		t.Fatalf("%d strings, %d cut, problems %v", b.Strings(), b.cut, out.problems)
	}
	for i, text := range want {
		if got, _, _ := b.cells.strings.Get(i); string(got) != text {
			t.Errorf("string %d is %q, want %q", i, got, text)
		}
	}
	if err := b.in.next(); err != nil || b.in.id != recEOF {
		t.Errorf("the record after the strings is %#x, %v", b.in.id, err)
	}
}

// RkNumber in its four forms (MS-XLS 2.5.217).
func TestRK(t *testing.T) {
	for n, want := range map[uint32]float64{
		0x3FF00000: 1, 0x3FF00001: 0.01, uint32(123456789)<<2 | 2: 123456789, uint32(1234)<<2 | 3: 12.34, 0xFFFFFFFE: -1,
	} {
		if got := excel.RK(n); got != want {
			t.Errorf("excel.RK(%#x) = %v, want %v", n, got, want)
		}
	}
}
