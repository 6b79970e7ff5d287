package words

import (
	"strings"
	"unicode"

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

// Wrap breaks a text into lines of at most width columns: at spaces, and in Japanese
// where a phrase begins, that is behind hiragana or a mark and before a kanji, a
// katakana, a letter or a bracket. So no word and no ending is torn. A phrase that is
// longer than a line is broken between characters, as far as JIS X 4051 allows (what
// never begins or ends a line); a word of Latin letters stays whole, since it may be
// a flag or a path that somebody copies.
func Wrap(text string, width int) (lines []string) {
	row, used := "", 0
	add := func(part string) {
		n := Width(strings.TrimRight(part, " "))
		if used > 0 && used+n > width {
			lines = append(lines, strings.TrimRight(row, " "))
			row, used = "", 0
		}
		row += part
		used += Width(part)
	}
	for _, phrase := range pieces(text, betweenPhrases) {
		if Width(phrase) <= width {
			add(phrase)
			continue
		}
		for _, part := range pieces(phrase, betweenCharacters) {
			add(part)
		}
	}
	return append(lines, strings.TrimRight(row, " "))
}

// pieces cuts a text where a line may end.
func pieces(text string, mayBreak func(before, after rune) bool) (list []string) {
	runes := []rune(text)
	start := 0
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || mayBreak(runes[i-1], runes[i]) {
			list = append(list, string(runes[start:i]))
			start = i
		}
	}
	return list
}

func betweenCharacters(before, after rune) bool {
	switch {
	case after == ' ', strings.ContainsRune(neverFirst, after), strings.ContainsRune(neverLast, before):
		return false
	case before == ' ':
		return true
	}
	return Width(string(before)) == 2 || Width(string(after)) == 2
}

func betweenPhrases(before, after rune) bool {
	if !betweenCharacters(before, after) {
		return false
	}
	switch {
	case before == ' ', strings.ContainsRune("、。，．；？！", before), strings.ContainsRune(neverLast, after):
		return true
	case unicode.Is(unicode.Hiragana, before), strings.ContainsRune("）」』】", before):
		return !unicode.Is(unicode.Hiragana, after)
	}
	return false
}
