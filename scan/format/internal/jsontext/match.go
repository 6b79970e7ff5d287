package jsontext

import (
	"bytes"

	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

// Is reports whether a text begins as JSON does, or as a script that holds nothing
// but such a value. The sample is UTF-8 and may be cut.
func Is(sample []byte) bool {
	s := bytes.TrimLeft(sample, "\ufeff \t\r\n")
	if len(s) == 0 {
		return false
	}
	if s[0] != '{' && s[0] != '[' {
		if s = assigned(s); s == nil {
			return false
		}
	}
	return plausible(s)
}

// assigned returns the value that a script assigns, exports or hands to a function
// as the first thing it does.
func assigned(s []byte) []byte {
	for bytes.HasPrefix(s, []byte("//")) || bytes.HasPrefix(s, []byte("/*")) {
		end := []byte("\n")
		if s[1] == '*' {
			end = []byte("*/")
		}
		_, rest, ok := bytes.Cut(s, end)
		if !ok {
			return nil
		}
		s = bytes.TrimLeft(rest, " \t\r\n")
	}
	i := bytes.IndexAny(s[:min(len(s), maxName)], "{[")
	if i <= 0 {
		return nil
	}
	name := bytes.TrimSpace(s[:i])
	if len(name) == 0 {
		return nil
	}
	switch last := name[len(name)-1]; {
	case last == '=' && !bytes.HasSuffix(name, []byte("==")), last == '(', bytes.HasSuffix(name, []byte("export default")), bytes.HasSuffix(name, []byte("return")):
	default:
		return nil
	}
	for _, c := range name {
		if c >= 0x80 || c == '\n' || c == '"' || c == '<' || c == '!' || c == '#' {
			return nil
		}
	}
	return s[i:]
}

// maxName is how much may stand before the value of a script.
const maxName = 120

// plausible reports whether a text reads as objects and lists: keys have a colon
// behind them, values a comma or a bracket.
func plausible(sample []byte) bool {
	s := newScanner(bytes.NewReader(sample), 1<<10)
	var open []byte
	var before kind
	pairs, values := 0, 0
	for {
		k := s.next()
		if k == end || k == word && s.Pos >= len(s.Buf) {
			return pairs > 0 || values > 1 || len(open) == 0
		}
		if k == remark {
			continue
		}
		inObject := len(open) > 0 && open[len(open)-1] == '{'
		switch k {
		case '{', '[':
			if before == quoted || before == word {
				return false
			}
			open = append(open, byte(k))
		case '}', ']':
			if len(open) == 0 || open[len(open)-1] != byte(k)-2 || before == ':' {
				return false
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				return follows(s)
			}
		case ':':
			if !inObject || before != quoted && before != word {
				return false
			}
			pairs++
		case ',':
			if before == ',' || before == '{' || before == ':' {
				return false
			}
		case quoted, word:
			if before == quoted || before == word || before == '}' || before == ']' || k == word && before == ':' && !literal(s.text) {
				return false
			}
			if k == word && !inObject && !literal(s.text) {
				return false
			}
			values++
		default:
			return false
		}
		before = k
	}
}

// follows reports whether what stands behind a value leaves it one: nothing, the
// end of a script, or another value on a line of its own.
func follows(s *scanner) bool {
	rest := bytes.TrimLeft(s.Buf[s.Pos:], " \t,;)")
	if len(rest) == 0 {
		return true
	}
	if rest[0] != '\r' && rest[0] != '\n' && rest[0] != '{' {
		return false
	}
	rest = bytes.TrimLeft(rest, " \t\r\n;)")
	return len(rest) == 0 || rest[0] == '{' || rest[0] == '[' || rest[0] == '/' || bytes.HasPrefix(rest, []byte("var ")) || bytes.HasPrefix(rest, []byte("export"))
}

// literal reports whether a word is a value that stands without quotes.
func literal(text []byte) bool {
	switch string(text) {
	case "true", "false", "null", "undefined", "NaN", "Infinity", "True", "False", "None":
		return true
	}
	for _, c := range text {
		if (c < '0' || c > '9') && bytes.IndexByte([]byte("+-.eExXaAbBcCdDfF_"), c) < 0 {
			return false
		}
	}
	return len(text) > 0 && (text[0]-'0' <= 9 || text[0] == '-' || text[0] == '+' || text[0] == '.')
}

// IsLog reports whether most lines of a sample end with such a value, behind what a
// program writes before it.
func IsLog(sample []byte) bool {
	lines, with := 0, 0
	for line := range bytes.Lines(sample) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		lines++
		if i := parameters(line); i >= 0 && (line[i] == '(' || plausible(value(line[i:]))) {
			with++
		}
	}
	return with > 0 && with*4 >= lines
}

// value returns a text up to the bracket that closes its first one.
func value(text []byte) []byte {
	s := scanner{Window: refill.WindowOf(text), most: 1 << 10}
	for depth := 0; ; {
		switch s.next() {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return text[:s.Pos]
			}
		case end:
			return text
		}
	}
}

// parameters returns where the value of a line of a log begins, or -1: an object, or
// the named arguments of a call.
func parameters(line []byte) int {
	for i := 0; i+2 < len(line); i++ {
		n := bytes.IndexAny(line[i:], "{(")
		if n < 0 || i+n+2 >= len(line) {
			return -1
		}
		i += n
		if line[i] == '(' {
			if named(line[i+1:]) {
				return i
			}
			continue
		}
		if c := line[i+1]; c == '"' || c == '\'' || c == ':' && line[i+2] != ':' {
			return i
		}
	}
	return -1
}

// named reports whether arguments begin with a name: "name: 'x'" or "name=x, ".
func named(args []byte) bool {
	n := 0
	for n < len(args) && (symbol(args[n]) || args[n]-'0' <= 9 && n > 0) {
		n++
	}
	if n < 2 || n+2 >= len(args) {
		return false
	}
	switch args[n] {
	case ':':
		return args[n+1] == ' ' && (args[n+2] == '"' || args[n+2] == '\'')
	case '=':
		return args[n+1] != '=' && args[n+1] != ' ' && bytes.Contains(args[n:], []byte(", ")) && bytes.IndexByte(args[n:], ')') > 0
	}
	return false
}
