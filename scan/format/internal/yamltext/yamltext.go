// Package yamltext reads YAML of the block style as records (YAML 1.2.2, chapters 6
// to 8): mappings, sequences, block scalars, and flow collections in the place of a
// value. It goes line by line, so that a file of any size costs the memory of its
// deepest nesting; anchors and tags are passed over, and an alias is a text. A line
// that fits nowhere comes as a line.
//
// Read it in this order: yamltext.go (lines), value.go (scalars), match.go (what is
// such a text).
package yamltext

import (
	"bufio"
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/jsontext"
	"github.com/kagiban/kagiban/scan/format/internal/records"
)

// maxOpen bounds how many collections within each other are told apart.
const maxOpen = 256

// Read hands the records of a text to a builder. Text is UTF-8.
func Read(text io.Reader, most int, b *records.Builder) (cut bool, err error) {
	r := reader{b: b, most: most}
	in := bufio.NewReaderSize(text, 64<<10)
	var line []byte
	for {
		piece, err := in.ReadSlice('\n')
		line = append(line, piece...)
		if err == bufio.ErrBufferFull && len(line) < most {
			continue
		}
		r.cut = r.cut || err == bufio.ErrBufferFull
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return r.cut, err
		}
		if e := r.line(bytes.TrimRight(line, " \t\r\n")); e != nil {
			return r.cut, e
		}
		line = line[:0]
		if err == io.EOF {
			if e := r.flush(); e != nil {
				return r.cut, e
			}
			return r.cut, b.End()
		}
	}
}

// A level is a collection that is open.
type level struct {
	indent int
	list   bool
}

type reader struct {
	b      *records.Builder
	most   int
	cut    bool
	levels []level
	key    []byte // whose value is still to come
	keyAt  int    // its column
	waits  bool
	text   []byte // a value over several lines
	style  byte   // how it is written: '|', a quote or a bracket; 0 if there is none
	textAt int    // the column of its key
	depth  int    // brackets that are open in it
}

func (r *reader) line(line []byte) error {
	indent := 0
	for indent < len(line) && (line[indent] == ' ' || line[indent] == '\t') {
		indent++
	}
	content := line[indent:]
	if r.style != 0 {
		if done, err := r.more(content, indent); done || err != nil {
			return err
		}
	}
	switch {
	case len(content) == 0:
		return nil
	case content[0] == '#':
		return r.b.Line(content)
	case content[0] == '%' && indent == 0:
		return nil
	case string(line) == "---" || string(line) == "...":
		return r.document()
	case bytes.HasPrefix(line, []byte("--- ")):
		if err := r.document(); err != nil {
			return err
		}
		content, indent = content[4:], 4
	}
	return r.content(content, indent)
}

// document ends a document.
func (r *reader) document() error {
	if err := r.flush(); err != nil {
		return err
	}
	return r.closeTo(-1)
}

// closeTo ends the collections that are deeper than a column.
func (r *reader) closeTo(indent int) error {
	for n := len(r.levels); n > 0 && r.levels[n-1].indent > indent; n-- {
		r.levels = r.levels[:n-1]
		if err := r.b.Close(); err != nil {
			return err
		}
	}
	return nil
}

// content takes what stands at a column: an item of a sequence, a key, or a value.
func (r *reader) content(c []byte, indent int) error {
	item := c[0] == '-' && (len(c) == 1 || c[1] == ' ' || c[1] == '\t')
	if !r.waits || indent < r.keyAt || indent == r.keyAt && !item && c[0] != ':' {
		r.waits = false // a key without a value
	}
	if err := r.closeTo(indent); err != nil {
		return err
	}
	if item {
		return r.item(c, indent)
	}
	if c[0] == '?' && len(c) > 2 && c[1] == ' ' { // a key with its value on the next line
		key := bytes.TrimSpace(c[2:])
		if (key[0] == '"' || key[0] == '\'') && closed(key) {
			key = unquoted(key)
		}
		if err := r.collection(indent, false); err != nil {
			return err
		}
		r.key, r.keyAt, r.waits = append(r.key[:0], key...), indent, true
		return nil
	}
	if c[0] == ':' && r.waits && len(c) > 2 && c[1] == ' ' {
		return r.value(r.take(), bytes.TrimSpace(c[2:]), indent)
	}
	key, value, ok := split(c)
	if !ok {
		if r.waits || len(r.levels) > 0 && r.levels[len(r.levels)-1].list {
			return r.value(r.take(), c, indent)
		}
		return r.b.Line(c)
	}
	if err := r.collection(indent, false); err != nil {
		return err
	}
	if len(value) == 0 {
		r.key, r.keyAt, r.waits = append(r.key[:0], key...), indent, true
		return nil
	}
	return r.value(key, value, indent)
}

// take returns the key that waits.
func (r *reader) take() []byte {
	if !r.waits {
		return nil
	}
	r.waits = false
	return r.key
}

// item takes an item of a sequence, and what stands behind its sign.
func (r *reader) item(c []byte, indent int) error {
	if n := len(r.levels); n > 0 && r.levels[n-1].indent == indent && !r.levels[n-1].list && !r.waits {
		if err := r.closeTo(indent - 1); err != nil {
			return err
		}
	}
	if err := r.collection(indent, true); err != nil {
		return err
	}
	at := 1
	for at < len(c) && (c[at] == ' ' || c[at] == '\t') {
		at++
	}
	if at == len(c) {
		return nil
	}
	return r.content(c[at:], indent+at)
}

// collection makes sure that a collection of a column is open.
func (r *reader) collection(indent int, list bool) error {
	if n := len(r.levels); n > 0 && r.levels[n-1].indent == indent && r.levels[n-1].list == list && !r.waits {
		return nil
	}
	if n := len(r.levels); n > 0 && r.levels[n-1].indent == indent && !list && !r.waits {
		if n > 1 && r.levels[n-2] == (level{indent, false}) { // the sequence was a value in it
			r.levels = r.levels[:n-1]
			return r.b.Close()
		}
		if err := r.closeTo(indent - 1); err != nil {
			return err
		}
	}
	if len(r.levels) >= maxOpen {
		return nil
	}
	key := r.take()
	r.levels = append(r.levels, level{indent, list})
	return r.b.Open(key, list)
}

// value takes a scalar or a flow collection.
func (r *reader) value(key, v []byte, indent int) error {
	v = bare(v)
	if len(v) == 0 {
		return nil
	}
	switch c := v[0]; c {
	case '|', '>':
		if block(v) {
			r.hold('|', key, nil, indent)
			return nil
		}
	case '"', '\'':
		if !closed(v) {
			r.hold(c, key, v, indent)
			return nil
		}
		v = unquoted(v)
	case '{', '[':
		if !balanced(v) {
			r.hold(c, key, v, indent)
			return nil
		}
		return jsontext.Inline(v, r.most, key, r.b)
	default:
		v = uncommented(v)
	}
	return r.b.Value(key, v)
}
