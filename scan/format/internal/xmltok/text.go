package xmltok

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Text is the character data of a Text token, with references resolved.
func (t *Tokenizer) Text() []byte {
	if t.cdata || bytes.IndexByte(t.text, '&') < 0 {
		return t.text
	}
	t.scratch = AppendUnescaped(t.scratch[:0], t.text)
	return t.scratch
}

// AppendText appends the character data of a Text token to dst.
func (t *Tokenizer) AppendText(dst []byte) []byte {
	if t.cdata {
		return append(dst, t.text...)
	}
	return AppendUnescaped(dst, t.text)
}

// Attr returns the raw value of an attribute of a Start by its local name; nil
// if there is none. Values with references need AppendUnescaped.
func (t *Tokenizer) Attr(name string) []byte {
	for key, value, rest := NextAttr(t.attrs); key != nil; key, value, rest = NextAttr(rest) {
		if string(key) == name {
			return value
		}
	}
	return nil
}

// Leaf takes an element without children, <name>text</name>, if it is what
// comes next, stands in the buffer as a whole and holds no reference: the case
// of almost every value, several times faster than token by token. Otherwise
// nothing is taken.
func (t *Tokenizer) Leaf(name string) ([]byte, bool) {
	rest := t.buf[t.pos:]
	n := len(name) + 1
	if t.emptyTag || t.inCDATA || len(rest) < 2*n+3 || rest[0] != '<' || string(rest[1:n]) != name {
		return nil, false
	}
	if rest[n] == ' ' { // attributes of a text, such as xml:space
		for n < len(rest) && rest[n] != '>' && rest[n] != '/' {
			n++
		}
	}
	if n >= len(rest) || rest[n] != '>' {
		return nil, false
	}
	n++
	text := bytes.IndexByte(rest[n:], '<')
	if text < 0 || bytes.IndexByte(rest[n:n+text], '&') >= 0 {
		return nil, false
	}
	end := n + text
	after := end + len(name) + 3
	if after > len(rest) || rest[end+1] != '/' || string(rest[end+2:after-1]) != name || rest[after-1] != '>' {
		return nil, false
	}
	t.pos += after
	return rest[n:end], true
}

// Closes takes </name> if it is what comes next.
func (t *Tokenizer) Closes(name string) bool {
	rest := t.buf[t.pos:]
	n := len(name) + 3
	if t.emptyTag || t.inCDATA || len(rest) < n || rest[0] != '<' || rest[1] != '/' || string(rest[2:n-1]) != name || rest[n-1] != '>' {
		return false
	}
	t.pos += n
	return true
}

// Attrs is where NextAttr begins.
func (t *Tokenizer) Attrs() []byte { return t.attrs }

// NextAttr takes the first attribute of a list: its local name, its raw value,
// and the rest. Key is nil at the end.
func NextAttr(list []byte) (key, value, rest []byte) {
	i := 0
	for i < len(list) && class[list[i]] == space {
		i++
	}
	from := i
	for ; i < len(list) && list[i] != '='; i++ {
		if list[i] == ':' {
			from = i + 1
		}
	}
	end := i
	for end > from && class[list[end-1]] == space {
		end--
	}
	for i++; i < len(list) && class[list[i]] == space; i++ {
	}
	if i >= len(list) || class[list[i]] != quotes {
		return nil, nil, nil
	}
	q := list[i]
	i++
	start := i
	for ; i < len(list); i++ {
		if list[i] == q {
			return list[from:end], list[start:i], list[i+1:]
		}
	}
	return nil, nil, nil
}

// maxName bounds the names that a document gives to its parts: those of real
// ones are below a few hundred bytes, and readers keep many.
const maxName = 1 << 10

// AttrString is Attr with references resolved, as a string of its own, for
// names: one of more than 1 KiB is cut.
func (t *Tokenizer) AttrString(name string) string {
	v := t.Attr(name)
	return string(AppendUnescaped(nil, v[:min(len(v), maxName)]))
}

// AttrText is Attr with references resolved, whatever its length.
func (t *Tokenizer) AttrText(name string) []byte {
	return AppendUnescaped(nil, t.Attr(name))
}

// AttrTexts returns the values of a list of attributes, unescaped and parted by blanks, if
// one of them is wanted, since the others say what it is; nil if none is.
func AttrTexts(list []byte, wanted func(value []byte) bool) (line []byte) {
	found := false // in most elements there is nothing to keep
	for key, value, rest := NextAttr(list); key != nil && !found; key, value, rest = NextAttr(rest) {
		found = wanted(value)
	}
	if !found {
		return nil
	}
	for key, value, rest := NextAttr(list); key != nil; key, value, rest = NextAttr(rest) {
		line = append(AppendUnescaped(line, value), ' ')
	}
	return line
}

// AppendUnescaped appends s to dst with the predefined entities and character
// references resolved (XML 1.0 sections 4.1 and 4.6). What is no valid
// reference stays as it is.
func AppendUnescaped(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '&')
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		s = s[i:]
		end := bytes.IndexByte(s[:min(len(s), 12)], ';')
		r, ok := rune(0), false
		if end > 1 {
			r, ok = reference(s[1:end])
		}
		if !ok {
			dst = append(dst, '&')
			s = s[1:]
			continue
		}
		dst = utf8.AppendRune(dst, r)
		s = s[end+1:]
	}
}

func reference(name []byte) (rune, bool) {
	switch string(name) {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	case "nbsp": // of HTML
		return ' ', true
	}
	if name[0] != '#' || len(name) < 2 {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	return rune(n), err == nil && n <= utf8.MaxRune
}

// Decode returns r as UTF-8, by byte order mark or XML declaration (XML 1.0
// appendix F). An encoding that is not known is read as UTF-8.
func Decode(r io.Reader) io.Reader {
	head := make([]byte, 256)
	n, err := io.ReadFull(r, head)
	head = bytes.TrimPrefix(head[:n], []byte{0xEF, 0xBB, 0xBF})
	if err == nil {
		r = io.MultiReader(bytes.NewReader(head), r)
	} else if err == io.EOF || err == io.ErrUnexpectedEOF {
		r = bytes.NewReader(head)
	} else {
		r = io.MultiReader(bytes.NewReader(head), failing{err})
	}
	if enc := declared(head); enc != nil {
		return transform.NewReader(r, enc.NewDecoder())
	}
	return r
}

// failing hands on an error that came with the first bytes.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// declared finds the encoding that the first bytes declare; nil for UTF-8.
func declared(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{'<', 0}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0, '<'}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return nil
	}
	end := bytes.Index(head, []byte("?>"))
	i := bytes.Index(head, []byte("encoding="))
	if i < 0 || end < i || len(head) < i+11 {
		return nil
	}
	label, quote := head[i+10:], head[i+9]
	if j := bytes.IndexByte(label, quote); j > 0 {
		enc, err := htmlindex.Get(string(label[:j]))
		if name, _ := htmlindex.Name(enc); err == nil && name != "utf-8" {
			return enc
		}
	}
	return nil
}
