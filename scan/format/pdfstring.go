package format

import (
	"bytes"
	"strings"
)

// Strings of pdf objects (ISO 32000-2, section 7.3.4).

// literal reads a string in parentheses after the first (section 7.3.4.2).
func (p *pdfParser) literal() string {
	var out []byte
	for open := 1; len(p.data) > 0; {
		c := p.data[0]
		p.data = p.data[1:]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return string(out)
			}
		case '\\':
			out = p.escape(out)
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

func (p *pdfParser) escape(out []byte) []byte {
	if len(p.data) == 0 {
		return out
	}
	c := p.data[0]
	if c >= '0' && c <= '7' {
		n, digits := 0, 0
		for digits < 3 && digits < len(p.data) && p.data[digits] >= '0' && p.data[digits] <= '7' {
			n = n<<3 | int(p.data[digits]-'0')
			digits++
		}
		p.data = p.data[digits:]
		return append(out, byte(n))
	}
	p.data = p.data[1:]
	switch c {
	case '\r': // a line that goes on
		p.data = bytes.TrimPrefix(p.data, []byte("\n"))
		return out
	case '\n':
		return out
	}
	if i := strings.IndexByte("nrtbf", c); i >= 0 {
		c = "\n\r\t\b\f"[i]
	}
	return append(out, c)
}

// hex reads a string in angle brackets after the first (section 7.3.4.3).
func (p *pdfParser) hex() string {
	text, rest, _ := bytes.Cut(p.data, []byte(">"))
	p.data = rest
	var out []byte
	high, half := byte(0), false
	for _, c := range text {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			continue
		}
		if half = !half; half {
			high = byte(d) << 4
		} else {
			out = append(out, high|byte(d))
		}
	}
	if half {
		out = append(out, high)
	}
	return string(out)
}
