package detectors

import "strings"

// addressField is addresses and postal codes.
func addressField() field {
	return field{
		kind:        kindAddress,
		headings:    []string{"住所", "居所", "所在地", "番地", "郵便番号", "=〒", "=address", "homeaddress", "postaladdress", "jusho", "juusho", "zipcode", "postalcode", "町名"},
		not:         []string{"事業所", "会社", "勤務先", "メール", "mail", "ipaddress", "コード"},
		like:        addressLike,
		yesHeadings: []string{"住所", "現住所", "住　所", "郵便番号", "Address", "居所"},
		noHeadings:  []string{"基礎年金番号", "メールアドレス", "事業所所在地", "IP Address"},
		yes:         []string{"東京都杉並区高井戸西3-5-24", "神奈川県横浜市中区山下町１－２", "札幌市北区北8条西5丁目", "〒168-8505 東京都杉並区", "大阪府堺市南区", "愛知県海部郡大治町5番地"},
		no:          []string{"東京都", "山田 太郎", "1234-567890", "市場調査", "", "区分", "町内会", "都道府県別"},
	}
}

// addressLike knows addresses by a prefecture with a municipality after it, or
// a municipality with a house number after it.
func addressLike(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) < 9 {
		return false
	}
	if strings.HasPrefix(s, "〒") {
		return true
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
