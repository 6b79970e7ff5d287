package evalset

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Grep is the plain rule: four and six digits, perhaps with a hyphen between.
func Grep(doc Doc) int64 {
	return int64(len(grepRule.FindAllString(doc.text(), -1)))
}

// Purview is the published rule of Microsoft Purview for the Japanese social
// insurance number, taken at medium confidence: seven to twelve digits, or four
// and six with or without a hyphen, with one of its words within 300 characters.
// https://learn.microsoft.com/en-us/purview/sit-defn-japan-social-insurance-number
func Purview(doc Doc) int64 {
	text := doc.text()
	words := purviewWords.FindAllStringIndex(text, -1)
	var n int64
	for _, m := range purviewRule.FindAllStringIndex(text, -1) {
		for _, w := range words {
			if near(text, m, w) {
				n++
				break
			}
		}
	}
	return n
}

var (
	grepRule     = regexp.MustCompile(`\d{4}-?\d{6}`)
	purviewRule  = regexp.MustCompile(`\b\d{4}-\d{6}\b|\b\d{7,12}\b`)
	purviewWords = regexp.MustCompile(`(?i)Social Insurance No|Social Insurance Num|健康保険被保険者番号|健保番号|基礎年金番号|雇用保険被保険者番号|雇用保険番号|保険証番号|社会保険番号|社会保険No\.|社会保険|介護保険|介護保険被保険者番号|健康保険被保険者整理番号|雇用保険被保険者整理番号|厚生年金|厚生年金被保険者整理番号`)
)

// near says that less than 300 characters lie between two places.
func near(text string, a, b []int) bool {
	from, to := a[1], b[0]
	if b[0] < a[0] {
		from, to = b[1], a[0]
	}
	if to-from > 4*300 {
		return false
	}
	return from >= to || utf8.RuneCountInString(text[from:to]) <= 300
}

// text is what a program that knows no tables reads.
func (d *Doc) text() string {
	var b strings.Builder
	for _, row := range d.Rows {
		b.WriteString(strings.Join(row, ","))
		b.WriteByte('\n')
	}
	return b.String()
}
