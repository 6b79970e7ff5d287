// Package xmltext reads XML of programs as records (XML 1.0, W3C Recommendation,
// fifth edition): elements and attributes are keys, and elements that come again are
// records. Text that elements part into words, as in a document, comes as lines; so
// do comments and instructions.
package xmltext

import (
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// Read hands the records of a text to a builder. Text is UTF-8.
func Read(text io.Reader, most int, b *records.Builder) (cut bool, err error) {
	z := xmltok.New(text)
	r := reader{z: z, b: b, most: most}
	z.Aside = r.keep
	for {
		kind, err := z.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = r.say()
		}
		if err == nil {
			err = r.token(kind)
		}
		if err != nil {
			return r.cut, err
		}
	}
	if err := r.say(); err != nil {
		return r.cut, err
	}
	for len(r.open) > 0 {
		if err := r.end(); err != nil {
			return r.cut, err
		}
	}
	return r.cut, b.End()
}

// An element is one that is open.
type element struct {
	name  []byte
	attrs []byte
	text  []byte
	key   []byte // that the next value in it has
	begun bool   // the builder knows of it, since it has elements in it
	mixed bool   // text and elements stand side by side in it
}

type reader struct {
	z     *xmltok.Tokenizer
	b     *records.Builder
	open  []element // with the room of those that were
	most  int
	cut   bool
	deep  int
	aside []byte // what stands in comments and instructions, until the next token
}

// maxOpen bounds how many elements within each other are told apart.
const maxOpen = 1 << 12

func (r *reader) token(kind xmltok.Kind) error {
	switch kind {
	case xmltok.Start:
		return r.start()
	case xmltok.End:
		if r.deep > 0 {
			r.deep--
			return nil
		}
		return r.close(r.z.Name())
	case xmltok.Text:
		if len(r.open) == 0 {
			return r.lines(r.z.Text())
		}
		e := &r.open[len(r.open)-1]
		if len(e.text) > r.most {
			r.cut = true
			return nil
		}
		e.text = r.z.AppendText(e.text)
	}
	return nil
}

// keep keeps what is no element.
func (r *reader) keep(text []byte) {
	if len(r.aside) < r.most {
		r.aside = append(r.aside, text...)
	} else {
		r.cut = true
	}
}

// say hands out what was kept.
func (r *reader) say() error {
	if len(r.aside) == 0 {
		return nil
	}
	err := r.lines(r.aside)
	r.aside = r.aside[:0]
	return err
}

// lines hands out text that is of no element.
func (r *reader) lines(text []byte) error {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := r.b.Line(line); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) start() error {
	if len(r.open) >= maxOpen {
		r.deep++
		return nil
	}
	mixed := false
	if n := len(r.open); n > 0 {
		e := &r.open[n-1]
		if mixed = e.mixed || len(bytes.TrimSpace(e.text)) > 0; mixed {
			e.mixed = true
		} else if err := r.begin(e); err != nil {
			return err
		}
	}
	if len(r.open) < cap(r.open) {
		r.open = r.open[:len(r.open)+1]
	} else {
		r.open = append(r.open, element{})
	}
	e := &r.open[len(r.open)-1]
	e.name, e.attrs, e.text = append(e.name[:0], r.z.Name()...), append(e.attrs[:0], r.z.Attrs()...), e.text[:0]
	e.key, e.begun, e.mixed = e.key[:0], false, mixed
	return nil
}

// begin tells the builder of an element that has others in it.
func (r *reader) begin(e *element) error {
	if e.begun {
		return nil
	}
	e.begun = true
	if err := r.b.Open(e.name, false); err != nil {
		return err
	}
	return r.attributes(e)
}

func (r *reader) attributes(e *element) error {
	for key, value, rest := xmltok.NextAttr(e.attrs); key != nil; key, value, rest = xmltok.NextAttr(rest) {
		if len(value) == 0 {
			continue
		}
		if err := r.b.Value(key, xmltok.AppendUnescaped(nil, value)); err != nil {
			return err
		}
	}
	return nil
}

// close ends the element of a name, and those in it that were left open, as people
// leave them; an end of what is not open says nothing.
func (r *reader) close(name []byte) error {
	for i := len(r.open) - 1; i >= max(0, len(r.open)-maxLeft); i-- {
		if !bytes.Equal(r.open[i].name, name) {
			continue
		}
		for len(r.open) > i {
			if err := r.end(); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

// maxLeft is how many elements may have been left open in one that ends.
const maxLeft = 8

// end ends an element: a value, a part of a line, or an object.
func (r *reader) end() error {
	if len(r.open) == 0 {
		return nil
	}
	e := &r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	text := bytes.TrimSpace(e.text)
	around := len(r.open) > 0 && r.open[len(r.open)-1].mixed
	switch {
	case around: // a word of a line
		p := &r.open[len(r.open)-1]
		if p.text = append(p.text, text...); len(text) > wordBytes {
			p.text = append(p.text, ' ')
		}
		if len(p.text) > r.most/2 {
			err := r.lines(p.text)
			p.text = p.text[:0]
			return err
		}
		return r.marked(e)
	case e.mixed:
		if err := r.lines(text); err != nil {
			return err
		}
		if e.begun {
			return r.b.Close()
		}
		return r.marked(e)
	case e.begun:
		if len(text) > 0 {
			if err := r.b.Value(nil, text); err != nil {
				return err
			}
		}
		return r.b.Close()
	case len(e.attrs) == 0:
		return r.plain(e, text)
	}
	if label := label(e.attrs); label != nil && len(text) > 0 {
		if err := r.marked(e); err != nil {
			return err
		}
		return r.b.Value(label, text)
	}
	if err := r.b.Open(e.name, false); err != nil {
		return err
	}
	if err := r.attributes(e); err != nil {
		return err
	}
	if len(text) > 0 {
		if err := r.b.Value(nil, text); err != nil {
			return err
		}
	}
	return r.b.Close()
}

// plain hands on a value without attributes. In a property list the value before it
// is its key.
func (r *reader) plain(e *element, text []byte) error {
	name := e.name
	if n := len(r.open); n > 0 && string(r.open[n-1].name) == "dict" {
		p := &r.open[n-1]
		if string(name) == "key" {
			p.key = append(p.key[:0], text...)
			return nil
		}
		if len(p.key) > 0 {
			name = p.key
			defer func() { p.key = p.key[:0] }()
		}
	}
	return r.b.Value(name, text)
}

// wordBytes is the length up to which a word may be a part of one: a digit in bold.
const wordBytes = 6

// marked hands out the attributes of an element whose text is a part of a line.
func (r *reader) marked(e *element) error {
	for key, value, rest := xmltok.NextAttr(e.attrs); key != nil; key, value, rest = xmltok.NextAttr(rest) {
		if len(value) >= 9 {
			if err := r.b.Line(xmltok.AppendUnescaped(nil, value)); err != nil {
				return err
			}
		}
	}
	return nil
}

// label returns what an element says its text is, in an attribute.
func label(attrs []byte) []byte {
	for key, value, rest := xmltok.NextAttr(attrs); key != nil; key, value, rest = xmltok.NextAttr(rest) {
		switch string(key) {
		case "name", "Name", "label", "key", "field", "title", "caption", "項目", "項目名", "名称", "property", "column":
			return xmltok.AppendUnescaped(nil, value)
		}
	}
	return nil
}

// Is reports whether a text begins as XML does: with its declaration, or with an
// element that the sample shows to be one.
func Is(sample []byte) bool {
	s := bytes.TrimLeft(sample, "\ufeff \t\r\n")
	if bytes.HasPrefix(s, []byte("<?xml")) {
		return true
	}
	for bytes.HasPrefix(s, []byte("<!--")) {
		_, rest, ok := bytes.Cut(s, []byte("-->"))
		if !ok {
			return false
		}
		s = bytes.TrimLeft(rest, " \t\r\n")
	}
	if len(s) < 4 || s[0] != '<' || bytes.HasPrefix(s, []byte("<!DOCTYPE html")) {
		return false
	}
	if bytes.HasPrefix(s, []byte("<!DOCTYPE ")) {
		return true
	}
	end := bytes.IndexByte(s, '>')
	if end < 2 || !nameStart(s[1]) {
		return false
	}
	tag := bytes.TrimSuffix(s[1:end], []byte("/"))
	name := tag
	if i := bytes.IndexAny(tag, " \t\r\n"); i >= 0 {
		name = tag[:i]
		if attrs := bytes.TrimSpace(tag[i:]); len(attrs) > 0 {
			if key, _, _ := xmltok.NextAttr(attrs); key == nil {
				return false
			}
		}
	}
	if bytes.ContainsAny(name, "@,\"'()=;&") || bytes.Contains(name, []byte("://")) {
		return false
	}
	rest := s[end+1:]
	if bytes.Contains(rest, append(append([]byte("</"), name...), '>')) {
		return true
	}
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 2 && rest[0] == '<' && (nameStart(rest[1]) || rest[1] == '!')
}

// nameStart reports whether a name may begin with c (XML 1.0 section 2.3).
func nameStart(c byte) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}
