package lex

import "bytes"

// Vacant reports whether a cell has been written in to say that it holds nothing.
func Vacant(text []byte) bool {
	if len(text) > 12 {
		return false
	}
	switch string(Trim(text)) {
	case "", "-", "－", "ー", "―", "‐", "--", "---", "?", "？", "*", "＊", "×", "/", "／", "0", "なし", "無し", "無", "不明", "未記入", "空欄", "未確認", "N/A", "n/a", "NULL", "null", "未定", "未登録", "該当なし":
		return true
	}
	return false
}

// HyphenCell reports whether a cell holds hyphens and nothing else.
func HyphenCell(text []byte) bool {
	if text = Trim(text); len(text) == 0 || len(text) > 3 {
		return false
	}
	for _, r := range bytes.Runes(text) {
		if !IsHyphen(r) {
			return false
		}
	}
	return true
}

// ValueLike reports whether a text is what a person's record holds: a name, an
// address or a date.
func ValueLike(s string) bool { return NameLike(s) || AddressLike(s) || DateYear(s) != 0 }
