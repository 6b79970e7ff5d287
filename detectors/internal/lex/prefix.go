package lex

import "strconv"

// KnownPrefix reports whether the first two digits are in use: 48 codes of
// prefectures and 90–99 (mutual aid associations, interim numbers). Source:
// CSV形式届書作成仕様書 第16.2版, 参考資料3.
func KnownPrefix(pair int) bool {
	switch {
	case pair >= 1 && pair <= 12, pair == 21, pair == 22, pair >= 31 && pair <= 39, pair == 41, pair == 42,
		pair >= 51 && pair <= 61, pair >= 71 && pair <= 82, pair >= 90 && pair <= 99:
		return true
	}
	return false
}

// InterimPrefix is the pair of numbers given provisionally (仮基礎年金番号).
const InterimPrefix = 99

// PrefixName returns the key in scan.Counts.Places.
func PrefixName(pair int) string {
	if !KnownPrefix(pair) {
		return "other"
	}
	if pair < 10 {
		return "0" + strconv.Itoa(pair)
	}
	return strconv.Itoa(pair)
}

// Prefix returns the first two of ten digits.
func Prefix(value uint64) int { return int(value / 1e8) }

// PhonePrefix reports whether the first four digits are those of a special dial:
// free dial (0120-…) and navigation dial (0570-…) have the shape of a number.
func PhonePrefix(value uint64) bool {
	switch value / 1e6 {
	case 120, 570, 990, 180, 800:
		return true
	}
	return false
}
