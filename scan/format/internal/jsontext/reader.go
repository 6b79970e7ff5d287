package jsontext

import (
	"bytes"
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/records"
	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

// Read hands the records of a text to a builder. Text is UTF-8.
func Read(text io.Reader, most int, b *records.Builder) (cut bool, err error) {
	r := reader{s: newScanner(text, most), b: b}
	if err := r.read(); err != nil {
		return r.s.cut, err
	}
	if r.s.Err != nil {
		return r.s.cut, r.s.Err
	}
	return r.s.cut, b.End()
}

// A reader puts tokens together.
type reader struct {
	s     *scanner
	b     *records.Builder
	open  []byte // the brackets that are open
	key   []byte
	has   bool   // there is a key
	held  []byte // a text that may be a key
	hold  bool
	deep  int    // texts that this one stands in
	loose []byte // words outside of any bracket
}

func (r *reader) read() error {
	for {
		k := r.s.next()
		if k == end {
			return r.ended()
		}
		if err := r.token(k); err != nil {
			return err
		}
	}
}

// ended hands on what waits.
func (r *reader) ended() error {
	if err := r.value(); err != nil {
		return err
	}
	return r.say()
}

func (r *reader) token(k kind) error {
	switch k {
	case quoted, word:
		if len(r.open) == 0 {
			r.loose = append(append(r.loose, r.s.text...), ' ')
			if len(r.loose) > r.s.most/2 {
				return r.say()
			}
			return nil
		}
		if r.hold { // two words on end are one value
			if r.held = append(r.held, ' '); k == quoted {
				r.held = append(r.held, '"')
			}
			if r.held = append(r.held, r.s.text...); k == quoted {
				r.held = append(r.held, '"')
			}
			return nil
		}
		r.held, r.hold = append(r.held[:0], r.s.text...), true
	case remark:
		return r.remark()
	case ':':
		if r.hold && r.object() && !r.has {
			r.key, r.held = r.held, r.key[:0]
			r.has, r.hold = true, false
		} else if r.hold {
			r.held = append(r.held, ':')
		}
	case ',', ';':
		return r.value()
	case '{', '[':
		return r.begin(byte(k))
	case '}', ']':
		return r.end(byte(k))
	case '(', ')', '=':
		if r.hold {
			r.held = append(r.held, byte(k))
		}
	}
	return nil
}

func (r *reader) object() bool { return len(r.open) > 0 && r.open[len(r.open)-1] == '{' }

// value hands on the value that waits, if there is one.
func (r *reader) value() error {
	if !r.hold {
		r.has = false
		return nil
	}
	r.hold = false
	if string(r.held) == "null" || string(r.held) == "undefined" {
		r.has = false
		return nil
	}
	key := r.key
	if !r.has {
		key = nil
	}
	r.has = false
	if n := len(r.held); n > 8 && r.deep < maxInner && (r.held[0] == '{' && r.held[n-1] == '}' || r.held[0] == '[' && r.held[n-1] == ']') && plausible(r.held[:min(n, sampleSize)]) {
		return r.inner(key)
	}
	return r.b.Value(key, r.held)
}

const (
	maxInner   = 3       // texts in texts that are read
	sampleSize = 4 << 10 // bytes of one that show what it is
)

// inner reads a text that is such a text itself, as programs hand on what they were
// sent.
func (r *reader) inner(key []byte) error {
	text := bytes.Clone(r.held)
	in := reader{s: &scanner{Window: refill.WindowOf(text), most: r.s.most}, b: r.b, key: bytes.Clone(key), has: true, deep: r.deep + 1}
	depth := r.b.Depth()
	if err := in.read(); err != nil {
		return err
	}
	for r.b.Depth() > depth {
		if err := r.b.Close(); err != nil {
			return err
		}
	}
	return nil
}

// remark hands on what a remark says, line by line.
func (r *reader) remark() error {
	for line := range bytes.Lines(r.s.text) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := r.b.Line(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// say hands on words that stand outside of any bracket.
func (r *reader) say() error {
	if len(r.loose) == 0 {
		return nil
	}
	err := r.b.Line(r.loose)
	r.loose = r.loose[:0]
	return err
}

func (r *reader) begin(c byte) error {
	if len(r.open) == 0 {
		if err := r.say(); err != nil {
			return err
		}
	}
	if r.hold {
		if err := r.value(); err != nil {
			return err
		}
	}
	if len(r.open) >= maxOpen {
		return nil
	}
	key := r.key
	if !r.has {
		key = nil
	}
	r.has = false
	r.open = append(r.open, c)
	return r.b.Open(key, c == '[')
}

// maxOpen bounds how deeply brackets are counted.
const maxOpen = 1 << 16

// end closes a bracket, and those that were left open in it.
func (r *reader) end(c byte) error {
	if err := r.value(); err != nil {
		return err
	}
	want := byte('{')
	if c == ']' {
		want = '['
	}
	if n := len(r.open); n == 0 || r.open[n-1] != want && !r.within(want) {
		return nil
	}
	for {
		last := r.open[len(r.open)-1]
		r.open = r.open[:len(r.open)-1]
		if err := r.b.Close(); err != nil || last == want {
			return err
		}
	}
}

// within reports whether such a bracket is open not far out.
func (r *reader) within(want byte) bool {
	for i := len(r.open) - 1; i >= max(0, len(r.open)-4); i-- {
		if r.open[i] == want {
			return true
		}
	}
	return false
}
