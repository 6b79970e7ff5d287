package kind

import "strings"

// MyNumber is the individual number (個人番号, マイナンバー): twelve digits, of
// which the last is a check digit. Source: 総務省令第85号 (2014), 第5条. One of
// eleven numbers drawn by lot passes it, so that a heading is needed too.
func MyNumber() Rule {
	return Rule{
		Name:      "my-number",
		Pattern:   `[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}`,
		Headings:  []string{"マイナンバー", "個人番号", "ﾏｲﾅﾝﾊﾞｰ", "mynumber", "my number", "my_number"},
		StopWords: []string{"法人番号", "有無", "提出", "確認書類"},
		Match:     []string{"123456789018", "1234-5678-9018", "1234 5678 9018", "１２３４５６７８９０１８"},
		NoMatch:   []string{"123456789012", "12345678901", "1234567890128", "1234-567890", "000000000000", ""},
		Valid:     myNumberValid,
	}
}

// myNumberValid checks the last digit: eleven minus the weighted sum of the
// others modulo eleven, or 0 if that remainder is 0 or 1.
func myNumberValid(text string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	if len(digits) != 12 || strings.Count(digits, digits[:1]) == 12 {
		return false
	}
	sum := 0
	for i, weight := range [...]int{6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2} {
		sum += weight * int(digits[i]-'0')
	}
	check := 11 - sum%11
	if sum%11 <= 1 {
		check = 0
	}
	return check == int(digits[11]-'0')
}
