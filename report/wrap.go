package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// cellWidth is how many columns a text takes on a terminal or in a sheet:
// Japanese characters take two. What is ambiguous takes one, wherever the
// report is made.
func cellWidth(text string) int { return (&runewidth.Condition{}).StringWidth(text) }

// wrap breaks text into lines of at most width columns: English at spaces,
// Japanese anywhere.
func wrap(text string, width int) []string {
	var lines []string
	row, used := "", 0
	end := func() {
		lines = append(lines, strings.TrimRight(row, " "))
		row, used = "", 0
	}
	for _, word := range strings.SplitAfter(text, " ") {
		n := cellWidth(strings.TrimRight(word, " "))
		if used > 0 && used+n > width && n <= width {
			end()
		}
		for _, r := range word {
			n := cellWidth(string(r))
			if used+n > width && r != ' ' {
				end()
			}
			row += string(r)
			used += n
		}
	}
	end()
	return lines
}
