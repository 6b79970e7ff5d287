package labeltext

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan/format/internal/records"
)

// ReadBlocks hands the blocks of a text to a builder. Text is UTF-8.
func ReadBlocks(text io.Reader, most int, b *records.Builder) (cut bool, err error) {
	l := newLines(text, most, false)
	head, _ := l.in.Peek(sampleSize)
	spaced := survey(head).spaced
	var index []byte
	for {
		raw, ok := l.line()
		if !ok {
			break
		}
		line := bytes.TrimSpace(raw)
		if label, _, ok := parts(line); ok {
			_, n := indexed(label)
			if n != nil && index != nil && !bytes.Equal(n, index) { // another element of a list
				if err := closeAll(b); err != nil {
					return l.cut, err
				}
			}
			index = append(index[:0], n...)
			if n == nil {
				index = nil
			}
		}
		if err := blockLine(line, spaced, b); err != nil {
			return l.cut, err
		}
	}
	if l.err != nil {
		return l.cut, l.err
	}
	return l.cut, b.End()
}

// sampleSize is how much is looked at to learn whether an empty line ends a block.
const sampleSize = 4 << 10

func blockLine(line []byte, spaced bool, b *records.Builder) error {
	switch {
	case len(line) == 0:
		if spaced {
			return nil
		}
		return closeAll(b)
	case rule(line):
		return closeAll(b)
	case section(line):
		if err := closeAll(b); err != nil {
			return err
		}
		return b.Pair(nil, line[1:len(line)-1])
	case line[0] == '#' || line[0] == ';':
		return b.Line(line)
	}
	label, value, ok := parts(line)
	if !ok {
		return b.Line(line)
	}
	if len(value) == 0 {
		return nil
	}
	label, _ = indexed(label)
	return b.Pair(label, unquoted(value))
}

// indexed takes the number of an element off a key, as properties of lists have it:
// employee[0].name, employee.0.name, employee_1_name.
func indexed(label []byte) (plain, index []byte) {
	for i := 1; i+1 < len(label); i++ {
		if label[i]-'0' > 9 || bytes.IndexByte([]byte("[._-"), label[i-1]) < 0 {
			continue
		}
		end := i
		for end < len(label) && label[end]-'0' <= 9 {
			end++
		}
		if end < len(label) && bytes.IndexByte([]byte("]._-"), label[end]) >= 0 {
			rest := bytes.TrimLeft(label[end:], "]._-")
			if len(rest) == 0 {
				return label, nil
			}
			return append(append(bytes.Clone(label[:i-1]), '/'), rest...), label[i:end]
		}
		i = end
	}
	return label, nil
}

func closeAll(b *records.Builder) error {
	for b.Depth() > 0 {
		if err := b.Close(); err != nil {
			return err
		}
	}
	return nil
}

// unquoted takes the quotes off a value.
func unquoted(v []byte) []byte {
	if n := len(v); n > 1 && (v[0] == '"' || v[0] == '\'') && v[n-1] == v[0] {
		return v[1 : n-1]
	}
	return v
}

// rule reports whether a line is drawn between blocks.
func rule(line []byte) bool {
	if len(line) < 3 {
		return false
	}
	r, _ := utf8.DecodeRune(line)
	switch r {
	case '-', '=', '*', '_', '~', '─', '━', '＝', '－', '―', '+':
	default:
		return false
	}
	for _, c := range bytes.Runes(line) {
		if c != r && c != '+' && c != '-' {
			return false
		}
	}
	return true
}

// section reports whether a line names a section of an INI file.
func section(line []byte) bool {
	return len(line) > 2 && line[0] == '[' && line[len(line)-1] == ']' && bytes.IndexByte(line[1:], '[') < 0
}

// marks part a label from its value.
var marks = [...]string{"：", ":", "=", "＝"}

// maxLabel is the length in bytes that a label may have.
const maxLabel = 90

// parts parts a line into its label and its value.
func parts(line []byte) (label, value []byte, ok bool) {
	at, width := -1, 0
	for _, m := range marks {
		if i := bytes.Index(line, []byte(m)); i >= 0 && (at < 0 || i < at) {
			at, width = i, len(m)
		}
	}
	if at <= 0 || at > maxLabel {
		return nil, nil, false
	}
	label = bytes.TrimSpace(bytes.TrimLeft(line[:at], "・*■□●○◆◇▼▽-＊ \t　"))
	label = bytes.Trim(label, "　")
	value = bytes.Trim(bytes.TrimSpace(line[at+width:]), "　")
	if len(label) == 0 || label[0]-'0' <= 9 || label[0] == '[' || label[0] == '(' && len(label) > 30 || bytes.HasPrefix(value, []byte("//")) {
		return nil, nil, false
	}
	if bytes.Contains(label, []byte("。")) || bytes.Contains(label, []byte("、")) || bytes.Count(label, []byte(" ")) > 3 || bytes.ContainsAny(label, "<>\"{}@,") {
		return nil, nil, false
	}
	return label, value, !several(value)
}

// several reports whether a value holds a label with a value of its own.
func several(value []byte) bool {
	if bytes.Contains(value, []byte("：")) {
		return true
	}
	for i := 1; i+1 < len(value); i++ {
		if value[i] == '=' && value[i-1] != ' ' && bytes.IndexByte(value[:i], ' ') >= 0 {
			return true
		}
	}
	return false
}

// A look is what a sample shows of the blocks of a text.
type look struct {
	lines, fit, sections, again, blanks int
	spaced                              bool // an empty line stands behind each line
}

func survey(sample []byte) (s look) {
	seen := map[string]int{}
	inRow := 0
	for line := range bytes.Lines(sample) {
		if line[len(line)-1] != '\n' && s.lines > 3 {
			break // it may be cut
		}
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
			s.blanks++
			inRow = 0
			continue
		case rule(line), line[0] == '#', line[0] == ';':
			inRow = 0
			continue
		case section(line):
			s.sections++
			inRow = 0
			continue
		}
		s.lines++
		if inRow++; inRow == 2 {
			s.again++
		}
		if label, _, ok := parts(line); ok {
			s.fit++
			plain, _ := indexed(label)
			seen[string(plain)]++
		}
	}
	s.spaced = s.again == 0
	s.again = 0
	for _, n := range seen {
		if n > 1 {
			s.again++
		}
	}
	return s
}

// Is reports whether a text is blocks of labels: nearly each line is one, and
// several labels come again; or it is an INI file.
func Is(sample []byte) bool {
	s := survey(sample)
	switch {
	case s.sections > 0:
		return s.fit >= 2 && s.fit*10 >= s.lines*9
	case s.lines < 4:
		return false
	}
	return s.fit*10 >= s.lines*9 && s.again >= 2
}
