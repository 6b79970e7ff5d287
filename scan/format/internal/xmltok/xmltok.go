// Package xmltok is a streaming XML tokenizer for office documents: it hands
// out bytes without allocating, several times faster than encoding/xml.
//
// It is made for reading what a damaged or hostile file still holds, not for
// validation: element nesting is not checked, entities beyond the five
// predefined ones and character references are left as they stand, a document
// type declaration is skipped, and nothing is ever expanded. Namespace
// prefixes are cut off. (XML 1.0, W3C Recommendation, fifth edition.)
package xmltok

import (
	"bytes"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// Kind is what a token is.
type Kind uint8

// The kinds of tokens.
const (
	Start  Kind = iota + 1 // a start tag; an empty element yields Start and then End
	End                    // an end tag
	Text                   // character data; long data comes in several tokens
	Remark                 // a comment or an instruction, where Remarks asks for them
)

const (
	bufferSize = 64 << 10
	maxTag     = 1 << 20 // bytes of one tag; real ones stay below a few hundred
)

// A Tokenizer reads tokens. What Name, Attr and Text return is valid until the
// next call of Next.
type Tokenizer struct {
	Remarks bool // comments and processing instructions are handed out too
	// Aside, if not nil, takes what is passed over: comments, processing
	// instructions and document types.
	Aside func([]byte)

	input
	name     []byte
	attrs    []byte
	text     []byte
	cdata    bool // text came from a CDATA section, where & is no escape
	inCDATA  bool
	entities bool // the document defines some
	emptyTag bool // an End is due for a tag that closed itself
	scratch  []byte
}

// New makes a tokenizer over UTF-8; see Decode for other encodings.
func New(r io.Reader) *Tokenizer {
	return &Tokenizer{input: input{r: r, buf: make([]byte, 0, bufferSize)}}
}

// Name is the local name of a Start or End.
func (t *Tokenizer) Name() []byte { return t.name }

// Next reads the next token. It returns io.EOF at the end, an error that wraps
// scan.ErrMalformed where the file breaks off, and once one that wraps
// scan.ErrUnsupported at the end of a document that defines entities.
func (t *Tokenizer) Next() (Kind, error) {
	if t.emptyTag {
		t.emptyTag = false
		return End, nil
	}
	for {
		if t.pos == len(t.buf) && !t.fill() {
			err := t.end()
			if err == io.EOF && t.entities {
				t.entities = false
				err = fmt.Errorf("xml: entities of its own: %w", scan.ErrUnsupported)
			}
			return 0, err
		}
		if t.inCDATA || t.buf[t.pos] != '<' {
			return t.chars()
		}
		kind, err := t.markup()
		if kind != 0 || err != nil {
			return kind, err
		}
	}
}

// chars takes character data up to the next markup or the end of the buffer.
func (t *Tokenizer) chars() (Kind, error) {
	rest := t.buf[t.pos:]
	if t.inCDATA {
		return t.section(rest)
	}
	n := bytes.IndexByte(rest, '<')
	for n < 0 && len(rest) < bufferSize/2 && t.fill() {
		rest = t.buf[t.pos:]
		n = bytes.IndexByte(rest, '<')
	}
	if n < 0 {
		n = whole(rest)
	}
	t.text, t.cdata = rest[:n], false
	t.pos += n
	return Text, nil
}

// section takes the text of a CDATA section.
func (t *Tokenizer) section(rest []byte) (Kind, error) {
	n := bytes.Index(rest, []byte("]]>"))
	for n < 0 && len(rest) < bufferSize/2 && t.fill() {
		rest = t.buf[t.pos:]
		n = bytes.Index(rest, []byte("]]>"))
	}
	t.cdata = true
	if n >= 0 {
		t.text, t.inCDATA = rest[:n], false
		t.pos += n + 3
		return Text, nil
	}
	n = max(len(rest)-2, 1) // its end may be cut by the end of the buffer
	t.text = rest[:n]
	t.pos += n
	return Text, nil
}

// whole cuts data so that no character and no reference is torn apart.
func whole(b []byte) int {
	if i := bytes.LastIndexByte(b[max(0, len(b)-12):], '&'); i >= 0 {
		if n := max(0, len(b)-12) + i; n > 0 {
			return n
		}
	}
	n := len(b)
	for n > 1 && n > len(b)-4 && b[n-1] >= 0x80 && b[n-1] < 0xC0 {
		n--
	}
	if n > 1 && b[n-1] >= 0xC0 {
		return n - 1
	}
	return len(b)
}

// The classes of bytes that matter inside a tag; all others are passed over.
const (
	plain = iota
	closes
	quotes
	space
	colon
)

var class = [256]uint8{
	'>': closes, '"': quotes, '\'': quotes, ':': colon,
	' ': space, '\t': space, '\r': space, '\n': space,
}

// markup takes what begins with '<'. It returns 0 for what is passed over.
func (t *Tokenizer) markup() (Kind, error) {
	if err := t.need(2); err != nil {
		return 0, err
	}
	switch t.buf[t.pos+1] {
	case '!':
		return 0, t.declaration()
	case '?':
		t.pos += 2
		if t.need(4) == nil && string(t.buf[t.pos:t.pos+4]) == "xml " { // the declaration
			return 0, t.skipPast("?>", nil)
		}
		return 0, t.skipPast("?>", t.Aside)
	}
	for {
		if kind := t.tag(); kind != 0 {
			return kind, nil
		}
		if len(t.buf)-t.pos > maxTag {
			return 0, fmt.Errorf("xml: tag of more than %d bytes: %w", maxTag, scan.ErrMalformed)
		}
		// As much again, so that a long tag is not gone through for each piece of it.
		for want := 2 * (len(t.buf) - t.pos); len(t.buf)-t.pos < want; {
			if !t.fill() {
				if kind := t.tag(); kind != 0 {
					return kind, nil
				}
				return 0, t.broken()
			}
		}
	}
}

// tag takes a tag in one pass over its bytes; 0 if its end is not in the
// buffer. A '>' inside a quoted value does not end it (XML 1.0 section 2.4).
func (t *Tokenizer) tag() Kind {
	buf := t.buf
	from := t.pos + 1
	kind := Start
	if from < len(buf) && buf[from] == '/' {
		kind = End
		from++
	}
	name, nameEnd := from, -1
	for i := from; i < len(buf); i++ {
		switch class[buf[i]] {
		case closes:
			end := i
			if kind == Start && buf[i-1] == '/' && i-1 > from-1 {
				t.emptyTag = true
				end--
			}
			if nameEnd < 0 || nameEnd > end {
				nameEnd = end
			}
			t.name, t.attrs = buf[name:nameEnd], buf[nameEnd:end]
			t.pos = i + 1
			return kind
		case quotes:
			q := buf[i]
			for i++; i < len(buf) && buf[i] != q; i++ {
			}
		case space:
			if nameEnd < 0 {
				nameEnd = i
			}
		case colon:
			if nameEnd < 0 {
				name = i + 1
			}
		}
	}
	return 0
}

// doctype takes a piece of a document type. What its entities stand for is not
// put into the text.
func (t *Tokenizer) doctype(text []byte) {
	const mark = "<!ENTITY"
	t.scratch = append(t.scratch, text...)
	t.entities = t.entities || bytes.Contains(t.scratch, []byte(mark))
	t.scratch = t.scratch[:copy(t.scratch, t.scratch[max(0, len(t.scratch)-len(mark)+1):])] // it may go on
	if t.Aside != nil {
		t.Aside(text)
	}
}

// declaration passes over a comment or a document type; a CDATA section begins text.
func (t *Tokenizer) declaration() error {
	if err := t.need(3); err != nil {
		return err
	}
	switch t.buf[t.pos+2] {
	case '-':
		if err := t.need(4); err != nil {
			return err
		}
		t.pos += 4
		return t.skipPast("-->", t.Aside)
	case '[':
		if err := t.need(9); err != nil {
			return err
		}
		t.pos += 9 // <![CDATA[
		t.inCDATA = true
		return nil
	}
	t.scratch = t.scratch[:0]
	depth := 0 // a document type may hold a subset in brackets
	for {
		for i, c := range t.buf[t.pos:] {
			switch c {
			case '[':
				depth++
			case ']':
				depth--
			case '>':
				if depth <= 0 {
					t.doctype(t.buf[t.pos : t.pos+i])
					t.pos += i + 1
					return nil
				}
			}
		}
		t.doctype(t.buf[t.pos:])
		t.pos = len(t.buf)
		if !t.fill() {
			return t.broken()
		}
	}
}
