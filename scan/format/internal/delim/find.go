package delim

import "bytes"

// find chooses the delimiter of a sample: the one that stands the same number
// of times in most lines. 0 if there is none, as in running text.
func find(sample []byte, whole bool) byte {
	lines := bytes.FieldsFunc(sample, func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) > 1 && !whole {
		lines = lines[:len(lines)-1] // the last may be cut
	}
	lines = lines[:min(len(lines), 50)]
	best, bestScore := byte(0), 0
	for _, d := range []byte{'\t', ',', ';', '|'} {
		if score := score(lines, d); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

// score counts, over the lines with a delimiter, those that agree with the
// most frequent count, weighed by the number of cells. Title lines above a
// table and a few ragged lines do no harm; commas scattered over prose agree
// in little and are outweighed by the lines without.
func score(lines [][]byte, d byte) int {
	counts := map[int]int{}
	with := 0
	for _, line := range lines {
		if n := outside(line, d); n > 0 {
			counts[n]++
			with++
		}
	}
	mode, agree := 0, 0
	for n, times := range counts {
		if times > agree || times == agree && n > mode {
			mode, agree = n, times
		}
	}
	switch {
	case with*2 < len(lines) && agree < 3, with*4 < len(lines):
		return 0
	case agree*3 < with:
		return 0
	}
	return agree*100 + min(mode, 99)
}

// outside counts delimiters that are not inside quotes.
func outside(line []byte, d byte) int {
	if bytes.IndexByte(line, '"') < 0 {
		return bytes.Count(line, []byte{d})
	}
	n, quoted := 0, false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == d && !quoted:
			n++
		}
	}
	return n
}
