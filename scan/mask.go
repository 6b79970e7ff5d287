package scan

import (
	"regexp"
	"unicode"
	"unicode/utf8"
)

// numberShape is four digits, perhaps a separator, and six digits.
var numberShape = regexp.MustCompile(`[0-9０-９]{4}[-‐‑‒–—―−ー－ｰ﹣ 　._]?[0-9０-９]{6}`)

// bareSID is what a server numbers its accounts by (MS-DTYP 2.4.2.1): its parts may be
// as long as a pension number, but nobody writes one there, and it is compared with
// others.
var bareSID = regexp.MustCompile(`^S-1(-[0-9]{1,10})+$`)

// NumbersIn returns where a name holds what has the shape of a pension number, as
// offsets of its bytes. None reaches over a separator of folders. A SID, which stands
// where a server has no name of an account, holds none.
func NumbersIn(name string) [][2]int {
	if bareSID.MatchString(name) {
		return nil
	}
	var list [][2]int
	for _, at := range numberShape.FindAllStringIndex(name, -1) {
		before, _ := utf8.DecodeLastRuneInString(name[:at[0]])
		after, _ := utf8.DecodeRuneInString(name[at[1]:])
		if !unicode.IsDigit(before) && !unicode.IsDigit(after) {
			list = append(list, [2]int{at[0], at[1]})
		}
	}
	return list
}

// MaskName hides all but the last two digits of what has the shape of a pension
// number.
func MaskName(name string) string {
	var out []byte
	rest := 0
	for _, at := range NumbersIn(name) {
		number := []rune(name[at[0]:at[1]])
		for i := range number[:len(number)-2] {
			if unicode.IsDigit(number[i]) {
				number[i] = '*'
			}
		}
		out = append(append(out, name[rest:at[0]]...), string(number)...)
		rest = at[1]
	}
	return string(append(out, name[rest:]...))
}
