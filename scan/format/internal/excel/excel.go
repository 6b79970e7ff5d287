// Package excel is what the two binary forms of Excel's workbooks share: BIFF
// (MS-XLS) and BIFF12 (MS-XLSB). Numbers are little-endian.
package excel

import (
	"encoding/binary"
	"math"

	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
)

// U16 reads two bytes at an offset; what a record is too short for is 0.
func U16(b []byte, at int) int {
	if at+2 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(b[at:]))
}

// U32 reads four bytes at an offset; what a record is too short for is 0.
func U32(b []byte, at int) uint32 {
	if at+4 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint32(b[at:])
}

// F64 reads a float at an offset; what a record is too short for is 0.
func F64(b []byte, at int) float64 {
	if at+8 > len(b) {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b[at:]))
}

// RK converts an RkNumber (MS-XLS 2.5.217, MS-XLSB 2.5.122): 30 bits of a float
// or of an integer, perhaps times a hundred.
func RK(n uint32) float64 {
	v := math.Float64frombits(uint64(n&^3) << 32)
	if n&2 != 0 {
		v = float64(int32(n) >> 2)
	}
	if n&1 != 0 {
		v /= 100
	}
	return v
}

// ErrorText shows an error value (MS-XLS 2.5.10, MS-XLSB 2.5.97.2).
func ErrorText(code byte) string {
	switch code {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}

// Bounds of the tables of one workbook, in entries.
const (
	maxCodes  = 1 << 16
	maxStyles = 1 << 17
)

// Styles are the number formats of a workbook. The zero value is ready.
type Styles struct {
	Date1904 bool

	compiler numfmt.Codes
	codes    map[int]*numfmt.Format
	styles   []int // format of each cell style
}

// Add adds the next cell style, by the number of its format.
func (s *Styles) Add(format int) {
	if len(s.styles) < maxStyles {
		s.styles = append(s.styles, format)
	}
}

// Define defines the format of a number.
func (s *Styles) Define(format int, code string) {
	if len(s.codes) < maxCodes {
		s.keep(format, s.compiler.Compile(code))
	}
}

func (s *Styles) keep(format int, f *numfmt.Format) {
	if s.codes == nil {
		s.codes = map[int]*numfmt.Format{}
	}
	s.codes[format] = f
}

// Format returns the format of a number, defined or built in.
func (s *Styles) Format(n int) *numfmt.Format {
	f := s.codes[n]
	if f == nil {
		f = s.compiler.Compile(numfmt.Builtin(n))
		if len(s.codes) < maxCodes {
			s.keep(n, f)
		}
	}
	return f
}

// Of returns the format of a cell style; a style that does not exist is General.
func (s *Styles) Of(style int) *numfmt.Format {
	n := 0
	if style < len(s.styles) {
		n = s.styles[style]
	}
	return s.Format(n)
}

// Check returns what was beyond the bounds since it was last called; nil if
// nothing was.
func (s *Styles) Check() error { return s.compiler.Check() }
