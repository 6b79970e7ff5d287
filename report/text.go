package report

import (
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/kagiban/kagiban/report/messages"
)

// words are the messages of one language. Neither language needs plural forms as
// they are used here (counts stand in tables), so a map does what a translation
// library would do.
type words map[string]string

// wordsIn reads the catalogue of a language; English stands in for one that is
// not known.
func wordsIn(lang string) words { return messages.Reports(lang) }

// Text returns a message of the catalogue in a language ("ja", "en"), with args
// in it as fmt.Sprintf puts them. An id that is not in the catalogue stands for
// itself.
func Text(lang, id string, args ...any) string { return wordsIn(lang).text(id, args...) }

func (w words) text(id string, args ...any) string {
	message, ok := w[id]
	switch {
	case !ok:
		return id
	case len(args) == 0:
		return message
	}
	return fmt.Sprintf(message, args...)
}

// code returns the word for a stable code of a family ("status", "note", …). A
// code that a newer part of the program made stands for itself.
func (w words) code(family, code string) string {
	if message, ok := w[family+"."+code]; ok {
		return message
	}
	return code
}

// has reports whether there is a word for a code.
func (w words) has(family, code string) bool { _, ok := w[family+"."+code]; return ok }

// count writes 12345 as 12,345, which both languages do.
func count(n int64) string { return humanize.Comma(n) }

// bytesText writes a size for people, in binary units.
func bytesText(n int64) string { return humanize.IBytes(uint64(max(n, 0))) }

// percent writes part / whole; "" where there is no whole.
func percent(part, whole int64) string {
	if whole <= 0 {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}
