package state

import (
	"encoding/binary"
	"hash/crc64"
	"iter"

	"github.com/kagiban/kagiban/scan"
)

// Persons are packed by ascending hash, ten bytes each: the hash (8, big
// endian) and what is known of the person (2, big endian): from the lowest bit
// the grade (2 bits: 1 high, 2 middle), the class (3 bits: 0 number, 1 two, 2
// three, 3 four), the code of the prefecture (7 bits; 0: not known) and whether
// that is by address (1 bit). Lists that were stored before these were known
// have zeros. A long list comes in parts.
const (
	packedSize  = 10
	packedParts = 1024 // persons a part: 10 KiB, which is read to find one of them
	gradeBits   = 3
	gradeHigh   = 1
	gradeMedium = 2
	classShift  = 2
	classBits   = 7
	placeShift  = 5
	placeBits   = 127
	addressBit  = 1 << 12
)

// appendPerson packs one person.
func appendPerson(b []byte, p scan.Person) []byte {
	grade := uint16(gradeMedium)
	if p.Grade == scan.ConfidenceHigh {
		grade = gradeHigh
	}
	known := grade | uint16(p.Class)<<classShift | uint16(p.Place)<<placeShift
	if p.Address {
		known |= addressBit
	}
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(b, p.Hash), known)
}

var errPacked = scan.Errorf("%w: packed persons", ErrDamaged)

// unpack yields the persons of a part.
func unpack(packed []byte) iter.Seq2[scan.Person, error] {
	return func(yield func(scan.Person, error) bool) {
		for ; len(packed) >= packedSize; packed = packed[packedSize:] {
			known := binary.BigEndian.Uint16(packed[8:])
			p := scan.Person{
				Hash: binary.BigEndian.Uint64(packed), Grade: scan.ConfidenceMedium, Class: scan.Class(known >> classShift & classBits),
				Place: uint8(known >> placeShift & placeBits), Address: known&addressBit != 0,
			}
			if p.Class > scan.ClassFour {
				yield(p, errPacked)
				return
			}
			switch known & gradeBits {
			case gradeHigh:
				p.Grade = scan.ConfidenceHigh
			case gradeMedium:
			default:
				yield(p, errPacked)
				return
			}
			if !yield(p, nil) {
				return
			}
		}
		if len(packed) > 0 {
			yield(scan.Person{}, errPacked)
		}
	}
}

// A listSum distinguishes lists of persons.
type listSum struct {
	crc   uint64
	table *crc64.Table
	some  bool
}

func newChecksum() *listSum { return &listSum{table: crc64.MakeTable(crc64.ECMA)} }

// add continues with packed persons.
func (l *listSum) add(packed []byte) {
	l.crc = crc64.Update(l.crc, l.table, packed)
	l.some = l.some || len(packed) > 0
}

// value is 0 for the empty list only.
func (l *listSum) value() int64 {
	if !l.some {
		return 0
	}
	return int64(l.crc | 1)
}

// checksum is the value of a list.
func checksum(persons iter.Seq2[scan.Person, error]) (int64, error) {
	sum := newChecksum()
	var buf [packedSize]byte
	for p, err := range persons {
		if err != nil {
			return 0, err
		}
		sum.add(appendPerson(buf[:0], p))
	}
	return sum.value(), nil
}

// upper is what the index of persons holds of a hash: half of it, so that an
// entry is short. Who looks a hash up compares it with the packed one.
func upper(hash uint64) int64 { return int64(hash >> 32) }

// ordered is a hash as a number of the database, which are signed, in the same order.
func ordered(hash uint64) int64 { return int64(hash ^ 1<<63) }

// savePersons stores the persons of a result, and where each is to be found.
func (s *session) savePersons(result int64, persons iter.Seq2[scan.Person, error]) error {
	if save := s.dialect.persons; save != nil {
		return save(s, result, persons)
	}
	var packed []byte
	var first uint64
	part := 0
	flush := func() error {
		_, err := s.exec("INSERT INTO persons (result, part, first, packed) VALUES (?, ?, ?, ?)", result, part, ordered(first), packed)
		part, packed = part+1, packed[:0]
		return err
	}
	for p, err := range persons {
		if err != nil {
			return err
		}
		if len(packed) == 0 {
			first = p.Hash
		}
		packed = appendPerson(packed, p)
		if _, err := s.exec("INSERT INTO person (hash, result) VALUES (?, ?) ON CONFLICT DO NOTHING", upper(p.Hash), result); err != nil {
			return err
		}
		if len(packed) == packedParts*packedSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(packed) == 0 {
		return nil
	}
	return flush()
}

// personsOf yields the persons of a stored result.
func (s *session) personsOf(result int64) iter.Seq2[scan.Person, error] {
	return func(yield func(scan.Person, error) bool) {
		for part := 0; ; part++ {
			var packed []byte
			found, err := s.one("SELECT packed FROM persons WHERE result = ? AND part = ?", []any{result, part}, &packed)
			if err != nil {
				yield(scan.Person{}, err)
			}
			if err != nil || !found {
				return
			}
			for p, err := range unpack(packed) {
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
}

// copyPersons stores the persons of a result with another one too.
func (s *session) copyPersons(result, of int64) error {
	if copied := s.dialect.copied; copied != nil {
		return copied(s, result, of)
	}
	return s.savePersons(result, s.personsOf(of))
}

// dropResult deletes a result with its persons.
func (s *session) dropResult(result int64) error {
	for p, err := range s.personsOf(result) {
		if err != nil {
			return err
		}
		if _, err := s.exec("DELETE FROM person WHERE hash = ? AND result = ?", upper(p.Hash), result); err != nil {
			return err
		}
	}
	_, err := s.exec("DELETE FROM result WHERE id = ?", result)
	return err
}
