package isolate

import (
	"encoding/binary"
	"fmt"

	"github.com/kagiban/kagiban/scan"
)

// personSize is that of a person on the wire: keyed hash (8 bytes, big endian),
// grade, class, place, and whether the place is that of an address.
const personSize = 12

func appendPerson(b []byte, p scan.Person) []byte {
	b = binary.BigEndian.AppendUint64(b, p.Hash)
	return append(b, flag(p.Grade == scan.ConfidenceHigh), byte(p.Class), p.Place, flag(p.Address))
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// addPersons takes the body of a msgPersons.
func addPersons(to *scan.Persons, body []byte) error {
	if len(body) == 0 || len(body)%personSize != 0 {
		return fmt.Errorf("persons of %d bytes: %w", len(body), scan.ErrCrashed)
	}
	for ; len(body) > 0; body = body[personSize:] {
		p := scan.Person{
			Hash: binary.BigEndian.Uint64(body), Grade: scan.ConfidenceMedium,
			Class: scan.Class(body[9]), Place: body[10], Address: body[11] == 1,
		}
		if body[8] == 1 {
			p.Grade = scan.ConfidenceHigh
		}
		if p.Class > scan.ClassFour || p.Place > 99 {
			return fmt.Errorf("a person of class %d and place %d: %w", p.Class, p.Place, scan.ErrCrashed)
		}
		if err := to.Add(p); err != nil {
			return err
		}
	}
	return nil
}
