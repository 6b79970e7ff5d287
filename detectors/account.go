package detectors

// accountField is bank accounts and postal savings.
func accountField() field {
	return field{
		kind:        kindOther,
		headings:    []string{"口座", "預金", "貯金", "通帳", "銀行", "支店", "金融機関", "カード番号", "account"},
		yesHeadings: []string{"口座番号", "ゆうちょ 通帳記号", "振込先口座", "金融機関コード", "Account No"},
		noHeadings:  []string{"基礎年金番号", "住所"},
	}
}
