package yamltext

import (
	"bytes"

	"github.com/kagiban/kagiban/scan/format/internal/jsontext"
)

// hold begins a value over several lines.
func (r *reader) hold(style byte, key, first []byte, indent int) {
	r.style, r.textAt = style, indent
	r.key = append(r.key[:0], key...)
	r.text = append(r.text[:0], first...)
	r.depth = depth(first)
}

// more takes a further line of a value; done if the line is one.
func (r *reader) more(content []byte, indent int) (done bool, err error) {
	ends := indent <= r.textAt && len(content) > 0
	if r.style == '|' && ends || r.style != '|' && ends && len(r.text) > maxFlow {
		return false, r.flush()
	}
	if len(r.text)+len(content) < r.most {
		r.text = append(append(r.text, '\n'), content...)
	} else {
		r.cut = true
	}
	switch r.style {
	case '"', '\'':
		if quoteEnd(append([]byte{r.style}, content...)) > 0 {
			return true, r.flush()
		}
	case '{', '[':
		if r.depth += depth(content); r.depth <= 0 {
			return true, r.flush()
		}
	}
	return true, nil
}

// maxFlow is the length in bytes from which a line that is not deeper than its key
// ends a flow collection that is not closed.
const maxFlow = 1 << 14

// flush hands on the value over several lines.
func (r *reader) flush() error {
	style := r.style
	r.style = 0
	switch style {
	case 0:
		return nil
	case '{', '[':
		return jsontext.Inline(r.text, r.most, r.key, r.b)
	case '"', '\'':
		return r.b.Value(r.key, unquoted(r.text))
	}
	return r.b.Value(r.key, bytes.TrimSpace(r.text))
}

// split parts a key from its value.
func split(c []byte) (key, value []byte, ok bool) {
	if c[0] == '"' || c[0] == '\'' {
		end := quoteEnd(c)
		if end < 0 {
			return nil, nil, false
		}
		key, c = unquoted(c[:end+1]), bytes.TrimLeft(c[end+1:], " \t")
		if len(c) == 0 || c[0] != ':' {
			return nil, nil, false
		}
		return key, bytes.TrimSpace(c[1:]), true
	}
	for i := 0; i < len(c); i++ {
		switch {
		case c[i] == ':' && (i+1 == len(c) || c[i+1] == ' ' || c[i+1] == '\t'):
			return bytes.TrimSpace(c[:i]), bytes.TrimSpace(c[i+1:]), i > 0
		case (c[i] == '{' || c[i] == '[' || c[i] == '|' || c[i] == '>') && i == 0:
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// bare takes the anchor and the tag off a value.
func bare(v []byte) []byte {
	for len(v) > 0 && (v[0] == '&' || v[0] == '!') {
		i := bytes.IndexByte(v, ' ')
		if i < 0 {
			return v[len(v):]
		}
		v = bytes.TrimLeft(v[i:], " ")
	}
	return v
}

// block reports whether a value is the sign that a block scalar begins with.
func block(v []byte) bool {
	for i, c := range v[1:] {
		if c == ' ' && bytes.HasPrefix(bytes.TrimLeft(v[1+i:], " "), []byte("#")) {
			return true
		}
		if c != '-' && c != '+' && c-'0' > 9 {
			return false
		}
	}
	return true
}

// closed reports whether a quoted text is at its end.
func closed(v []byte) bool { return quoteEnd(v) > 0 }

func quoteEnd(v []byte) int {
	for i := 1; i < len(v); i++ {
		switch {
		case v[i] == '\\' && v[0] == '"':
			i++
		case v[i] != v[0]:
		case v[0] == '\'' && i+1 < len(v) && v[i+1] == '\'':
			i++
		default:
			return i
		}
	}
	return -1
}

// unquoted returns what a quoted text says, and what stands behind it.
func unquoted(v []byte) []byte {
	end := quoteEnd(v)
	if end < 0 {
		return v
	}
	behind := bytes.TrimSpace(v[end+1:])
	text := v[1:end]
	if v[0] == '\'' {
		text = bytes.ReplaceAll(text, []byte("''"), []byte("'"))
	} else if bytes.IndexByte(text, '\\') >= 0 {
		text = jsontext.Unescaped(text)
	}
	if len(behind) == 0 {
		return text
	}
	return append(append(bytes.Clone(text), ' '), behind...)
}

// uncommented takes the remark off a plain value, unless it could be a number that
// is searched.
func uncommented(v []byte) []byte {
	i := bytes.Index(v, []byte(" #"))
	if i < 0 {
		return v
	}
	for _, c := range v[i:] {
		if c-'0' <= 9 || c >= 0x80 {
			return v
		}
	}
	return bytes.TrimRight(v[:i], " ")
}

// balanced reports whether all brackets of a flow collection are closed.
func balanced(v []byte) bool { return depth(v) <= 0 }

// depth returns how many brackets more a piece of a flow collection opens than it
// closes.
func depth(v []byte) (n int) {
	for i := 0; i < len(v); i++ {
		switch v[i] {
		case '{', '[':
			n++
		case '}', ']':
			n--
		case '"', '\'':
			if end := quoteEnd(v[i:]); end > 0 {
				i += end
			}
		}
	}
	return n
}
