package detectors

// pensionField is the number itself, under the headings that forms, systems and
// people give it.
func pensionField() field {
	return field{
		kind: kindPension,
		headings: []string{
			"基礎年金番号", "年金番号", "年金手帳", "年金証書", "基礎番号", "基年番", "=年番", "厚年番号", "国年番号",
			"厚生年金被保険者番号", "国民年金被保険者番号", "年金記号番号", "年金の記号番号",
			"キソネンキンバンゴウ", "ネンキンバンゴウ", "きそねんきんばんごう", "ねんきんばんごう", "きそ年金番号",
			"kisonenkin", "nenkinbango", "nenkinno", "nenkinnumber", "pensionnumber", "pensionno", "pensionid", "basicpension",
		},
		not: []string{"有無", "年月日", "交付", "事務所", "コード", "金額", "種別", "件数", "返納", "様式", "の日"},
		yesHeadings: []string{
			"基礎年金番号", "基 礎 年 金\n番 号", "個人番号（基礎年金番号）", "個人番号又は基礎年金番号", "年金手帳の記号番号",
			"年金証書番号", "ｷｿﾈﾝｷﾝﾊﾞﾝｺﾞｳ", "ｋｉｓｏ＿ｎｅｎｋｉｎ", "NKISO_NENKIN_NO", "Pension Number", "配偶者の基礎年金番号", "厚生年金番号", "年番",
		},
		noHeadings: []string{
			"年金コード", "年金手帳の有無", "年金事務所", "年金額", "基礎年金番号の件数", "雇用保険被保険者番号", "電話番号", "番号", "", "年金証書交付年月日",
		},
	}
}

// officeField is the first part of a number written in two columns.
func officeField() field {
	return field{
		kind:        kindOffice,
		headings:    []string{"課所符号", "=課所"},
		yesHeadings: []string{"課所符号", "課所符号（年番）", "課所 符号"},
		noHeadings:  []string{"郡市区符号", "記号"},
	}
}

// serialField is the second part.
func serialField() field {
	return field{
		kind:        kindSerial,
		headings:    []string{"一連番号"},
		yesHeadings: []string{"一連番号", "一連番号（年番）"},
		noHeadings:  []string{"連番", "番号", "通し番号"},
	}
}
