package words

import (
	"fmt"
	"regexp"
	"strings"
)

// Heard puts a text into the language that was made in another process, or in an
// earlier run, and is kept in English: it looks for the sentence of the catalogue that
// it was made by, the one with most words of its own. A text that no sentence fits
// stays as it is.
func (l Language) Heard(text string) string { return l.heard(text, 4) }

func (l Language) heard(text string, depth int) string {
	if l.texts == nil || text == "" || depth == 0 {
		return text
	}
	if put, ok := l.texts[text]; ok {
		return put
	}
	best, most := "", 0
	var parts []string
	for english := range l.texts {
		own := len(letters.FindAllString(verb.ReplaceAllString(english, ""), -1))
		if own < 2 || own < most || own == most && english > best {
			continue
		}
		if !strings.Contains(text, verb.Split(english, 2)[0]) {
			continue
		}
		if m := pattern(english).FindStringSubmatch(text); m != nil {
			best, most, parts = english, own, m[1:]
		}
	}
	if best == "" {
		return l.heardParts(text, depth)
	}
	args := make([]any, len(parts))
	for i, p := range parts {
		args[i] = l.heard(p, depth-1)
	}
	// All arguments are texts now, and those in quotes have them.
	return fmt.Sprintf(verb.ReplaceAllStringFunc(l.Lookup(best), func(v string) string { return "%" + index.FindString(v) + "s" }), args...)
}

// heardParts tries what stands after the first colon, as a name may stand before it.
func (l Language) heardParts(text string, depth int) string {
	if head, rest, ok := strings.Cut(text, ": "); ok {
		return head + ": " + l.heard(rest, depth-1)
	}
	return text
}

var (
	verb    = regexp.MustCompile(`%(?:\[\d+\])?[-+# 0]*\d*(?:\.\d+)?[a-zA-Z]`)
	index   = regexp.MustCompile(`\[\d+\]`)
	letters = regexp.MustCompile(`[A-Za-z]{2,}`)
)

// pattern matches what a format makes.
func pattern(format string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^(?s:")
	at := 0
	for _, span := range verb.FindAllStringIndex(format, -1) {
		b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(format[at:span[0]], "%%", "%")) + "(.*?)")
		at = span[1]
	}
	b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(format[at:], "%%", "%")) + ")$")
	return regexp.MustCompile(b.String())
}

// Told is an error that another process put into words.
func Told(text string) error { return told(text) }

type told string

func (t told) Error() string { return string(t) }
