package detectors

import (
	"strings"
	"unicode/utf8"
)

// birthField is dates of birth, of the calendar of eras (和暦) and the western
// one.
func birthField() field {
	return field{
		kind:        kindBirth,
		headings:    []string{"生年月日", "誕生日", "出生年月日", "生年", "=生月日", "セイネンガッピ", "せいねんがっぴ", "birth", "seinengappi", "seinengapi", "=dob"},
		like:        birthLike,
		yesHeadings: []string{"生年月日", "生 年 月 日", "生年月日（和暦）", "ｾｲﾈﾝｶﾞｯﾋﾟ", "Date of Birth", "birthday"},
		noHeadings:  []string{"基礎年金番号", "資格取得年月日", "受付日"},
		yes:         []string{"昭和30年1月2日", "S30.1.2", "1955-01-02", "1955/1/2", "19550102", "平成元年10月8日", "昭和３０年１月２日", "5300102", "S30/01/02", "昭30.1.2", "1955年1月2日", "大正15.12.24", "1955/1/2 0:00", "1955-01-02 00:00:00"},
		no:          []string{"1234-567890", "山田 太郎", "2024-05-01", "昭和", "", "1955-13-02", "19551302", "03-5344-1120", "令和6年5月1日", "12345678", "S30.1.2.3.4"},
	}
}

// birthLike takes dates of birth of people old enough to have a number.
func birthLike(s string) bool {
	y := dateYear(s)
	return y >= 1900 && y <= 2010
}

// dateYear is the western year of a date, or 0 if s is none.
func dateYear(s string) int {
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
