// Package oleps reads the texts in the property sets of compound files
// (MS-OLEPS): title, author, keywords, comments, and the properties that
// people add themselves.
package oleps

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
)

// Types of values (2.15).
const (
	typeI2      = 0x0002
	typeVariant = 0x000C
	typeString  = 0x001E // in the code page of the set
	typeWide    = 0x001F
	typeVector  = 0x1000
)

const (
	idDictionary = 0
	idCodePage   = 1
	pageUTF16    = 1200
	pageUTF8     = 65001
	maxSets      = 2 // a stream has no more (2.21)
)

// Texts passes each text of a property set stream to emit, whose error it
// returns.
func Texts(b []byte, emit func(text []byte) error) error {
	if len(b) < 28 || binary.LittleEndian.Uint16(b) != 0xFFFE {
		return malformed("no property set")
	}
	for i := range min(int(binary.LittleEndian.Uint32(b[24:])), maxSets) {
		at := 28 + 20*i + 16
		if at+4 > len(b) {
			return malformed("property sets break off")
		}
		offset := int64(binary.LittleEndian.Uint32(b[at:]))
		if offset+8 > int64(len(b)) {
			return malformed("property set outside of its stream")
		}
		s := set{data: b[offset:], page: 1252, emit: emit, left: 2 * len(b)}
		if err := s.read(); err != nil {
			return err
		}
	}
	return nil
}

// A set is one property set.
type set struct {
	data []byte
	page int
	emit func([]byte) error
	left int // bytes of values that may still be read: values that overlap are no texts of people
}

func (s *set) read() error {
	n := int(min(s.u32(4), uint32(len(s.data)/8)))
	for _, wanted := range []bool{true, false} { // the code page first, wherever it stands
		for i := range n {
			id, at := s.u32(8+8*i), int64(s.u32(12+8*i))
			if (id == idCodePage) != wanted || at >= int64(len(s.data)) {
				continue
			}
			if err := s.property(id, int(at)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *set) property(id uint32, at int) error {
	switch {
	case id == idCodePage:
		if s.u32(at)&0xFFFF == typeI2 {
			s.page = int(s.u32(at+4) & 0xFFFF)
		}
		return nil
	case id == idDictionary:
		return s.dictionary(at)
	}
	_, err := s.value(int(s.u32(at)&0xFFFF), at+4)
	return err
}

// spend counts what is read of values.
func (s *set) spend(n int) error {
	if s.left -= n; s.left < 0 {
		return malformed("properties overlap")
	}
	return nil
}

// value reads a value of some type and returns the place after it; 0 if that is
// not known.
func (s *set) value(kind, at int) (int, error) {
	if err := s.spend(4); err != nil {
		return 0, err
	}
	switch {
	case kind&typeVector != 0:
		return s.vector(kind&^typeVector, at)
	case kind == typeString:
		end := at + 4 + s.length(at, 1)
		return end, s.text(s.slice(at+4, end), s.page == pageUTF16)
	case kind == typeWide:
		end := at + 4 + s.length(at, 2)
		return end, s.text(s.slice(at+4, end), true)
	}
	return at + 4, nil // of variants in a vector, only numbers besides
}

func (s *set) vector(kind, at int) (int, error) {
	if kind != typeString && kind != typeWide && kind != typeVariant {
		return 0, nil
	}
	n := int(min(s.u32(at), uint32(len(s.data))))
	at += 4
	for range n {
		if at >= len(s.data) {
			break
		}
		of := kind
		if kind == typeVariant {
			of, at = int(s.u32(at)&0xFFFF), at+4
		}
		next, err := s.value(of, at)
		if err != nil || next <= at {
			return 0, err
		}
		if at = next; kind == typeWide {
			at += (4 - at%4) % 4 // wide strings are aligned, others in a vector are not
		}
	}
	return at, nil
}

// dictionary reads the names of properties that people added (2.17).
func (s *set) dictionary(at int) error {
	n, wide := int(min(s.u32(at), uint32(len(s.data)/8))), s.page == pageUTF16
	at += 4
	for range n {
		if err := s.spend(8); err != nil {
			return err
		}
		size := s.length(at+4, 1)
		if wide {
			size = s.length(at+4, 2)
		}
		if err := s.text(s.slice(at+8, at+8+size), wide); err != nil {
			return err
		}
		if at += 8 + size; wide {
			at += (4 - at%4) % 4
		}
	}
	return nil
}

// length reads a count of characters as a count of bytes, no more than there are.
func (s *set) length(at, width int) int {
	return int(min(int64(s.u32(at))*int64(width), int64(len(s.data))))
}

func (s *set) slice(from, to int) []byte {
	return s.data[min(from, len(s.data)):min(to, len(s.data))]
}

func (s *set) u32(at int) uint32 {
	if at < 0 || at+4 > len(s.data) {
		return 0
	}
	return binary.LittleEndian.Uint32(s.data[at:])
}

func (s *set) text(raw []byte, wide bool) error {
	if err := s.spend(len(raw)); err != nil {
		return err
	}
	var text []byte
	switch {
	case wide:
		var units []uint16
		for i := 0; i+1 < len(raw) && (raw[i] != 0 || raw[i+1] != 0); i += 2 {
			units = append(units, binary.LittleEndian.Uint16(raw[i:]))
		}
		text = []byte(string(utf16.Decode(units)))
	default:
		for i, c := range raw {
			if c == 0 {
				raw = raw[:i]
				break
			}
		}
		text = raw
		if s.page != pageUTF8 {
			text = codepage.New(s.page).Append(nil, raw)
		}
	}
	if len(text) == 0 {
		return nil
	}
	return s.emit(text)
}

func malformed(what string) error { return fmt.Errorf("%s: %w", what, scan.ErrMalformed) }
