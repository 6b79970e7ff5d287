package biff

import (
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/numfmt"
	"github.com/kagiban/kagiban/scan/format/internal/strtab"
)

// A Book is one workbook stream being read.
type Book struct {
	Name string // put before the names of sheets; "" for the file's own stream

	file  *scan.File
	in    *reader
	w     *grid.Writer
	side  *grid.Writer // for text beside the cells
	base  uint32       // of the numbers of shared strings
	v     version
	codes *codepage.Text
	raw   []byte
	cut   int // strings that break off

	depth   int
	kind    uint16 // of the innermost substream
	nth     int    // top-level substreams after the globals
	sheets  []boundSheet
	met     int
	table   string
	started bool

	date1904 bool
	compiler numfmt.Codes
	codeOf   map[int]*numfmt.Format
	listed   int   // FORMAT records before BIFF5, which are numbered by order
	xfs      []int // format of each cell style
	strings  *strtab.Table
	strays   int
	pending  bool // a formula waits for its STRING
	row, col int
	asides   [][]byte
	asideLen int
	notes    []scan.Note
}

type boundSheet struct {
	name string
	pos  int64
}

// New makes a reader for one stream of a file. Base is added to the numbers of
// its shared strings, so that streams of one document do not share them.
func New(f *scan.File, out scan.Sink, base uint32) *Book {
	return &Book{
		file: f, w: grid.New(f, out), side: grid.New(f, out), base: base, codes: codepage.New(codepage.Japanese),
		codeOf: map[int]*numfmt.Format{}, strings: strtab.New(f.Scratch),
	}
}

// Notes are what the stream says that its owner may take for a password, known
// after Read.
func (b *Book) Notes() []scan.Note { return b.notes }

// Strings is how many numbers of shared strings were used.
func (b *Book) Strings() int { return b.strings.Len() }

// Close frees the shared strings.
func (b *Book) Close() { b.strings.Close() }

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

// end tells what was missed.
func (b *Book) end() error {
	if err := b.w.Flush(); err != nil {
		return err
	}
	if err := b.flushAsides(); err != nil {
		return err
	}
	switch {
	case !b.started || b.depth > 0:
		return malformed("stream breaks off")
	case b.met < len(b.sheets):
		b.w.Out.Problem(malformed("%d sheets are not where the workbook says", len(b.sheets)-b.met))
	}
	if b.strays > 0 {
		b.w.Out.Problem(malformed("%d cells refer to shared strings that are not there", b.strays))
	}
	if err := b.compiler.Check(); err != nil {
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
		return b.flushAsides()
	}
	if handled, err := b.cell(); handled || err != nil {
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
	if next < 0 {
		return io.EOF
	}
	if _, err := b.in.r.Discard(int(next - b.in.pos)); err != nil {
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

// global handles what is no cell.
func (b *Book) global() error {
	data := b.in.data
	switch b.in.id {
	case recSST:
		return b.readStrings()
	case recCodePage:
		b.codePage(u16(data, 0))
	case recDate1904:
		b.date1904 = u16(data, 0) == 1
	case recXF, 0x0043, 0x0243, 0x0443:
		b.style(data)
	case recFormat, 0x001E:
		b.numberFormat()
	case recBoundSheet:
		b.boundSheet(data)
	case 0x008F: // SHEETHDR of a BIFF4 workbook: the sheet that follows
		b.table = b.Name + string(b.text(nil, 4, false))
	case recProtect:
		switch {
		case u16(data, 0) == 0:
		case b.kind == kindGlobals || b.kind == kindWork:
			b.note(scan.NoteWorkbookStructure)
		default:
			b.note(scan.NoteSheetProtection)
		}
	case recWriteProt:
		b.note(scan.NoteWriteReservation)
	case recFileSharing:
		if u16(data, 0) != 0 {
			b.note(scan.NoteReadOnlyRecommended)
		}
		if u16(data, 2) != 0 {
			b.note(scan.NoteWriteReservation)
		}
	default:
		return b.aside()
	}
	return nil
}

func (b *Book) codePage(n int) {
	switch n {
	case 0x8000:
		n = 10000
	case 0x8001:
		n = 1252
	}
	b.codes = codepage.New(n)
}

// style reads the number format of an XF record (MS-XLS 2.4.353).
func (b *Book) style(data []byte) {
	n := 0
	switch b.in.id {
	case recXF:
		n = u16(data, 2)
	case 0x0043:
		if len(data) > 2 {
			n = int(data[2] & 0x3F)
		}
	default:
		if len(data) > 1 {
			n = int(data[1])
		}
	}
	if len(b.xfs) < 1<<16 {
		b.xfs = append(b.xfs, n)
	}
}

// numberFormat reads a FORMAT record (MS-XLS 2.4.126).
func (b *Book) numberFormat() {
	n, cut := b.listed, b.cut
	b.listed++
	if len(b.codeOf) >= 1<<16 {
		return
	}
	var code []byte
	switch {
	case b.in.id == 0x001E:
		code = b.text(nil, 0, false)
	case b.v == biff4:
		code = b.text(nil, 2, false)
	default:
		n = u16(b.in.data, 0)
		code = b.text(nil, 2, b.v == biff8)
	}
	b.codeOf[n] = b.compiler.Compile(string(code))
	b.cut = cut // writers miscount codes; no text of a cell is lost
}

// format gives the number format of a number that a style names.
func (b *Book) format(n int) *numfmt.Format {
	f := b.codeOf[n]
	if f == nil {
		f = b.compiler.Compile(numfmt.Builtin(n))
		if len(b.codeOf) < 1<<16 {
			b.codeOf[n] = f
		}
	}
	return f
}

// boundSheet reads the place, state and name of a sheet (MS-XLS 2.4.28).
func (b *Book) boundSheet(data []byte) {
	if len(data) < 8 || len(b.sheets) >= 1<<16 {
		return
	}
	if data[4]&3 != 0 {
		b.note(scan.NoteHiddenSheets)
	}
	s := boundSheet{pos: int64(u32(data, 0))}
	if s.name = string(b.text(nil, 6, false)); data[5] == kindVB {
		return // a module of Visual Basic for Excel 5: no cells
	}
	b.sheets = append(b.sheets, s)
}

// readStrings fills the table of shared strings (MS-XLS 2.4.265).
func (b *Book) readStrings() error {
	s := segments{r: b.in, data: b.in.data}
	s.skip(4)
	unique, _ := s.number(4)
	var buf []byte
	for i := uint32(0); i < unique; i++ {
		n, ok := s.number(2)
		if !ok {
			b.w.Out.Problem(malformed("%d of %d shared strings are not there", unique-i, unique))
			break
		}
		if buf, ok = s.rich(buf[:0], int(n)); !ok {
			b.cut++
		}
		if err := b.strings.Add(buf); err != nil {
			return fmt.Errorf("shared strings: %w", err)
		}
	}
	return s.err
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}
