package words

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Heard puts a text into the language that was made in another process, or in an
// earlier run, and is kept in English: it looks for the sentence of the catalogue that
// it was made by, the one with most words of its own. A text that no sentence fits
// stays as it is.
func (l Language) Heard(text string) string { return l.heard(text, 6) }

func (l Language) heard(text string, depth int) string {
	if put, ok := l.texts[text]; ok || depth == 0 {
		return cmp.Or(put, text)
	}
	if format, parts := l.madeBy(text); format != "" {
		args := make([]any, len(parts))
		for i, p := range parts {
			args[i] = l.heard(p, depth-1)
		}
		// All arguments are texts now, and those in quotes have them.
		return fmt.Sprintf(verb.ReplaceAllStringFunc(l.Lookup(format), func(v string) string { return "%" + index.FindString(v) + "s" }), args...)
	}
	// A name may stand before it, and a remedy behind it (scan/source).
	if what, remedy, ok := cutLast(text, "; "); ok && l.heard(remedy, 1) != remedy {
		return l.heard(what, depth-1) + "。" + l.heard(remedy, depth-1)
	}
	if name, what, ok := strings.Cut(text, ": "); ok {
		return name + ": " + l.heard(what, depth-1)
	}
	return text
}

// HeardList does the same with each text of a list.
func (l Language) HeardList(texts string) string {
	list := strings.Split(texts, ", ")
	for i, text := range list {
		list[i] = l.Heard(text)
	}
	return strings.Join(list, l.Text(", "))
}

// madeBy is the sentence by which a text was made, and what stands in it; nothing in
// it goes over the end of a clause.
func (l Language) madeBy(text string) (format string, parts []string) {
	most := 1
	for english := range l.texts {
		own := len(letters.FindAllString(verb.ReplaceAllString(english, ""), -1))
		if own < most || own == most && english >= format {
			continue
		}
		if slices.ContainsFunc(verb.Split(english, -1), func(part string) bool { return !strings.Contains(text, part) }) {
			continue
		}
		m := pattern(english).FindStringSubmatch(text)
		if m == nil || slices.ContainsFunc(m[1:], func(p string) bool { return strings.Contains(p, "; ") }) {
			continue
		}
		format, most, parts = english, own, m[1:]
	}
	return format, parts
}

func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
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
