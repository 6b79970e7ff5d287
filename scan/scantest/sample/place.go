package sample

import (
	"fmt"
	"strings"
)

// place is the code of a person's prefecture, in the codes of the pension
// service: of the address, or of the number's first two digits.
func (p *Person) place(address bool) string {
	if !address {
		return fmt.Sprintf("%02d", p.Number/1e8)
	}
	for _, end := range []string{"都", "道", "府", "県"} {
		if i := strings.Index(p.Address, end); i > 0 && i <= 9 {
			if at := strings.Index(codes, p.Address[:i+len(end)]); at >= 2 && codes[at-1] <= '9' {
				return codes[at-2 : at]
			}
		}
	}
	return "other"
}

// codes are those of the prefectures in which towns lie.
const codes = "01北海道 02青森県 04宮城県 05秋田県 07福島県 08茨城県 11埼玉県 12千葉県 21東京都 31神奈川県 32新潟県 34石川県 37長野県 39静岡県 41大阪府 42兵庫県 51愛知県 54京都府 55奈良県 59岡山県 60広島県 61山口県 72香川県 73愛媛県 75福岡県 78熊本県 81鹿児島県 82沖縄県"
