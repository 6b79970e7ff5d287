package biff

import (
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/excel"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/strtab"
)

// A stream is what all readers of records share.
type stream struct {
	in     *reader
	w      *grid.Writer
	v      version
	codes  *codepage.Text
	styles excel.Styles
	raw    []byte
	cut    int // strings that break off
}

// A Book is one workbook stream being read.
type Book struct {
	Name string // put before the names of sheets; "" for the file's own stream

	*stream
	cells   cells
	depth   int
	kind    uint16 // of the innermost substream
	nth     int    // top-level substreams after the globals
	sheets  []boundSheet
	met     int
	table   string
	started bool
	listed  int // FORMAT records before BIFF5, which are numbered by order
	asides  asides
	notes   []scan.Note
}

type boundSheet struct {
	name string
	pos  int64
}

// New makes a reader for one stream of a file. Base is added to the numbers of
// its shared strings, so that streams of one document do not share them.
func New(f *scan.File, out scan.Sink, base uint32) *Book {
	s := &stream{w: grid.New(f, out), codes: codepage.New(codepage.Japanese)}
	return &Book{stream: s, cells: cells{stream: s, base: base, strings: strtab.New(f.Scratch)}, asides: asides{w: grid.New(f, out)}}
}

// Notes are what the stream says that its owner may take for a password, known
// after Read.
func (b *Book) Notes() []scan.Note { return b.notes }

// Strings is how many numbers of shared strings were used.
func (b *Book) Strings() int { return b.cells.strings.Len() }

// Close frees the shared strings.
func (b *Book) Close() { b.cells.strings.Close() }

// Read hands out all cells. Lock is what Locked said of the stream.
func (b *Book) Read(r io.Reader, lock *Lock) error {
	b.in = newReader(r)
	for {
		err := b.in.next()
		if err == io.EOF {
			break
		}
		if err == nil && !b.started {
			if _, _, ok := bof(b.in.id, b.in.data); !ok {
				return malformed("stream does not begin with BOF")
			}
		}
		b.started = true
		if err == nil && b.in.id == recFilePass {
			if lock == nil || lock.make == nil {
				return malformed("FILEPASS at an unexpected place")
			}
			b.in.dec = lock.make()
			continue
		}
		if err == nil {
			err = b.record()
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			if ferr := b.w.Flush(); ferr != nil {
				return ferr
			}
			return err
		}
	}
	return b.end()
}

// end reports what was missed.
func (b *Book) end() error {
	if err := b.w.Flush(); err != nil {
		return err
	}
	if err := b.asides.flush(b.table); err != nil {
		return err
	}
	switch {
	case !b.started || b.depth > 0:
		return malformed("stream breaks off")
	case b.met < len(b.sheets):
		b.w.Out.Problem(malformed("%d sheets are not where the workbook says", len(b.sheets)-b.met))
	}
	if b.cells.strays > 0 {
		b.w.Out.Problem(malformed("%d cells refer to shared strings that are not there", b.cells.strays))
	}
	if err := b.styles.Check(); err != nil {
		b.w.Out.Problem(err)
	}
	if b.cut > 0 {
		b.w.Out.Problem(malformed("%d texts break off", b.cut))
	}
	return nil
}

// record handles one record. It returns io.EOF at the end of the last substream.
func (b *Book) record() error {
	if v, kind, ok := bof(b.in.id, b.in.data); ok {
		return b.begin(v, kind)
	}
	if b.depth == 0 {
		return b.seek()
	}
	if b.in.id == recEOF {
		b.depth--
		if b.depth > 0 {
			b.kind = kindSheet
			return b.w.Flush()
		}
		if err := b.w.Flush(); err != nil {
			return err
		}
		return b.asides.flush(b.table)
	}
	if handled, err := b.cells.record(); handled || err != nil {
		return err
	}
	return b.global()
}

// seek goes on to the next sheet that the workbook names when something else
// follows the end of a substream.
func (b *Book) seek() error {
	next := int64(-1)
	for _, s := range b.sheets {
		if s.pos >= b.in.pos && (next < 0 || s.pos < next) {
			next = s.pos
		}
	}
	// The record that is none has been read: what is of no substream begins with it.
	have := b.in.pos
	gap := io.MultiReader(b.in.raw(), b.in.r)
	if next < 0 {
		if err := b.between(gap); err != nil {
			return err
		}
		return io.EOF
	}
	gap = io.MultiReader(b.in.raw(), io.LimitReader(b.in.r, next-have))
	if err := b.between(gap); err != nil {
		return err
	}
	b.in.pos = next
	return nil
}

// begin opens a substream.
func (b *Book) begin(v version, kind uint16) error {
	pos := b.in.pos - 4 - int64(len(b.in.data))
	b.depth++
	b.kind = kind
	if b.v == 0 {
		b.v = v // of the first, for the whole stream: the BOF of a sheet may say another
	}
	name := b.table
	switch {
	case kind == kindGlobals || kind == kindWork:
		return nil
	case b.depth == 1:
		name = ""
		if b.nth < len(b.sheets) {
			name = b.sheets[b.nth].name
		}
		b.nth++
	case kind == kindChart:
		return b.w.Begin(b.table + "!chart")
	}
	for _, s := range b.sheets {
		if s.pos == pos {
			name = s.name
			b.met++
		}
	}
	b.table = b.Name + name
	return b.w.Begin(b.table)
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}
