package scan

import (
	"slices"
	"strings"
	"sync"
)

// The ledger of a file: what each range of its bytes is. A format claims what it
// hands on and what by its specification holds no text of a user; what nobody
// claimed the engine looks at when the content was read. So a file is clean only
// if all of it is accounted for, and a format that passes something over fails
// safe.

// RestName begins the names of ranges that nobody accounted for, as members of
// their file.
const RestName = "bytes at "

// IsRest reports whether a file is such a range.
func IsRest(f *File) bool { return f.place.Depth > 0 && strings.HasPrefix(f.Name, RestName) }

// A Use is what a claimed range is.
type Use string

// The uses of ranges.
const (
	UseRead      Use = "read"      // handed on as rows or as a member
	UseStructure Use = "structure" // headers, indexes, sums: no text of a user by the specification
	UseOmitted   Use = "omitted"   // out of scope by a rule: pictures, programs
	UseSealed    Use = "sealed"    // encrypted
	UseNone      Use = "none"      // not claimed: padding, or looked at as a rest
)

// A Span is a range of a file, in bytes.
type Span struct{ Off, Size int64 }

func (s Span) end() int64 { return s.Off + s.Size }

// spansMax bounds the separate ranges that a ledger keeps.
const spansMax = 1 << 16

// A Ledger collects claims. The zero value is ready; its methods may be called
// from several goroutines.
type Ledger struct {
	mu    sync.Mutex
	spans []Span // sorted, apart from each other
	lost  bool   // there were too many ranges to keep
	sums  map[Use]int64
}

// Claim says what a range is. Ranges may come in any order and overlap.
func (l *Ledger) Claim(use Use, off, size int64) {
	if size <= 0 || off < 0 || size > 1<<62-off {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sums == nil {
		l.sums = map[Use]int64{}
	}
	l.sums[use] += size
	s := Span{off, size}
	// Most claims follow the one before.
	from, _ := slices.BinarySearchFunc(l.spans, off, func(have Span, off int64) int {
		if have.end() < off {
			return -1
		}
		return 1
	})
	to := from
	for ; to < len(l.spans) && l.spans[to].Off <= s.end(); to++ {
		start := min(s.Off, l.spans[to].Off)
		s = Span{start, max(s.end(), l.spans[to].end()) - start}
	}
	if to == from && len(l.spans) >= spansMax {
		l.lost = true
		return
	}
	l.spans = slices.Replace(l.spans, from, to, s)
}

// Unclaim takes back what was claimed of a range.
func (l *Ledger) Unclaim(off, size int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []Span
	for _, s := range l.spans {
		if before := min(s.end(), off) - s.Off; before > 0 {
			left = append(left, Span{s.Off, before})
		}
		if from := max(s.Off, off+size); from < s.end() {
			left = append(left, Span{from, s.end() - from})
		}
	}
	l.spans = left
}

// Gaps returns what nobody claimed of a file of some size. Not all of it is
// known if there were too many claims to keep.
func (l *Ledger) Gaps(size int64) (gaps []Span, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := int64(0)
	for _, s := range l.spans {
		if s.Off >= size {
			break
		}
		if s.Off > at {
			gaps = append(gaps, Span{at, s.Off - at})
		}
		at = s.end()
	}
	if at < size {
		gaps = append(gaps, Span{at, size - at})
	}
	return gaps, !l.lost
}

// Spans returns what is claimed; whole is false if not all of it could be kept.
func (l *Ledger) Spans() (spans []Span, whole bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.spans), !l.lost
}

// Adopt claims what Spans of another ledger returned.
func (l *Ledger) Adopt(spans []Span, whole bool, use Use) {
	for _, s := range spans {
		l.Claim(use, s.Off, s.Size)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = l.lost || !whole
}

// An Accounted is how much of a file is of one use.
type Accounted struct {
	Use   Use
	Bytes int64
}

// Accounts returns what the bytes of a file of some size are, and last, as UseNone,
// what nobody claimed. What was claimed twice counts twice.
func (l *Ledger) Accounts(size int64) []Accounted {
	gaps, _ := l.Gaps(size)
	left := int64(0)
	for _, g := range gaps {
		left += g.Size
	}
	sums := l.sumsOf()
	var list []Accounted
	for _, use := range []Use{UseRead, UseStructure, UseOmitted, UseSealed} {
		if sums[use] > 0 {
			list = append(list, Accounted{use, sums[use]})
		}
	}
	if left > 0 {
		list = append(list, Accounted{UseNone, left})
	}
	return list
}

func (l *Ledger) sumsOf() map[Use]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	sums := map[Use]int64{}
	for use, n := range l.sums {
		sums[use] = n
	}
	return sums
}

// Claim says what a range of the file is.
func (f *File) Claim(use Use, off, size int64) { f.ledger.Claim(use, off, size) }

// ClaimAll says that all of the file is one thing, as for formats that are read
// from the first byte to the last.
func (f *File) ClaimAll(use Use) { f.ledger.Claim(use, 0, f.place.Size) }

// Ledger is what the file's format has claimed.
func (f *File) Ledger() *Ledger { return &f.ledger }
