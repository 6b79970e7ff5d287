package pdftext

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A run is text at a place on the page.
type run struct {
	text       string
	x, y       float64 // where it begins, on the baseline
	endX, endY float64
	size       float64
	vertical   bool
	moved      bool // it was put at a place of its own
}

const (
	sameLine = 0.4 // of the size: baselines that differ by less are one
	gapSpace = 0.2 // of the size: a gap between words
	gapCell  = 1.2 // of the size: a gap between columns,
	gapMoved = 0.2 // also where text was put at a place of its own: cells may lie close
)

// lines puts the runs of a page together as a person reads them: lines from top
// to bottom, in each from left to right, and cells where the gap is wide.
// Vertical writing gives columns from right to left.
func (p *page) lines() [][]string {
	var across, down []run
	for _, r := range p.runs {
		switch dx, dy := math.Abs(r.endX-r.x), math.Abs(r.endY-r.y); {
		case r.vertical, dy > 2*dx: // or turned by a quarter
			turned := r
			turned.x, turned.y, turned.endX, turned.endY = -r.y, r.x, -r.endY, r.x
			if turned.endX < turned.x {
				turned.x, turned.endX = -turned.x, -turned.endX
			}
			down = append(down, turned)
		default:
			across = append(across, r)
		}
	}
	return append(assemble(across), assemble(down)...)
}

// assemble sorts runs into lines.
func assemble(runs []run) [][]string {
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(b.y, a.y) })
	var lines [][]string
	for start := 0; start < len(runs); {
		end := start + 1
		for end < len(runs) && runs[end-1].y-runs[end].y <= sameLine*math.Min(runs[end].size, runs[start].size) {
			end++
		}
		line := runs[start:end]
		slices.SortStableFunc(line, func(a, b run) int { return cmp.Compare(a.x, b.x) })
		if cells := join(line); len(cells) > 0 {
			lines = append(lines, cells)
		}
		start = end
	}
	return lines
}

// A cell is text of one line that stands together.
type cell struct {
	text   string
	x, end float64 // where it begins, and how far on a number in boxes may go on
}

// join makes cells of the runs of one line. What is shown twice at one place,
// as for bold, counts once.
func join(line []run) []string {
	var cells []cell
	var text strings.Builder
	start := 0
	flush := func(next int) {
		if t := strings.TrimSpace(text.String()); t != "" {
			last := line[next-1]
			cells = append(cells, cell{t, line[start].x, last.endX + boxGap*last.size})
		}
		text.Reset()
		start = next
	}
	for i, r := range line {
		if i > 0 {
			before := line[i-1]
			if before.text == r.text && math.Abs(before.x-r.x) < 0.1*r.size {
				continue
			}
			switch gap := r.x - before.endX; {
			case gap > gapCell*r.size, r.moved && gap > gapMoved*r.size:
				flush(i)
			case gap > gapSpace*r.size:
				text.WriteByte(' ')
			}
		}
		text.WriteString(r.text)
	}
	flush(len(line))
	return boxed(cells)
}

const (
	boxGap = 3 // of the size: between the digits of a form that has a box for each
	boxMin = 6 // so many digits in a row are one number and not columns of a table
)

// boxed joins the digits that a form has in boxes.
func boxed(cells []cell) []string {
	var out []string
	for i := 0; i < len(cells); {
		n := i
		for n < len(cells) && oneDigit(cells[n].text) && (n == i || cells[n].x <= cells[n-1].end) {
			n++
		}
		if n-i < boxMin {
			n = i + 1
		}
		var number strings.Builder
		for _, c := range cells[i:n] {
			number.WriteString(c.text)
		}
		out = append(out, number.String())
		i = n
	}
	return out
}

// oneDigit matches a lone digit, ASCII or full width, or a hyphen between them.
func oneDigit(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size == len(s) && (r >= '0' && r <= '9' || r >= '０' && r <= '９' || strings.ContainsRune("-－‐−ー", r))
}
