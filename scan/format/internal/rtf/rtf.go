// Package rtf reads the text of Rich Text Format documents (Rich Text Format
// Specification 1.9.1): paragraphs as lines, and rows of tables as rows.
package rtf

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/eqfield"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
)

// maxGroups bounds the groups that may be open at a time.
const maxGroups = 4096

// strangeMax is how many characters in hexadecimal data are borne that are no
// digits: fewer make no number.
const strangeMax = 9

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == ' ' || c == '\t' || c == '\n'
}

// blankKept is how much blank text is kept because a field begins behind it.
const blankKept = 4 << 10

// maxPages bounds the code pages of which a decoder is kept.
const maxPages = 64

type reader struct {
	in    *bufio.Reader
	w     *grid.Writer
	note  func(scan.Note)
	aside func([]byte)
	gone  []byte // text of a group that is not shown
	st    state
	stack []state

	codes   map[int]*codepage.Text
	ansi    int
	fonts   map[int]int // font → code page
	define  int         // the font being defined
	raw     []byte      // bytes that wait to be decoded
	text    []byte
	lead    rune // half a character of \u
	eat     int  // characters that repeat a \u for old programs
	row     int
	col     int
	cells   bool // the row has cells
	strange int  // bytes in hexadecimal data that are no digits
	data    data
}

// A state is what a group inherits and restores.
type state struct {
	skip  bool
	hex   bool // data of a picture or an object
	data  bool // of an object
	star  bool // \* was seen: an unknown destination is skipped
	fonts bool // inside the font table
	field int  // inside a field instruction: where its text begins, plus one
	font  int
	uc    int
}

// Read hands out the text of a document. Note takes what it says to its owner,
// aside the text of groups that are not shown and what follows the document. The data
// of objects is put into a room, and returned as the ranges that they take there.
func Read(in io.Reader, w *grid.Writer, room io.Writer, note func(scan.Note), aside func([]byte)) ([]Span, error) {
	r := &reader{
		in: bufio.NewReaderSize(in, 64<<10), w: w, note: note, aside: aside, st: state{uc: 1},
		codes: map[int]*codepage.Text{}, ansi: codepage.Japanese, fonts: map[int]int{}, data: data{room: room},
	}
	err := r.run()
	r.data.end()
	if ferr := r.endLine(); ferr != nil {
		return nil, ferr
	}
	if r.strange > strangeMax {
		w.Out.Problem(fmt.Errorf("rtf: %d characters in data of pictures that are none of it: %w", r.strange, scan.ErrMalformed))
	}
	if r.data.err != nil {
		return nil, r.data.err
	}
	return r.data.spans, err
}

func (r *reader) run() error {
	opened := false
	for {
		c, err := r.in.ReadByte()
		if err == io.EOF {
			if len(r.stack) > 0 || !opened {
				return fmt.Errorf("rtf: document breaks off: %w", scan.ErrMalformed)
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch c {
		case '{':
			if len(r.stack) >= maxGroups {
				return fmt.Errorf("rtf: %d groups open: %w", maxGroups, scan.ErrMalformed)
			}
			opened = true
			r.stack = append(r.stack, r.st)
			r.st.star, r.eat = false, 0
		case '}':
			r.flush()
			r.endGone()
			r.eat = 0
			if n := len(r.stack); n > 0 {
				if from := r.st.field; from > 0 && r.stack[n-1].field == 0 {
					r.endField(from - 1)
				}
				if r.st.data && !r.stack[n-1].data {
					r.data.end()
				}
				r.st = r.stack[n-1]
				r.stack = r.stack[:n-1]
			}
			if len(r.stack) == 0 && opened {
				return r.behind()
			}
		case '\\':
			err = r.control()
		case '\r', '\n', 0:
			if r.st.skip && len(r.gone) > 0 && r.gone[len(r.gone)-1] != '\n' {
				r.char('\n')
			}
		default:
			r.char(c)
		}
		if err != nil {
			return err
		}
	}
}

// behind hands on what follows the document, of which it is no part.
func (r *reader) behind() error {
	for {
		line, err := r.in.ReadSlice('\n')
		if len(line) > 0 && len(r.gone) < r.w.Max {
			r.gone = append(r.gone, line...)
		}
		if len(r.gone) >= r.w.Max || err == io.EOF {
			r.endGone()
		}
		if err == io.EOF {
			return nil
		}
		if err != nil && err != bufio.ErrBufferFull {
			return err
		}
	}
}

// char takes a byte of text in the code page of the font.
func (r *reader) char(c byte) {
	switch {
	case r.eat > 0:
		r.eat--
	case !r.st.skip && r.room():
		r.raw = append(r.raw, c)
	case r.st.hex:
		if !hexDigit(c) {
			r.strange++
		} else if r.st.data && c > ' ' {
			r.data.add(digit(c))
		}
	case r.st.skip && len(r.gone) < r.w.Max && !r.st.fonts:
		r.gone = append(r.gone, c)
	}
}

// endGone hands on the text of a group that is not shown.
func (r *reader) endGone() {
	if len(r.gone) > 0 {
		r.aside(r.gone)
		r.gone = r.gone[:0]
	}
}

// room reports whether more text is kept.
func (r *reader) room() bool {
	if len(r.text)+len(r.raw) <= r.w.Max {
		return true
	}
	r.w.TellCut()
	return false
}

// flush decodes the bytes that are waiting.
func (r *reader) flush() {
	if len(r.raw) == 0 {
		return
	}
	number, ok := r.fonts[r.st.font]
	if !ok {
		number = r.ansi
	}
	if r.codes[number] == nil {
		if len(r.codes) == maxPages {
			clear(r.codes)
		}
		r.codes[number] = codepage.New(number)
	}
	r.text = r.codes[number].Append(r.text, r.raw)
	r.raw = r.raw[:0]
}

// control reads what follows a backslash.
func (r *reader) control() error {
	c, err := r.in.ReadByte()
	if err != nil {
		return nil // the end is reported by run
	}
	switch {
	case c == '\'':
		var hex [2]byte
		if _, err := io.ReadFull(r.in, hex[:]); err == nil {
			r.char(digit(hex[0])<<4 | digit(hex[1]))
		}
		return nil
	case c == '*':
		r.st.star = true
		return nil
	case c == '~':
		r.symbol(" ")
		return nil
	case c == '_':
		r.symbol("-")
		return nil
	case c == '\r' || c == '\n':
		return r.word("par", 0, false)
	case c < 'A' || c > 'Z' && c < 'a' || c > 'z':
		r.char(c)
		return nil
	}
	var name [32]byte
	n := 0
	for ; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'; c, err = r.in.ReadByte() {
		if err != nil {
			return nil
		}
		if n < len(name) {
			name[n] = c
			n++
		}
	}
	number, has, minus := 0, false, false
	if c == '-' {
		minus = true
		c, err = r.in.ReadByte()
	}
	for ; err == nil && c >= '0' && c <= '9'; c, err = r.in.ReadByte() {
		has = true
		if number < 1<<27 {
			number = number*10 + int(c-'0')
		}
	}
	if minus {
		number = -number
	}
	if err == nil && c != ' ' {
		_ = r.in.UnreadByte() // it was just read
	}
	return r.word(string(name[:n]), number, has)
}

func digit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0
}

// symbol takes text that a control stands for.
func (r *reader) symbol(text string) {
	if !r.st.skip && r.room() {
		r.flush()
		r.text = append(r.text, text...)
	}
}

// unicode takes a UTF-16 unit (\uN); bytes that repeat it follow.
func (r *reader) unicode(n int) {
	r.flush()
	r.eat = r.st.uc
	c := rune(uint16(n))
	if r.st.skip || !r.room() {
		return
	}
	switch {
	case r.lead != 0 && c >= 0xDC00 && c < 0xE000:
		r.text = utf8.AppendRune(r.text, utf16.DecodeRune(r.lead, c))
		r.lead = 0
	case c >= 0xD800 && c < 0xDC00:
		r.lead = c
	default:
		r.text = utf8.AppendRune(r.text, c)
	}
}

// endField takes the instruction of a field out of the text, but for furigana,
// which are a formula whose base text stands nowhere else.
func (r *reader) endField(from int) {
	if from > len(r.text) {
		return
	}
	instruction := bytes.Clone(r.text[from:])
	r.text = append(r.text[:from], eqfield.Text(instruction)...)
}

// cell ends a cell of a table row.
func (r *reader) cell() error {
	r.flush()
	if !r.cells {
		r.cells = true
		r.row++
		if err := r.w.Row(r.row); err != nil {
			return err
		}
		r.col = 0
	}
	r.w.Text(r.col, bytes.TrimSpace(r.text))
	r.text = r.text[:0]
	r.col++
	return nil
}

// endRow ends a row of a table.
func (r *reader) endRow() error {
	r.cells = false
	return r.w.Flush()
}

// endLine ends a paragraph. In a cell it is a line of that cell.
func (r *reader) endLine() error {
	r.flush()
	if r.cells {
		if len(r.text) > 0 && len(r.text) <= r.w.Max {
			r.text = append(r.text, '\n')
		}
		return nil
	}
	if len(bytes.TrimSpace(r.text)) == 0 {
		if r.st.field == 0 || len(r.text) > blankKept {
			r.text = r.text[:0] // what comes is trimmed anyway
		}
		return nil
	}
	r.row++
	if err := r.w.Row(r.row); err != nil {
		return err
	}
	r.w.Text(0, bytes.TrimSpace(r.text))
	r.text = r.text[:0]
	return r.w.Flush()
}
