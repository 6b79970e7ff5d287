package detectors

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// hits is a bounded sample of the evidence, the best of it.
type hits struct {
	max   int
	kept  []scan.Hit
	floor int // no piece that is kept scores less, once there is no room
}

// add takes a piece of evidence, in place of the worst if there is no room.
func (h *hits) add(one scan.Hit) {
	if len(h.kept) < h.max {
		h.kept = append(h.kept, one)
		return
	}
	if one.Score <= h.floor {
		return
	}
	worst := -1
	for i := range h.kept {
		if h.kept[i].Score < one.Score && (worst < 0 || h.kept[i].Score < h.kept[worst].Score) {
			worst = i
		}
	}
	if worst < 0 {
		h.floor = one.Score
		return
	}
	h.kept[worst] = one
}

// best returns the evidence, the best of it first.
func (h *hits) best() []scan.Hit {
	slices.SortStableFunc(h.kept, func(a, b scan.Hit) int { return b.Score - a.Score })
	return h.kept
}

// title is the heading of a column as evidence shows it, or the column's letters
// where there is none.
func title(heading string, col int) string {
	if h := safe(heading); h != "" {
		return h
	}
	var letters string
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// titleRunes bounds how much of a heading is shown.
const titleRunes = 40

// safe makes a heading or a table's name fit to be shown: short, on one line,
// and without digits where they could be a number.
func safe(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits >= 9 {
		s = strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '*'
			}
			return r
		}, s)
	}
	runes := 0
	for i := range s {
		if runes == titleRunes {
			return s[:i]
		}
		runes++
	}
	return s
}
