// Package rawtext finds what looks like text in bytes whose layout is not
// known, the way of the strings program: runs of letters, in 8-bit text and in
// UTF-16 at even and at odd places. What it finds counts; that it finds
// nothing says little.
package rawtext

import (
	"bufio"
	"io"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// Kinds of text, as flags.
type Kinds int

// The kinds. Japanese, which is text in code page 932, includes ASCII.
const (
	ASCII Kinds = 1 << iota
	Japanese
	Wide
	All = Japanese | Wide
)

// minRun is how many characters together count as text.
const minRun = 4

// Scan hands out each run of text as a row of one cell.
func Scan(r io.Reader, w *grid.Writer, kinds Kinds) error {
	s := scanner{w: w, kinds: kinds, codes: codepage.New(codepage.Japanese)}
	in := bufio.NewReaderSize(r, 64<<10)
	for at := 0; ; at++ {
		c, err := in.ReadByte()
		if err != nil && err != io.EOF {
			return err
		}
		if err == io.EOF {
			return s.end()
		}
		if err := s.narrow(c); err != nil {
			return err
		}
		if kinds&Wide != 0 && at > 0 {
			if err := s.wide(at%2, rune(s.last)|rune(c)<<8); err != nil {
				return err
			}
		}
		s.last = c
	}
}

type scanner struct {
	w     *grid.Writer
	kinds Kinds
	codes *codepage.Text
	last  byte
	bytes []byte    // the run of 8-bit text
	runs  [2][]byte // the runs of UTF-16, as UTF-8
	count [2]int    // characters in runs
}

func (s *scanner) narrow(c byte) error {
	if s.kinds&(ASCII|Japanese) == 0 {
		return nil
	}
	text := c >= 0x20 && c < 0x7F || s.kinds&Japanese != 0 && c >= 0x80
	if text {
		if s.bytes = append(s.bytes, c); len(s.bytes) < s.longest() {
			return nil
		}
	}
	run := s.bytes
	s.bytes = s.bytes[:0]
	if len(run) < minRun {
		return nil
	}
	return s.row(s.codes.Append(nil, run))
}

func (s *scanner) wide(odd int, u rune) error {
	if letter(u) {
		s.runs[odd] = utf8.AppendRune(s.runs[odd], u)
		if s.count[odd]++; len(s.runs[odd]) < s.longest() {
			return nil
		}
	}
	run, n := s.runs[odd], s.count[odd]
	s.runs[odd], s.count[odd] = s.runs[odd][:0], 0
	if n < minRun {
		return nil
	}
	return s.row(run)
}

// longest is how many bytes of a run make a row: as UTF-8 they are three times as many
// at the most, and no more than a cell has.
func (s *scanner) longest() int { return max(s.w.Max/3-utf8.UTFMax, minRun) }

// end hands out the runs that reach to the end.
func (s *scanner) end() error {
	if err := s.narrow(0); err != nil {
		return err
	}
	for odd := range s.runs {
		if err := s.wide(odd, 0); err != nil {
			return err
		}
	}
	return s.w.Flush()
}

// letter selects the characters of Japanese text.
func letter(u rune) bool {
	switch {
	case u >= 0x20 && u < 0x7F, u >= 0x2010 && u <= 0x2015, u >= 0x3000 && u < 0x3100, u >= 0x4E00 && u < 0xA000, u >= 0xFF01 && u < 0xFFA0:
		return true
	}
	return false
}

func (s *scanner) row(text []byte) error {
	if err := s.w.Next(); err != nil {
		return err
	}
	s.w.Text(0, text)
	return s.w.Flush()
}
