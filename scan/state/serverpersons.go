package state

import (
	"iter"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/postgres"
)

// copyParts sends parts, if there is one.
func copyParts(s *session, native *postgres.Tx, next func() (postgres.Part, error, bool)) error {
	first, err, more := next()
	if err != nil || !more {
		return err
	}
	pending := true
	return native.CopyParts(s.ctx, func() (postgres.Part, bool, error) {
		if pending {
			pending = false
			return first, true, nil
		}
		p, err, more := next()
		return p, more, err
	})
}

func copyPersonsIn(s *session, result int64, persons iter.Seq2[scan.Person, error]) error {
	native, err := nativeOf(s.transaction)
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(parts(result, persons))
	defer stop()
	return copyParts(s, native, next)
}

// parts packs the persons of a result.
func parts(result int64, persons iter.Seq2[scan.Person, error]) iter.Seq2[postgres.Part, error] {
	return func(yield func(postgres.Part, error) bool) {
		part := postgres.Part{Result: result}
		for p, err := range persons {
			if err != nil {
				yield(part, err)
				return
			}
			if len(part.Packed) == packedParts*packedSize {
				if !yield(part, nil) {
					return
				}
				part = postgres.Part{Result: result, Number: part.Number + 1}
			}
			if len(part.Packed) == 0 {
				part.First = ordered(p.Hash)
			}
			part.Packed, part.Halves = appendPerson(part.Packed, p), append(part.Halves, int32(uint32(upper(p.Hash))))
		}
		if len(part.Packed) > 0 {
			yield(part, nil)
		}
	}
}
