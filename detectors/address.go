package detectors

import "github.com/kagiban/kagiban/detectors/internal/lex"

// addressField is addresses and postal codes.
func addressField() field {
	return field{
		kind:        kindAddress,
		headings:    []string{"住所", "居所", "所在地", "番地", "郵便番号", "=〒", "=address", "homeaddress", "postaladdress", "jusho", "juusho", "zipcode", "postalcode", "町名"},
		not:         []string{"事業所", "会社", "勤務先", "メール", "mail", "ipaddress", "コード"},
		like:        lex.AddressLike,
		yesHeadings: []string{"住所", "現住所", "住　所", "郵便番号", "Address", "居所"},
		noHeadings:  []string{"基礎年金番号", "メールアドレス", "事業所所在地", "IP Address"},
	}
}
