package words

import (
	"regexp"
	"strings"
)

// Page sets a text in Markdown for a terminal of a width: paragraphs and the entries
// of lists are broken anew, with their further lines below their first; headings,
// tables and what is fenced or indented stay as they are.
func Page(text string, width int) string {
	var b strings.Builder
	paragraph := ""
	end := func() {
		if paragraph != "" {
			hang(&b, paragraph, width)
			paragraph = ""
		}
	}
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			end()
			fenced = !fenced
			b.WriteString(line + "\n")
		case fenced || line == "" || strings.ContainsAny(line[:1], "|#<") || paragraph == "" && strings.HasPrefix(line, "    "):
			end()
			b.WriteString(line + "\n")
		case entry.MatchString(line):
			end()
			paragraph = line
		default:
			paragraph = joined(paragraph, strings.TrimLeft(line, " "))
		}
	}
	end()
	return b.String()
}

var entry = regexp.MustCompile(`^- `)

// joined puts two lines of a paragraph together; between Japanese characters there is
// no space.
func joined(a, b string) string {
	if a == "" {
		return b
	}
	before, after := []rune(a), []rune(b)
	if Width(string(before[len(before)-1])) == 2 || Width(string(after[:1])) == 2 {
		return a + b
	}
	return a + " " + b
}

// hang writes a paragraph over as many lines as it takes.
func hang(b *strings.Builder, text string, width int) {
	head := entry.FindString(text)
	indent := strings.Repeat(" ", len(head))
	for i, line := range Wrap(text[len(head):], width-len(head)) {
		if i > 0 {
			head = indent
		}
		b.WriteString(head + line + "\n")
	}
}
