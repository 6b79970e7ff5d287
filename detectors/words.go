package detectors

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldHeading brings a heading to one form: full width and half width, capitals,
// spaces, line breaks and punctuation make no difference.
func foldHeading(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == 'ー' || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// headingKind says what a folded heading announces. exact: the words are the
// whole of it, so that it is no title that merely mentions them.
func headingKind(fields []field, folded string) (k kind, exact bool) {
	if folded == "" {
		return kindNone, false
	}
	if k := endKind(folded); k != kindNone && !barredBy(fields, k, folded) {
		return k, utf8.RuneCountInString(folded) <= 8
	}
	for i := range fields {
		if ok, exact := fields[i].heads(folded); ok {
			return fields[i].kind, exact
		}
	}
	if foreignNumber(folded) {
		return kindOther, false
	}
	return kindNone, false
}

// endKind knows headings by an end that leaves no doubt, whatever the words
// before it: 請求者氏名 is no number of a claim.
func endKind(folded string) kind {
	switch {
	case strings.HasSuffix(folded, "氏名"):
		return kindName
	case strings.HasSuffix(folded, "name"):
		return kindName
	case strings.HasSuffix(folded, "生年月日"):
		return kindBirth
	case strings.HasSuffix(folded, "住所"):
		return kindAddress
	}
	return kindNone
}

func barredBy(fields []field, k kind, folded string) bool {
	for i := range fields {
		if fields[i].kind == k {
			return holdsOne(folded, fields[i].not)
		}
	}
	return false
}

func (f *field) heads(folded string) (ok, exact bool) {
	if f.kind == kindPension && strings.Contains(folded, "番号") {
		folded = strings.TrimSuffix(folded, "年金コード") // 基礎年金番号・年金コード
	}
	strong := f.kind == kindPension && (strings.Contains(folded, "基礎年金番号") || nearly(folded))
	if holdsOne(folded, f.not) || !strong && holdsOne(folded, f.unless) {
		return false, false
	}
	if strong {
		return true, utf8.RuneCountInString(folded) <= 16
	}
	for _, word := range f.headings {
		whole, only := strings.CutPrefix(word, "=")
		if folded == whole {
			return true, true
		}
		if !only && holdsOne(folded, []string{word}) {
			ok = true
			exact = exact || utf8.RuneCountInString(folded) <= utf8.RuneCountInString(word)+5
		}
	}
	if !ok && f.made(folded) {
		return true, utf8.RuneCountInString(folded) <= 16
	}
	return ok, exact
}

// made says that a heading is made of a word of each of two lists, with nothing
// between them but words that leave the sense: 厚生年金手帳の番号 is the number,
// 厚生年金の伝票番号 is another.
func (f *field) made(folded string) bool {
	for _, first := range f.of {
		_, rest, ok := strings.Cut(folded, first)
		for ok {
			for _, last := range f.alone {
				end, only := strings.CutPrefix(last, "$")
				between, after, found := strings.Cut(rest, end)
				if found && (!only || after == "") && passing(between, f.between) {
					return true
				}
			}
			_, rest, ok = strings.Cut(rest, first)
		}
	}
	return false
}

// passing says that s is made of words alone.
func passing(s string, words []string) bool {
	for s != "" {
		before := s
		for _, word := range words {
			s = strings.TrimPrefix(s, word)
		}
		if s == before {
			return false
		}
	}
	return true
}

func holdsOne(s string, words []string) bool {
	for _, word := range words {
		if end, last := strings.CutPrefix(word, "$"); last && strings.HasSuffix(s, end) || !last && strings.Contains(s, word) {
			return true
		}
	}
	return false
}

func (t *table) headingOf(text []byte) (kind, bool) {
	if len(text) > headingBytes || bytes.IndexByte(text, '=') >= 0 || sentence(text) || !utf8.Valid(text) {
		return kindNone, false
	}
	if known, ok := t.exam.headings[string(text)]; ok {
		return known.kind, known.exact
	}
	k, exact := headingKind(t.fields, foldHeading(string(text)))
	if len(t.exam.headings) >= headingsKept {
		clear(t.exam.headings)
	}
	t.exam.headings[string(text)] = headingAs{k, exact}
	return k, exact
}

// headingAs is what a text says as a heading. The words of a table come again
// in its rows, so that a few are remembered.
type headingAs struct {
	kind  kind
	exact bool
}

const headingsKept = 4096

// kindOf is the role that the whole heading gives a column, and the roles that
// it forbids.
func (t *table) kindOf(heading string) (k kind, barred uint16) {
	if known, ok := t.exam.roles[heading]; ok {
		return known.kind, known.barred
	}
	k, barred = t.findKind(foldHeading(heading))
	if len(t.exam.roles) >= headingsKept {
		clear(t.exam.roles)
	}
	t.exam.roles[heading] = roleAs{k, barred}
	return k, barred
}

// roleAs is what kindOf says of a heading.
type roleAs struct {
	kind   kind
	barred uint16
}

func (t *table) findKind(folded string) (k kind, barred uint16) {
	for i := range t.fields {
		for _, word := range t.fields[i].not {
			if strings.Contains(folded, word) {
				barred |= 1 << t.fields[i].kind
			}
		}
	}
	k, _ = headingKind(t.fields, folded)
	if k != kindPension {
		return k, barred
	}
	return partOf(folded), barred
}

// sentence says that a text is one and no heading.
func sentence(text []byte) bool {
	if bytes.Contains(text, []byte("。")) {
		return true
	}
	for _, end := range [...]string{"です", "ます", "した", "せん", "ください", "下さい", "願います"} {
		if bytes.HasSuffix(text, []byte(end)) {
			return true
		}
	}
	return false
}

// foldHead is foldHeading of so much of a text as a heading may have.
func foldHead(text []byte) string {
	return foldHeading(string(text[:min(len(text), headingBytes)]))
}
