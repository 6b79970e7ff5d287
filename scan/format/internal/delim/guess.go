package delim

import "bytes"

// delimiters are the bytes that part fields, the likelier first. Those from the
// fifth on stand in ordinary text too and must part each record alike.
var delimiters = [...]byte{'\t', ',', ';', '|', 0x1F, 0x1E, 0x1D, 0x1C, 0x01, '@', '^', '~', '!'}

const (
	usual     = 4  // delimiters that need not be in each record
	runLength = 10 // so many records on end that agree are a table, whatever stands before them
)

// find chooses the grammar of a sample: the delimiter that stands the same number
// of times in most records. There is none in running text.
func find(sample []byte, all bool) grammar {
	best, top := grammar{quote: '"'}, 0
	var has [256]bool
	for _, c := range sample {
		has[c] = true
	}
	for i, d := range delimiters {
		if !has[d] {
			continue
		}
		g := grammar{delim: d, quote: '"'}
		if has['\\'] && has['"'] {
			g.escape = escapes(sample, d)
		}
		if has['\''] && singleQuoted(sample, d) {
			g.quote = '\''
		}
		if score := score(sample, g, all, i >= usual); score > top {
			best, top = g, score
		}
	}
	return best
}

// escapes reports whether a backslash before a quote makes it a part of its field:
// where it ended the field a delimiter or the end of the line would follow.
func escapes(sample []byte, delim byte) bool {
	for {
		i := bytes.Index(sample, []byte(`\"`))
		if i < 0 || i+2 >= len(sample) {
			return false
		}
		sample = sample[i+2:]
		if c := sample[0]; c != delim && c != '"' && c != '\r' && c != '\n' {
			return true
		}
	}
}

// singleQuoted reports whether fields stand between apostrophes: most delimiters
// have one on both sides.
func singleQuoted(sample []byte, delim byte) bool {
	between := bytes.Count(sample, []byte{'\'', delim, '\''})
	return between > 0 && between*2 >= bytes.Count(sample, []byte{delim})
}

// counts are how many records have a number of delimiters.
type counts struct {
	by        map[int]int
	with, all int
	run, most int // records on end with the same number, two or more; the most of them
	last      int
}

func (c *counts) add(n int) {
	c.all++
	if n > 0 {
		c.by[n]++
		c.with++
	}
	if n == c.last && n >= 2 {
		c.run++
	} else {
		c.run = 1
	}
	c.last = n
	if n >= 2 {
		c.most = max(c.most, c.run)
	}
}

// score counts, over the records with a delimiter, those that agree with the most
// frequent number, weighed by the number of cells. Title lines above a table and a
// few ragged lines do no harm; commas scattered over prose agree in little and are
// outweighed by the lines without. Strict: each record has the same number, of two
// at least.
func score(sample []byte, g grammar, all, strict bool) int {
	c := counts{by: map[int]int{}}
	s := Splitter{buf: sample, eof: true, grammar: g, max: len(sample) + 1, vain: maxQuoted}
	for {
		line, ok := s.line()
		if !ok {
			break
		}
		if !all && s.pos >= len(sample) && c.all > 0 {
			break // it may be cut
		}
		if len(line) == 0 || note(line) {
			continue
		}
		q := quoting{grammar: g}
		q.pass(line)
		c.add(q.fields)
	}
	mode, agree := 0, 0
	for n, times := range c.by {
		if times > agree || times == agree && n > mode {
			mode, agree = n, times
		}
	}
	switch {
	case strict && (mode < 2 || agree < 3 || agree*10 < c.all*9):
		return 0
	case strict || c.most >= runLength:
	case c.with*2 < c.all && agree < 3, c.with*4 < c.all, agree*3 < c.with:
		return 0
	}
	return agree*100 + min(mode, 99)
}

// note reports whether a line is a remark of the program that wrote the file.
func note(line []byte) bool {
	return line[0] == '#' || bytes.HasPrefix(line, []byte("//")) || bytes.HasPrefix(line, []byte("--"))
}
