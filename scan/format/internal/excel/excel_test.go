package excel_test

import (
	"math"
	"testing"

	"github.com/kagiban/kagiban/scan/format/internal/excel"
)

func TestNumbers(t *testing.T) {
	b := []byte{0x34, 0x12, 0xCD, 0xAB, 0, 0, 0, 0, 0, 0xF0, 0x3F}
	if v := excel.U16(b, 0); v != 0x1234 {
		t.Errorf("U16 %x", v)
	}
	if v := excel.U32(b, 0); v != 0xABCD1234 {
		t.Errorf("U32 %x", v)
	}
	if v := excel.F64(b, 3); v != math.Float64frombits(0x3FF00000000000AB) {
		t.Errorf("F64 %v", v)
	}
	if excel.U16(b, 10) != 0 || excel.U32(b, 8) != 0 || excel.F64(b, 4) != 0 {
		t.Error("numbers that break off are not 0")
	}
}

// The examples of MS-XLS 2.5.217: integer or float, times a hundred or not.
func TestRK(t *testing.T) {
	for n, want := range map[uint32]float64{
		0x3FF00000: 1, 0x3FF00001: 0.01, 123<<2 | 2: 123, 123<<2 | 3: 1.23, 0xFFFFFFFE: -1, 0x40C81C80: 12345,
	} {
		if v := excel.RK(n); v != want {
			t.Errorf("RK(%#x) = %v, want %v", n, v, want)
		}
	}
}

func TestErrorText(t *testing.T) {
	for code, want := range map[byte]string{0: "#NULL!", 7: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 99: "#N/A"} {
		if got := excel.ErrorText(code); got != want {
			t.Errorf("%#x is %s, want %s", code, got, want)
		}
	}
}

func TestStyles(t *testing.T) {
	var s excel.Styles
	s.Define(164, "0000-000000")
	s.Add(0)
	s.Add(164)
	s.Add(14)
	for style, want := range map[int]string{0: "1234567890", 1: "1234-567890", 99: "1234567890"} {
		if got := string(s.Of(style).AppendFloat(nil, 1234567890, false)); got != want {
			t.Errorf("style %d shows %q, want %q", style, got, want)
		}
	}
	if got := string(s.Of(2).AppendFloat(nil, 25000, false)); got == "25000" {
		t.Errorf("built-in format 14 shows %q, no date", got)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}
