package detectors

// insuranceField is employment insurance (雇用保険, 4-6-1) and health insurance.
func insuranceField() field {
	return field{
		kind: kindOther,
		headings: []string{
			"雇用保険", "雇保", "労働保険", "健康保険", "健保", "国保", "保険証", "保険者番号", "被保険者整理番号", "koyohoken", "koyou",
		},
		yesHeadings: []string{"雇用保険被保険者番号", "雇用保険番号", "健保記号", "国民健康保険 記号番号", "被保険者整理番号"},
		noHeadings:  []string{"基礎年金番号", "被保険者氏名", "氏名"},
	}
}

// careField is long-term care insurance: ten digits, most with leading zeros.
func careField() field {
	return field{
		kind:        kindOther,
		headings:    []string{"介護", "後期高齢", "被保険者番号", "医療機関", "事業所番号", "施設番号", "kaigo"},
		yesHeadings: []string{"介護保険被保険者番号", "要介護者番号", "介護事業所番号", "医療機関コード", "被保険者番号"},
		noHeadings:  []string{"基礎年金番号", "被保険者名", "住所"},
	}
}

// myNumberField is the individual number (マイナンバー, 12 digits) and other
// numbers of persons that are not pension numbers.
func myNumberField() field {
	return field{
		kind:        kindOther,
		headings:    []string{"個人番号", "マイナンバー", "法人番号", "住民票コード", "免許証", "旅券番号", "在留カード", "利用者識別番号", "登録番号", "mynumber"},
		yesHeadings: []string{"個人番号", "マイナンバー", "ﾏｲﾅﾝﾊﾞｰ", "個人番号（12桁）", "My Number", "法人番号"},
		noHeadings:  []string{"番号", "氏名"},
	}
}
