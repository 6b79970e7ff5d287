package words

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Width is how many columns of a terminal a text takes; Japanese characters take
// two. What is ambiguous takes one, as in the reports.
func Width(text string) int { return (&runewidth.Condition{}).StringWidth(text) }

// Fill fills a text with spaces up to a width.
func Fill(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// Cut shortens a text to a width.
func Cut(text string, width int) string {
	return (&runewidth.Condition{}).Truncate(text, width, "")
}

const (
	neverFirst = "、。，．）)」』】〕］・：；？！ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ〜%"
	neverLast  = "（(「『【〔［"
)

// Wrap breaks a text into lines of at most width columns: at spaces, and between
// Japanese characters as far as the rules of Japanese typesetting allow (JIS X 4051:
// what never begins or ends a line). A word that is longer than a line stays whole,
// since it may be a flag or a path that somebody copies.
func Wrap(text string, width int) (lines []string) {
	row, used := "", 0
	for _, part := range pieces(text) {
		n := Width(strings.TrimRight(part, " "))
		if used > 0 && used+n > width {
			lines = append(lines, strings.TrimRight(row, " "))
			row, used = "", 0
		}
		row += part
		used += Width(part)
	}
	return append(lines, strings.TrimRight(row, " "))
}

// pieces cuts a text where a line may end.
func pieces(text string) (list []string) {
	runes := []rune(text)
	start := 0
	for i := 1; i <= len(runes); i++ {
		if i < len(runes) && !mayBreak(runes[i-1], runes[i]) {
			continue
		}
		list = append(list, string(runes[start:i]))
		start = i
	}
	return list
}

func mayBreak(before, after rune) bool {
	switch {
	case after == ' ', strings.ContainsRune(neverFirst, after), strings.ContainsRune(neverLast, before):
		return false
	case before == ' ':
		return true
	}
	return Width(string(before)) == 2 || Width(string(after)) == 2
}
