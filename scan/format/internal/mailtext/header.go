// Package mailtext takes Internet messages apart as they are met in the wild
// (RFC 5322 and RFC 2045 to 2047 say how they should be): an envelope line in
// front, lines that are no fields, parameters without a semicolon, no blank line
// before a part, text after the last one. What a mail program shows of such a
// message has to come out; nothing is refused.
package mailtext

import (
	"bytes"
	"strings"
)

// A Field is one field of a header, unfolded.
type Field struct{ Name, Value string }

// A Header is the fields of a message or a part, in their order.
type Header struct {
	Fields []Field
	Stray  []string // lines that are no fields
	Cut    bool     // there was more than HeaderMax
}

// HeaderMax bounds what is kept of a header, bytes: those of long distribution
// lists and many hops stay below a hundred kilobytes.
const HeaderMax = 1 << 20

// Get returns the first field of a name; "" if there is none.
func (h *Header) Get(name string) string {
	for _, f := range h.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// add takes a line of a header, without its end.
func (h *Header) add(line []byte) {
	if line[0] == ' ' || line[0] == '\t' {
		if n := len(h.Fields); n > 0 {
			h.Fields[n-1].Value += "\n" + string(line)
		} else {
			h.Stray = append(h.Stray, string(line))
		}
		return
	}
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok || !FieldName(name) {
		h.Stray = append(h.Stray, string(line))
		return
	}
	h.Fields = append(h.Fields, Field{string(bytes.TrimSpace(name)), strings.TrimSpace(string(value))})
}

// FieldName reports whether a field may have such a name (RFC 5322 section 2.2).
func FieldName(name []byte) bool {
	name = bytes.TrimRight(name, " ")
	if len(name) == 0 || len(name) > 76 {
		return false
	}
	for _, c := range name {
		if c <= ' ' || c > '~' || c == ',' || c == '"' || c == ';' {
			return false
		}
	}
	return true
}

// Unfold joins the lines of a value.
func Unfold(value string) string {
	return strings.NewReplacer("\n ", " ", "\n\t", " ", "\n", " ").Replace(value)
}

// A Param is a parameter of a structured field.
type Param struct{ Name, Value string }

// Params reads the value of a structured field (RFC 2045 section 5.1): the first
// word in lower case and the parameters. A semicolon may be missing, a value that
// needs quotes may have none, and a name may come twice.
func Params(value string) (word string, params []Param) {
	value = Unfold(value)
	end := strings.IndexAny(value, "; \t(")
	if end < 0 {
		end = len(value)
	}
	word = strings.ToLower(strings.TrimSpace(value[:end]))
	for rest := value[end:]; ; {
		rest = strings.TrimLeft(rest, "; \t")
		if strings.HasPrefix(rest, "(") { // a comment
			_, after, found := strings.Cut(rest, ")")
			if !found {
				return word, params
			}
			rest = after
			continue
		}
		name, after, found := strings.Cut(rest, "=")
		if !found {
			return word, params
		}
		var v string
		v, rest = paramValue(strings.TrimLeft(after, " \t"))
		name = strings.ToLower(strings.TrimSpace(name))
		if i := strings.LastIndexAny(name, "; \t"); i >= 0 {
			name = name[i+1:]
		}
		params = append(params, Param{name, v})
	}
}

func paramValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, "; \t")
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}

// All returns the values of a parameter, those in pieces joined (RFC 2231
// section 3): name*0, name*1* and so on.
func All(params []Param, name string) []string {
	var list []string
	var pieces strings.Builder
	for _, p := range params {
		base, tail, split := strings.Cut(p.Name, "*")
		switch {
		case base != name:
		case !split:
			list = append(list, p.Value)
		default:
			v := p.Value
			if strings.HasSuffix(p.Name, "*") {
				v = percent(v, tail == "" || strings.HasPrefix(tail, "0"))
			}
			pieces.WriteString(v)
		}
	}
	if pieces.Len() > 0 {
		list = append([]string{pieces.String()}, list...)
	}
	return list
}

// percent undoes the encoding of RFC 2231 section 4: charset'language'text.
func percent(v string, first bool) string {
	if first {
		if _, after, ok := strings.Cut(v, "'"); ok {
			if _, text, ok := strings.Cut(after, "'"); ok {
				v = text
			}
		}
	}
	var b []byte
	for i := 0; i < len(v); i++ {
		if v[i] == '%' && i+2 < len(v) && hexDigit(v[i+1]) >= 0 && hexDigit(v[i+2]) >= 0 {
			b = append(b, byte(hexDigit(v[i+1])<<4|hexDigit(v[i+2])))
			i += 2
			continue
		}
		b = append(b, v[i])
	}
	return string(b)
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
