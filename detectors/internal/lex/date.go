package lex

import (
	"strings"
	"unicode/utf8"
)

// BirthLike reports whether a text is the date of birth of somebody old enough
// to have a number.
func BirthLike(s string) bool {
	y := DateYear(s)
	return y >= 1900 && y <= 2010
}

// DateYear is the western year of a date, or 0 if s is none.
func DateYear(s string) int {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > 60 {
		return 0
	}
	year, rest := eraYear(s)
	if year == 0 {
		var n int
		year, n, rest = digits(s)
		switch n {
		case 4:
		case 8: // yyyymmdd
			return checkDate(year/1e4, year/100%100, year%100, rest)
		case 7: // era (昭和 5, 平成 7, 令和 9; older systems 1, 2, 3, 4, 5) and yymmdd
			return checkDate(eraStart(rune('0'+year/1e6))+year/1e4%100, year/100%100, year%100, rest)
		default:
			return 0
		}
	}
	rest, ok := dateMark(rest, "年")
	if !ok {
		return 0
	}
	month, n, rest := digits(rest)
	if n < 1 || n > 2 {
		return 0
	}
	if rest, ok = dateMark(rest, "月"); !ok {
		return 0
	}
	day, n, rest := digits(rest)
	if n < 1 || n > 2 {
		return 0
	}
	return checkDate(year, month, day, strings.TrimPrefix(rest, "日"))
}

// checkDate is the year if the date can be, and nothing but a time follows.
func checkDate(year, month, day int, rest string) int {
	if year < 1868 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0
	}
	if rest != "" && rest[0] != ' ' && rest[0] != 'T' && !strings.HasPrefix(rest, "生") && !strings.HasPrefix(rest, "　") {
		return 0
	}
	return year
}

// FilingBirth reports whether two readings are the date of birth of somebody old
// enough to have a number, as files for the pension service write it: the digit of
// the era and, in the next column, yymmdd.
func FilingBirth(era, day Reading) bool {
	if era.Form != FormShort || era.Digits != 1 || day.Form != FormShort || day.Digits != 6 {
		return false
	}
	start := eraStart(rune('0' + era.Value))
	if start == 0 {
		return false
	}
	year := checkDate(start+int(day.Value/1e4), int(day.Value/100%100), int(day.Value%100), "")
	return year >= 1900 && year <= 2010
}

// eraYear reads an era and its year: 昭和30, S30, 昭30, 平成元.
func eraYear(s string) (year int, rest string) {
	r, n := utf8.DecodeRuneInString(s)
	start := eraStart(r)
	if start == 0 || r >= '0' && r <= '9' {
		return 0, s
	}
	rest = s[n:]
	for _, second := range [...]string{"和", "成", "正", "治", ".", " "} {
		if after, ok := strings.CutPrefix(rest, second); ok {
			rest = after
			break
		}
	}
	if after, ok := strings.CutPrefix(rest, "元"); ok {
		return start + 1, after
	}
	y, width, after := digits(strings.TrimLeft(rest, " 　"))
	if width == 6 && y/1e4 > 0 { // S300102
		return start + y/1e4, "." + two(y/100%100) + "." + two(y%100) + after
	}
	if width < 1 || width > 2 || y == 0 {
		return 0, s
	}
	return start + y, after
}

func two(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// eraStart is the western year before the first of the era that r stands for.
func eraStart(r rune) int {
	switch r {
	case '明', 'M', 'm', '1', '㍾':
		return 1867
	case '大', 'T', 't', '㍽':
		return 1911
	case '昭', 'S', 's', '3', '5', '㍼':
		return 1925
	case '平', 'H', 'h', '4', '7', '㍻':
		return 1988
	case '令', 'R', 'r', '9', '㋿':
		return 2018
	}
	return 0
}

// digits reads ASCII and full-width digits.
func digits(s string) (value, n int, rest string) {
	for n < 9 && s != "" {
		switch {
		case s[0]-'0' <= 9:
			value, s = value*10+int(s[0]-'0'), s[1:]
		case len(s) > 2 && s[0] == 0xEF && s[1] == 0xBC && s[2]-0x90 <= 9:
			value, s = value*10+int(s[2]-0x90), s[3:]
		default:
			return value, n, s
		}
		n++
	}
	return value, n, s
}

// dateMark takes the sign between the parts of a date.
func dateMark(s, word string) (rest string, ok bool) {
	for _, mark := range [...]string{word, "/", "-", ".", "／", "．", "－"} {
		if rest, ok = strings.CutPrefix(s, mark); ok {
			return strings.TrimLeft(rest, " 　"), true
		}
	}
	return s, false
}
