// Package cms finds what a cryptographic message holds (RFC 5652), as S/MIME mails
// have it: in the encoding DER, or in BER with pieces and without lengths. What is
// signed is not encrypted; certificates and signatures hold no text of a user.
package cms

import (
	"bytes"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// The kinds of messages (section 4 and RFC 5083, RFC 3274).
const (
	Data          = "data"
	Signed        = "signed"
	Enveloped     = "enveloped"
	Authenticated = "authenticated"
	Compressed    = "compressed"
	Other         = "other"
)

// A Span is a range of the file.
type Span struct{ Off, Size int64 }

// A Message is what Parse found.
type Message struct {
	Kind    string
	Content []Span // in pieces; none if a signature stands by itself
	End     int64  // of the message in the file
}

var (
	pkcs7 = []byte{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07}             // 1.2.840.113549.1.7
	smime = []byte{0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01} // 1.2.840.113549.1.9.16.1
	kinds = map[byte]string{1: Data, 2: Signed, 3: Enveloped}                              // below pkcs7
	types = map[byte]string{9: Compressed, 23: Enveloped, 2: Authenticated}                // below smime
)

// Kind recognises a message by its head; "" if it is none.
func Kind(head []byte) string {
	if len(head) < 2 || head[0] != 0x30 {
		return ""
	}
	n := 2
	if head[1] > 0x80 {
		n += int(head[1] & 0x7F)
	}
	if n > 10 || n > len(head) {
		return ""
	}
	return kindOf(head[n:])
}

func kindOf(oid []byte) string {
	for _, t := range []struct {
		prefix []byte
		kinds  map[byte]string
	}{{pkcs7, kinds}, {smime, types}} {
		if rest, ok := bytes.CutPrefix(oid, t.prefix); ok && len(rest) > 0 {
			if kind := t.kinds[rest[0]]; kind != "" {
				return kind
			}
			return Other
		}
	}
	return ""
}

const (
	depthMax  = 16
	piecesMax = 1 << 20
)

// An element is one value (X.690 section 8.1).
type element struct {
	tag     byte // class, form and number
	at, end int64
	open    bool // its end is marked, not counted; end is where it could end
}

func (e element) constructed() bool { return e.tag&0x20 != 0 }

type parser struct {
	r     io.ReaderAt
	size  int64
	steps int
}

// Parse finds the content of a message. Errors wrap scan.ErrMalformed.
func Parse(r io.ReaderAt, size int64) (*Message, error) {
	p := &parser{r: r, size: size}
	outer, err := p.element(0, size)
	if err != nil {
		return nil, err
	}
	m := &Message{}
	if m.End, err = p.after(outer, 0); err != nil {
		return nil, err
	}
	oid, err := p.element(outer.at, outer.end)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 16)
	n, _ := r.ReadAt(head, outer.at)
	m.Kind = kindOf(head[:n])
	body, err := p.element(oid.end, outer.end) // [0]
	if err != nil {
		return nil, err
	}
	switch m.Kind {
	case Data:
		err = p.octets(body, m, 0)
	case Signed, Compressed, Authenticated:
		err = p.encapsulated(body, m)
	case Enveloped:
		err = p.encrypted(body, m)
	}
	return m, err
}

// encapsulated finds the content among the fields of a signed message: the first
// sequence that begins with a type (section 5.1).
func (p *parser) encapsulated(body element, m *Message) error {
	return p.fields(body, func(e element) (bool, error) {
		if e.tag != 0x30 {
			return true, nil
		}
		oid, err := p.element(e.at, e.end)
		if err != nil || oid.tag != 0x06 {
			return err == nil, err // the method of compression, say, comes before
		}
		content, err := p.element(oid.end, e.end)
		if err != nil || content.tag != 0xA0 { // none: the signature stands by itself
			return m.Kind == Compressed, nil
		}
		return false, p.octets(content, m, 0)
	})
}

// encrypted finds the encrypted content (section 6.1): in the sequence that begins
// with a type, the field [0].
func (p *parser) encrypted(body element, m *Message) error {
	return p.fields(body, func(e element) (bool, error) {
		if e.tag != 0x30 {
			return true, nil
		}
		oid, err := p.element(e.at, e.end)
		if err != nil || oid.tag != 0x06 {
			return err == nil, err
		}
		method, err := p.element(oid.end, e.end)
		if err != nil {
			return false, err
		}
		next, err := p.after(method, 0)
		if err != nil {
			return false, err
		}
		content, err := p.element(next, e.end)
		if err != nil {
			return false, err
		}
		if content.tag == 0x80 {
			m.Content = append(m.Content, Span{content.at, content.end - content.at})
			return false, nil
		}
		return false, p.octets(content, m, 0)
	})
}

// fields visits the fields of the sequence in a tagged value until visit returns false.
func (p *parser) fields(body element, visit func(element) (bool, error)) error {
	list, err := p.element(body.at, body.end)
	if err != nil {
		return err
	}
	for at := list.at; at < list.end; {
		e, err := p.element(at, list.end)
		if err != nil || e.tag == 0 {
			return err
		}
		if more, err := visit(e); !more || err != nil {
			return err
		}
		if at, err = p.after(e, 0); err != nil {
			return err
		}
	}
	return nil
}

// octets collects the pieces of an octet string (X.690 section 8.7).
func (p *parser) octets(e element, m *Message, depth int) error {
	if !e.constructed() {
		if e.tag&0x1F != 4 {
			return malformed("content is no octet string")
		}
		if len(m.Content) >= piecesMax {
			return malformed("content of more than %d pieces", piecesMax)
		}
		m.Content = append(m.Content, Span{e.at, e.end - e.at})
		return nil
	}
	if depth > depthMax {
		return malformed("nested too deeply")
	}
	for at := e.at; at < e.end; {
		inner, err := p.element(at, e.end)
		if err != nil {
			return err
		}
		if inner.tag == 0 && inner.at == inner.end {
			return nil
		}
		if err := p.octets(inner, m, depth+1); err != nil {
			return err
		}
		if at, err = p.after(inner, 0); err != nil {
			return err
		}
	}
	return nil
}

// element reads the head of a value.
func (p *parser) element(at, end int64) (element, error) {
	if p.steps++; p.steps > 8*piecesMax {
		return element{}, malformed("too many values")
	}
	var b [10]byte
	n, err := p.r.ReadAt(b[:min(int64(len(b)), max(end-at, 0))], at)
	if err != nil && err != io.EOF {
		return element{}, err
	}
	if n < 2 || b[0]&0x1F == 0x1F {
		return element{}, malformed("value breaks off")
	}
	e := element{tag: b[0], at: at + 2, end: end}
	length := int64(b[1])
	switch {
	case b[1] == 0x80:
		e.open = true
		return e, nil
	case b[1] > 0x80:
		k := int(b[1] & 0x7F)
		if k > 8 || n < 2+k || k == 8 && b[2] >= 0x80 {
			return element{}, malformed("length of a value")
		}
		length = 0
		for _, c := range b[2 : 2+k] {
			length = length<<8 | int64(c)
		}
		e.at += int64(k)
	}
	if length > end-e.at {
		return element{}, malformed("value reaches out of another")
	}
	e.end = e.at + length
	return e, nil
}

// after returns where the value behind another begins.
func (p *parser) after(e element, depth int) (int64, error) {
	if !e.open {
		return e.end, nil
	}
	if depth > depthMax {
		return 0, malformed("nested too deeply")
	}
	for at := e.at; ; {
		inner, err := p.element(at, e.end)
		if err != nil {
			return 0, err
		}
		if inner.tag == 0 && inner.at == inner.end {
			return inner.end, nil
		}
		if at, err = p.after(inner, depth+1); err != nil {
			return 0, err
		}
	}
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("cryptographic message: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}
