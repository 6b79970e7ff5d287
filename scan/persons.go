package scan

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"iter"
	"slices"
)

// personsInMemory is how many sightings one file may hold in memory before they
// go to a temporary file: 4 MiB.
const personsInMemory = 1 << 18

// A Person is one different number of a file, by its keyed hash. Of one that is
// seen several times the best grade and the highest class hold; an address says
// more of the place than the number does.
type Person struct {
	Hash    uint64
	Grade   Confidence // ConfidenceHigh or ConfidenceMedium
	Class   Class
	Place   uint8 // code of the prefecture, as the keys of Counts.Places; 0: not known
	Address bool  // Place is that of an address beside the number, not of the number
}

// Class is what stands beside a number at most.
type Class uint8

// The classes, lowest first.
const (
	ClassNumber Class = iota // 番号のみ
	ClassTwo                 // 二情報
	ClassThree               // 三情報
	ClassFour                // 四情報
)

// A sighting is what is kept of a person: from the highest bit, so that the
// greater one of two says more, the grade (2 bits), the class (2 bits), whether
// the place is that of an address, and the place (7 bits, inverted: of two
// places the one with the lower code is kept, in whatever order they come).
type sighting struct {
	hash uint64
	info uint16
}

const (
	placeBits   = 1<<7 - 1
	addressBit  = 1 << 7
	classShift  = 8
	classBits   = 3 << classShift
	gradeShift  = 10
	gradeBits   = 3 << gradeShift
	infoHigh    = 2 << gradeShift
	infoMedium  = 1 << gradeShift
	sightedSize = 10 // bytes in scratch
)

func sightingOf(p Person) sighting {
	info := uint16(p.Class)<<classShift&classBits | infoMedium
	if p.Grade == ConfidenceHigh {
		info = info&^gradeBits | infoHigh
	}
	if p.Address {
		info |= addressBit
	}
	if p.Place != 0 {
		info |= placeBits - uint16(p.Place)&placeBits
	}
	return sighting{p.Hash, info}
}

func (s sighting) person() Person {
	p := Person{Hash: s.hash, Grade: ConfidenceMedium, Class: Class(s.info & classBits >> classShift), Address: s.info&addressBit != 0}
	if s.info&gradeBits == infoHigh {
		p.Grade = ConfidenceHigh
	}
	if place := s.info & placeBits; place != 0 {
		p.Place = uint8(placeBits - place)
	}
	return p
}

// merged is what two sightings say of one person.
func (s sighting) merged(o sighting) sighting {
	s.info = max(s.info&gradeBits, o.info&gradeBits) | max(s.info&classBits, o.info&classBits) |
		max(s.info&(addressBit|placeBits), o.info&(addressBit|placeBits))
	return s
}

// Merged is what two sightings say of the same person.
func (p Person) Merged(o Person) Person { return sightingOf(p).merged(sightingOf(o)).person() }

// Persons counts different persons exactly and in bounded memory: it sorts
// sightings by keyed hash in runs, writes full runs to a spool and merges them
// at the end. One value serves all documents inside one top-level file.
type Persons struct {
	spool func() Scratch
	buf   []sighting
	runs  []Scratch
}

// NewPersonsOn makes a Persons that writes what does not fit in memory to
// scratch.
func NewPersonsOn(scratch func() Scratch) *Persons { return &Persons{spool: scratch} }

// NewPersons makes a Persons for use outside of a scan, such as the test of a
// detector. It keeps everything in memory.
func NewPersons() *Persons { return NewPersonsOn(func() Scratch { return &memory{} }) }

// memory is scratch in memory.
type memory struct{ bytes []byte }

func (m *memory) Write(p []byte) (int, error) {
	m.bytes = append(m.bytes, p...)
	return len(p), nil
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(m.bytes).ReadAt(p, off)
}

func (m *memory) Size() int64  { return int64(len(m.bytes)) }
func (m *memory) Close() error { return nil }

// Add notes one sighting of a person; what is of low confidence is not counted.
func (p *Persons) Add(seen Person) error {
	if seen.Grade != ConfidenceHigh && seen.Grade != ConfidenceMedium {
		return nil
	}
	p.buf = append(p.buf, sightingOf(seen))
	if len(p.buf) < personsInMemory {
		return nil
	}
	p.compact()
	if len(p.buf) < personsInMemory/2 {
		return nil
	}
	run := p.spool()
	w := bufio.NewWriter(run)
	var b [sightedSize]byte
	for _, v := range p.buf {
		binary.BigEndian.PutUint64(b[:], v.hash)
		binary.BigEndian.PutUint16(b[8:], v.info)
		if _, err := w.Write(b[:]); err != nil {
			return Errorf("counting persons: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return Errorf("counting persons: %w", err)
	}
	p.runs = append(p.runs, run)
	p.buf = p.buf[:0]
	return nil
}

// compact sorts what is in memory and merges the sightings of each person.
func (p *Persons) compact() {
	sortSightings(p.buf, 56)
	kept := p.buf[:0]
	for _, v := range p.buf {
		if n := len(kept); n > 0 && kept[n-1].hash == v.hash {
			kept[n-1] = kept[n-1].merged(v)
			continue
		}
		kept = append(kept, v)
	}
	p.buf = kept
}

// All yields each person once, by ascending hash.
func (p *Persons) All() iter.Seq2[Person, error] {
	return func(yield func(Person, error) bool) {
		p.compact()
		heads := []*runHead{{rest: p.buf}}
		for _, run := range p.runs {
			heads = append(heads, &runHead{r: bufio.NewReader(io.NewSectionReader(run, 0, run.Size()))})
		}
		heads = slices.DeleteFunc(heads, func(r *runHead) bool { return !r.next() && r.err == io.EOF })
		for len(heads) > 0 {
			least := slices.MinFunc(heads, func(a, b *runHead) int { return cmp.Compare(a.value.hash, b.value.hash) }).value
			for _, r := range heads {
				if r.err == nil && r.value.hash == least.hash {
					least = least.merged(r.value)
					r.next()
				}
				if r.err != nil && r.err != io.EOF {
					yield(Person{}, Errorf("counting persons: %w", r.err))
					return
				}
			}
			heads = slices.DeleteFunc(heads, func(r *runHead) bool { return r.err == io.EOF })
			if !yield(least.person(), nil) {
				return
			}
		}
	}
}

// Close frees temporary files.
func (p *Persons) Close() error {
	for _, run := range p.runs {
		_ = run.Close() // it has no name any more
	}
	p.buf, p.runs = nil, nil
	return nil
}

// Distinct counts.
func (p *Persons) Distinct() (Distinct, error) {
	var d Distinct
	for person, err := range p.All() {
		if err != nil {
			return d, err
		}
		if person.Grade == ConfidenceHigh {
			d.High++
		} else {
			d.Medium++
		}
	}
	return d, nil
}

// A runHead is the next value of one sorted run.
type runHead struct {
	rest  []sighting
	r     *bufio.Reader
	value sighting
	err   error
}

func (r *runHead) next() bool {
	if r.r == nil {
		if len(r.rest) == 0 {
			r.err = io.EOF
			return false
		}
		r.value, r.rest = r.rest[0], r.rest[1:]
		return true
	}
	var b [sightedSize]byte
	if _, err := io.ReadFull(r.r, b[:]); err != nil {
		r.err = err
		return false
	}
	r.value = sighting{binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint16(b[8:])}
	return true
}
