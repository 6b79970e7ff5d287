package detectors

import (
	"bytes"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// residence is the code of the prefecture that an address begins with, in the
// codes of the pension service (Tokyo is 21), or 0. A postal code may stand
// before it; the cities that need no prefecture are known too.
func residence(address []byte) uint8 {
	address = trim(address)
	if rest, ok := bytes.CutPrefix(address, []byte("〒")); ok {
		address = bytes.TrimLeft(rest, "0123456789-－ 　０１２３４５６７８９\n")
	}
	end := 0
	for n := 0; n < 5 && end < len(address); n++ {
		r, size := utf8.DecodeRune(address[end:])
		end += size
		switch r {
		case '都', '道', '府', '県', '市':
			if code := placeNamed(string(address[:end])); code != 0 {
				return code
			}
		}
	}
	return 0
}

// placeNamed is the code of a prefecture, or of that in which a city lies.
func placeNamed(name string) uint8 {
	switch name {
	case "北海道", "札幌市":
		return 1
	case "青森県":
		return 2
	case "岩手県":
		return 3
	case "宮城県", "仙台市":
		return 4
	case "秋田県":
		return 5
	case "山形県":
		return 6
	case "福島県":
		return 7
	case "茨城県":
		return 8
	case "栃木県":
		return 9
	case "群馬県":
		return 10
	case "埼玉県", "さいたま市":
		return 11
	case "千葉県", "千葉市":
		return 12
	case "東京都":
		return 21
	case "神奈川県", "横浜市", "川崎市", "相模原市":
		return 31
	case "新潟県", "新潟市":
		return 32
	case "富山県":
		return 33
	case "石川県":
		return 34
	case "福井県":
		return 35
	case "山梨県":
		return 36
	case "長野県":
		return 37
	case "岐阜県":
		return 38
	case "静岡県", "静岡市", "浜松市":
		return 39
	case "大阪府", "大阪市", "堺市":
		return 41
	case "兵庫県", "神戸市":
		return 42
	case "愛知県", "名古屋市":
		return 51
	case "三重県":
		return 52
	case "滋賀県":
		return 53
	case "京都府", "京都市":
		return 54
	case "奈良県":
		return 55
	case "和歌山県":
		return 56
	case "鳥取県":
		return 57
	case "島根県":
		return 58
	case "岡山県", "岡山市":
		return 59
	case "広島県", "広島市":
		return 60
	case "山口県":
		return 61
	case "徳島県":
		return 71
	case "香川県":
		return 72
	case "愛媛県":
		return 73
	case "高知県":
		return 74
	case "福岡県", "北九州市", "福岡市":
		return 75
	case "佐賀県":
		return 76
	case "長崎県":
		return 77
	case "熊本県", "熊本市":
		return 78
	case "大分県":
		return 79
	case "宮崎県":
		return 80
	case "鹿児島県":
		return 81
	case "沖縄県":
		return 82
	}
	return 0
}

// lives is the prefecture of the address that stands in a row, or 0.
func (t *table) lives(r *scan.Row) uint8 {
	for i := range r.Cells[:min(len(r.Cells), formCells)] {
		text := r.Cells[i].Text
		if len(text) < 6 || text[0] < 0xE3 && text[0] > ' ' {
			continue
		}
		c := t.known(r.Cells[i].Col)
		if c == nil || c.kind != kindAddress && (c.kind != kindNone || c.barred&(1<<kindAddress) != 0) {
			continue
		}
		if code := residence(text); code != 0 && (c.kind == kindAddress || addressLike(string(text))) {
			return code
		}
	}
	return 0
}
