package detectors

// phoneField is telephone numbers. Free dial (0120-…) and navigation dial
// (0570-…) have the shape of a pension number.
func phoneField() field {
	return field{
		kind: kindPhone,
		headings: []string{
			"電話", "携帯", "フリーダイヤル", "フリーアクセス", "ナビダイヤル", "連絡先", "デンワ", "ファックス", "ファクシミリ", "fax", "=tel", "tel番号", "telno", "phone", "mobile", "内線", "お問い合わせ", "お問合せ", "問合せ先",
		},
		yesHeadings: []string{"電話番号", "ＴＥＬ", "TEL/FAX", "携帯電話", "連絡先", "緊急連絡先", "ﾃﾞﾝﾜ", "FAX番号", "Phone"},
		noHeadings:  []string{"基礎年金番号", "hotel", "番号"},
	}
}
