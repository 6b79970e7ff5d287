package scan

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"slices"
)

// personsInMemory is how many hashes one file may hold in memory before they
// go to a temporary file: 2 MiB.
const personsInMemory = 1 << 18

// Persons counts different persons exactly and in bounded memory: it sorts
// keyed hashes in runs, writes full runs to a spool and merges them at the
// end. One value serves all documents inside one top-level file.
type Persons struct {
	high, middle hashSet
}

// NewPersonsOn makes a Persons that writes what does not fit in memory to
// scratch.
func NewPersonsOn(scratch func() Scratch) *Persons {
	return &Persons{high: hashSet{spool: scratch}, middle: hashSet{spool: scratch}}
}

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

// Add notes one keyed hash under a confidence; ConfidenceLow is not counted.
func (p *Persons) Add(c Confidence, hash uint64) error {
	switch c {
	case ConfidenceHigh:
		return p.high.add(hash)
	case ConfidenceMedium:
		return p.middle.add(hash)
	}
	return nil
}

// High yields each hash of high confidence once, ascending.
func (p *Persons) High() iter.Seq2[uint64, error] { return p.high.each() }

// Medium yields each hash of middling confidence once, ascending; it may hold
// hashes that High holds too.
func (p *Persons) Medium() iter.Seq2[uint64, error] { return p.middle.each() }

// A Person is one different number of a file, by its keyed hash.
type Person struct {
	Hash  uint64
	Grade Confidence // the best that it was found with
}

// All yields each person once, by ascending hash.
func (p *Persons) All() iter.Seq2[Person, error] {
	return func(yield func(Person, error) bool) {
		next, stop := iter.Pull2(p.high.each())
		defer stop()
		high, err, more := next()
		pass := func() bool {
			ok := yield(Person{high, ConfidenceHigh}, err)
			high, err, more = next()
			return ok
		}
		for middle, failed := range p.middle.each() {
			for more && (err != nil || high < middle) {
				if !pass() {
					return
				}
			}
			if failed == nil && more && high == middle {
				continue // comes with the next of high
			}
			if !yield(Person{middle, ConfidenceMedium}, failed) {
				return
			}
		}
		for more && pass() {
		}
	}
}

// Close frees temporary files.
func (p *Persons) Close() error {
	for _, run := range append(p.high.runs, p.middle.runs...) {
		_ = run.Close() // it has no name any more
	}
	p.high, p.middle = hashSet{}, hashSet{}
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

// A hashSet is an external merge sort that keeps each value once.
type hashSet struct {
	spool func() Scratch
	buf   []uint64
	runs  []Scratch
}

func (h *hashSet) add(v uint64) error {
	h.buf = append(h.buf, v)
	if len(h.buf) < personsInMemory {
		return nil
	}
	h.compact()
	if len(h.buf) < personsInMemory/2 {
		return nil
	}
	run := h.spool()
	w := bufio.NewWriter(run)
	var b [8]byte
	for _, v := range h.buf {
		binary.BigEndian.PutUint64(b[:], v)
		if _, err := w.Write(b[:]); err != nil {
			return fmt.Errorf("counting persons: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("counting persons: %w", err)
	}
	h.runs = append(h.runs, run)
	h.buf = h.buf[:0]
	return nil
}

func (h *hashSet) compact() {
	slices.Sort(h.buf)
	h.buf = slices.Compact(h.buf)
}

// each merges the runs and the buffer.
func (h *hashSet) each() iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		h.compact()
		heads := []*runHead{{rest: h.buf}}
		for _, run := range h.runs {
			heads = append(heads, &runHead{r: bufio.NewReader(io.NewSectionReader(run, 0, run.Size()))})
		}
		heads = slices.DeleteFunc(heads, func(r *runHead) bool { return !r.next() && r.err == io.EOF })
		for len(heads) > 0 {
			least := slices.MinFunc(heads, func(a, b *runHead) int { return cmp.Compare(a.value, b.value) }).value
			for _, r := range heads {
				if r.err == nil && r.value == least {
					r.next()
				}
				if r.err != nil && r.err != io.EOF {
					yield(0, fmt.Errorf("counting persons: %w", r.err))
					return
				}
			}
			heads = slices.DeleteFunc(heads, func(r *runHead) bool { return r.err == io.EOF })
			if !yield(least, nil) {
				return
			}
		}
	}
}

// A runHead is the next value of one sorted run.
type runHead struct {
	rest  []uint64
	r     *bufio.Reader
	value uint64
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
	var b [8]byte
	if _, err := io.ReadFull(r.r, b[:]); err != nil {
		r.err = err
		return false
	}
	r.value = binary.BigEndian.Uint64(b[:])
	return true
}
