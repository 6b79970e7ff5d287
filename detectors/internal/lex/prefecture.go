package lex

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Places are names of prefectures, and of cities that need none, with the codes
// of the pension service (Tokyo is 21).
type Places map[string]uint8

// Prefecture returns the code of the prefecture that an address begins with, or
// 0. A postal code may stand before it.
func (p Places) Prefecture(address []byte) uint8 {
	address = Trim(address[:min(len(address), AddressBytes)])
	if rest, ok := bytes.CutPrefix(address, []byte("〒")); ok {
		address = bytes.TrimLeft(rest, "0123456789-－ 　０１２３４５６７８９\n")
	}
	end := 0
	for n := 0; n < 5 && end < len(address); n++ {
		r, size := utf8.DecodeRune(address[end:])
		end += size
		switch r {
		case '都', '道', '府', '県', '市':
			if code := p[string(address[:end])]; code != 0 {
				return code
			}
		}
	}
	return 0
}

// NewPlaces reads the list below.
func NewPlaces() Places {
	codes := Places{}
	for _, p := range strings.Split(strings.Trim(places, "|"), "|") {
		name, code := p[:len(p)-2], p[len(p)-2:]
		codes[name] = 10*(code[0]-'0') + code[1] - '0'
	}
	return codes
}

// places are the prefectures, and the cities that are written without one, with
// the codes of the pension service. Source: CSV形式届書作成仕様書 第16.2版, 参考資料3.
const places = "|北海道01|札幌市01|青森県02|岩手県03|宮城県04|仙台市04|秋田県05|山形県06|福島県07|茨城県08|栃木県09|群馬県10|埼玉県11|さいたま市11|千葉県12|千葉市12|東京都21|神奈川県31|横浜市31|川崎市31|相模原市31|新潟県32|新潟市32|富山県33|石川県34|福井県35|山梨県36|長野県37|岐阜県38|静岡県39|静岡市39|浜松市39|大阪府41|大阪市41|堺市41|兵庫県42|神戸市42|愛知県51|名古屋市51|三重県52|滋賀県53|京都府54|京都市54|奈良県55|和歌山県56|鳥取県57|島根県58|岡山県59|岡山市59|広島県60|広島市60|山口県61|徳島県71|香川県72|愛媛県73|高知県74|福岡県75|北九州市75|福岡市75|佐賀県76|長崎県77|熊本県78|熊本市78|大分県79|宮崎県80|鹿児島県81|沖縄県82|"

// AddressBytes is the length of text that is looked at for an address: no
// address is longer, and the rest of a text of a megabyte is none.
const AddressBytes = 1 << 10
