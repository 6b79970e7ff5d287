// Package records makes rows of structured text: of objects and lists within each
// other, as JSON, XML and YAML have them. What belongs to one record comes as one
// row, and the keys as headings (scan.Row.Heads), so that a list of persons reads
// the same whatever it is written in.
//
// A record is an element of a list; an object among others that are alike, or that
// have the same key; and else the whole of what stands within each other: the parts
// of an address belong to their person. Keys that differ from record to record, and
// the positions of lists in lists, are no headings. What is kept is the record at
// hand, and bounded: one that is too large comes in pieces.
//
// Read it in this order: records.go (a Builder and what goes in), node.go (the
// columns), object.go (what an object turns out to be), list.go (lists), row.go
// (what comes out).
package records

import (
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// The bounds of what is kept.
const (
	maxDepth = 512     // objects within each other; deeper ones are a part of the last
	maxCells = 1 << 12 // of one record
	maxText  = 1 << 20 // bytes of one record
)

// A Builder takes keys and values in the order in which they stand in a text.
type Builder struct {
	rows
	frames []frame
	deep   int      // frames left out since they lie too deeply
	serial uint32   // of the latest frame
	titles []string // of the objects of the list that ended last
}

// A frame is an object or a list that is open.
type frame struct {
	node    int32
	serial  uint32
	list    bool
	alike   bool // its objects are records, whatever their keys
	record  bool // it is one, since its key is a value
	long    bool // a list of so many values that each is a row
	held    bool // a list of one object so far, whose cells wait
	start   int  // of its cells
	values  int  // of its own
	objects int  // in it
	kids    []kid
	repeats map[string]bool // keys that came more than once
	heads   []int32         // columns of lists in this list
	titles  []string        // of its objects
}

// A kid is an object in the object at hand that may be a part of it.
type kid struct {
	node     int32
	from, to int // its cells
}

// New returns a builder that hands rows to w, in a table of that name.
func New(w *grid.Writer, table string) *Builder {
	b := &Builder{}
	b.rows = rows{tree: tree{index: map[nodeKey]int32{}, era: 1, nodes: []node{{parent: -1, col: -1}}}, w: w, table: table, keys: map[string]bool{}}
	return b
}

func (b *Builder) top() *frame {
	if len(b.frames) == 0 {
		return nil
	}
	return &b.frames[len(b.frames)-1]
}

// Open begins an object or a list under a key; in a list the key says nothing.
func (b *Builder) Open(key []byte, list bool) error {
	if len(b.frames) >= maxDepth {
		b.deep++
		return nil
	}
	if p := b.top(); p != nil && p.held {
		if err := b.unhold(p); err != nil {
			return err
		}
	}
	b.serial++
	f := frame{serial: b.serial, list: list, start: len(b.cells)}
	switch p := b.top(); {
	case p == nil:
		f.node = b.child(0, key)
	case p.list && list:
		f.node = b.child(p.node, nil)
	case p.list:
		f.node = p.node
	case !list && (p.alike || number(key)):
		f.node, f.record = b.child(p.node, []byte(each)), true
	default:
		f.node = b.child(p.node, key)
	}
	if p := b.top(); p != nil {
		p.objects++
	}
	b.frames = append(b.frames, f)
	if f.record {
		b.push(b.child(f.node, nil), key)
	}
	return nil
}

// Value takes a value under a key; in a list the key says nothing.
func (b *Builder) Value(key, text []byte) error {
	f := b.top()
	if f == nil {
		if err := b.Open(nil, false); err != nil {
			return err
		}
		if err := b.Value(key, text); err != nil {
			return err
		}
		return b.Close()
	}
	f.values++
	if f.held {
		if err := b.unhold(f); err != nil {
			return err
		}
	}
	switch {
	case f.list:
		return b.element(f, text)
	case number(key):
		return b.entry(f, key, text)
	}
	n := b.child(f.node, key)
	if n == 0 {
		return b.Line(append(append(append([]byte(nil), key...), ": "...), text...))
	}
	b.push(b.fresh(f, n), text)
	return b.spill()
}

// entry hands out a key that may be a number that is searched, with its value.
func (b *Builder) entry(f *frame, key, text []byte) error {
	from, at := len(b.cells), len(b.text)
	star := b.child(f.node, []byte(each))
	b.push(b.child(star, nil), key)
	b.push(b.child(star, []byte(each)), text)
	err := b.record(b.cells[from:])
	b.cells, b.text = b.cells[:from], b.text[:at]
	return err
}

// number reports whether a key has as many digits as a number that is searched.
func number(key []byte) bool {
	n := 0
	for _, c := range key {
		if c-'0' <= 9 {
			n++
		}
	}
	return n >= 9
}

// Pair is a key with its value where nothing says where a record ends: a key that
// comes again begins another.
func (b *Builder) Pair(key, text []byte) error {
	f := b.top()
	if f == nil {
		if err := b.Open(nil, false); err != nil {
			return err
		}
		f = b.top()
	}
	if n := b.child(f.node, key); b.nodes[n].seen == f.serial {
		if err := b.Close(); err != nil {
			return err
		}
		return b.Pair(key, text)
	}
	return b.Value(key, text)
}

// spill hands out what is kept when it is too much for one record.
func (b *Builder) spill() error {
	if len(b.cells) < maxCells && len(b.text) < maxText {
		return nil
	}
	err := b.record(b.cells)
	b.drop(0)
	for i := range b.frames {
		b.frames[i].start, b.frames[i].kids, b.frames[i].held = 0, b.frames[i].kids[:0], false
	}
	return err
}

// Close ends the object or list that was opened last.
func (b *Builder) Close() error {
	if b.deep > 0 {
		b.deep--
		return nil
	}
	if len(b.frames) == 0 {
		return nil
	}
	f := b.frames[len(b.frames)-1]
	b.frames = b.frames[:len(b.frames)-1]
	if f.list {
		return b.endList(&f)
	}
	return b.endObject(&f)
}

// Depth is how many objects and lists are open.
func (b *Builder) Depth() int { return len(b.frames) + b.deep }

// End ends all that is open.
func (b *Builder) End() error {
	for b.Depth() > 0 {
		if err := b.Close(); err != nil {
			return err
		}
	}
	return b.w.Flush()
}

// Line hands out a text that is no part of a record.
func (b *Builder) Line(text []byte) error {
	b.turn(b.table)
	col, _ := b.column(b.child(0, []byte(aside)))
	b.row++
	return b.w.Out.Row(scan.Row{Table: b.table, N: b.row, Cells: []scan.Cell{{Col: col, Text: b.w.Cut(text)}}})
}
