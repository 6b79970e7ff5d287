package lex

import "strings"

// AddressLike reports whether a text is an address: a prefecture with a
// municipality after it, or a municipality with a house number after it.
func AddressLike(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) < 9 {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "〒"); ok { // a code alone is no address
		s = strings.TrimLeft(rest, "0123456789０１２３４５６７８９-－‐ 　\n")
		return len(s) >= 6
	}
	if i := prefecture(s); i > 0 {
		return strings.ContainsAny(s[i:], "市区町村郡")
	}
	i := strings.IndexAny(s, "市区町村郡")
	return i > 0 && (strings.Contains(s[i:], "丁目") || strings.Contains(s[i:], "番地") || strings.ContainsAny(s[i:], "0123456789０１２３４５６７８９"))
}

// prefecture is the offset behind the first name of a prefecture in s, or 0.
func prefecture(s string) int {
	for _, suffix := range [...]string{"県", "府", "都", "道"} {
		i := strings.Index(s, suffix)
		if i < 6 {
			continue
		}
		for _, n := range [...]int{6, 9} {
			if i >= n && strings.Contains(prefectures, "|"+s[i-n:i+len(suffix)]+"|") {
				return i + len(suffix)
			}
		}
	}
	return 0
}

const prefectures = "|北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県|石川県|福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|岡山県|広島県|山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県|"
