package detectors

import "strconv"

// placeCode says whether the first two digits are in use: 48 codes of
// prefectures and 90–99 (mutual aid associations, interim numbers). Source:
// CSV形式届書作成仕様書 第16.2版, 参考資料3.
func placeCode(pair int) bool {
	switch {
	case pair >= 1 && pair <= 12, pair == 21, pair == 22, pair >= 31 && pair <= 39, pair == 41, pair == 42,
		pair >= 51 && pair <= 61, pair >= 71 && pair <= 82, pair >= 90 && pair <= 99:
		return true
	}
	return false
}

// interim is the pair of numbers given provisionally (仮基礎年金番号).
const interim = 99

// placeName is the key in Counts.Places.
func placeName(pair int) string {
	if !placeCode(pair) {
		return "other"
	}
	if pair < 10 {
		return "0" + strconv.Itoa(pair)
	}
	return strconv.Itoa(pair)
}

func pairOf(value uint64) int { return int(value / 1e8) }
