package report

import (
	"regexp"
	"strings"
)

// The detail of a problem is a text of the parser that met it, for a technician
// and in English; jsonl and explain have it as it is. For the others it is put
// into words that say what is wrong with the file.

// detailWords are what the details of parsers mean, tried in their order; the
// last part of an id is a code of the family "detail".
func detailWords() []struct{ code, part string } {
	return []struct{ code, part string }{
		{"volumes", "volumes are missing"},
		{"cut", "breaks off"},
		{"cut", "are not there"},
		{"cut", "unexpected EOF"},
		{"checksum", "checksum"},
		{"method", "method"},
		{"method", "filter"},
		{"method", "coder"},
		{"pages", "pages with pictures"},
		{"fonts", "fonts that do not"},
		{"pages-broken", "pages with content that is none"},
		{"directory", "no directory"},
		{"memo", "memo text"},
		{"unaccounted", "not accounted for"},
		{"best-effort", "best effort"},
		{"default-password", "default password"},
		{"drawn", "text that is drawn"},
		{"more", "more problems like"},
		{"directory", "list of parts"},
		{"directory", "directory"},
		{"unknown", "unknown format"},
		{"loop", "loop"},
		{"name", "name of"},
		{"damaged", "damaged"},
	}
}

var (
	mediaType = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]+`)
	limitName = regexp.MustCompile(`limit "([a-z-]+)" reached`)
)

// Detail puts the detail of a problem into words of a language; what is not known
// stays as it is.
func Detail(lang, text string) string { return wordsIn(lang).detail(text) }

// detail puts the detail of a problem into words; what is not known stays as it is.
func (w words) detail(text string) string {
	if text == "" {
		return ""
	}
	if m := limitName.FindStringSubmatch(text); m != nil && w.has("limit", m[1]) {
		return w.code("limit", m[1])
	}
	for _, d := range detailWords() {
		if strings.Contains(text, d.part) {
			return w.code("detail", d.code)
		}
	}
	if mediaType.MatchString(text) {
		return w.code("detail", "unknown") + " " + mediaType.FindString(text)
	}
	return visible(strings.TrimSuffix(text, ": not supported"))
}
