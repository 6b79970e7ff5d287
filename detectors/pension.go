package detectors

import "strings"

// pensionField is the number itself, under the headings that forms, systems and
// people give it.
func pensionField() field {
	return field{
		kind: kindPension,
		headings: []string{
			"基礎年金番号", "年金番号", "年金手帳", "年金証書", "基礎番号", "基年番", "=年番", "年金no", "手帳番号", "手帳記号番号", "年金記号番号", "年金の記号番号",
			"キソネンキン", "ネンキンバンゴウ", "きそねんきん", "ねんきんばんごう", "kisonenkin", "basicpension", "=nenkin",
		},
		// A word of each of these two lists makes a heading too.
		of:      []string{"年金", "国年", "厚年", "基年", "共済年金", "ねんきん", "ネンキン", "nenkin", "pension"},
		between: []string{"の", "手帳", "証書", "保険", "被保険者", "受給権者", "受給者", "記号", "基礎", "本人", "book", "handbook", "card", "certificate", "techo", "shosho", "kigo", "insurance", "kiso", "basic"},
		alone:   []string{"番号", "ナンバー", "バンゴウ", "$no", "bango", "number", "num", "$id"},
		not: []string{
			"有無", "年月日", "交付", "事務所", "コード", "金額", "種別", "件数", "返納", "様式", "の日", "一覧", "リスト", "について", "名簿", "確認表", "事業所", "電話", "ダイヤル", "基金番号", "支店", "口座",
			"障害者手帳", "療育", "母子", "健康手帳", "福祉手帳", "付番", "人数", "雇用", "受付番号", "整理番号", "管理番号", "相談番号", "員番号", "会員", "案内", "変更", "担当",
		},
		unless: []string{"企業年金", "個人年金", "確定拠出", "確定給付", "年金基金", "証券", "保険証券"},
		yesHeadings: []string{
			"基礎年金番合", "基楚年金番号", "基礎年金番号（4桁-6桁）",
			"基礎年金番号", "基 礎 年 金\n番 号", "個人番号（基礎年金番号）", "個人番号又は基礎年金番号", "年金手帳の記号番号",
			"年金証書番号", "ｷｿﾈﾝｷﾝﾊﾞﾝｺﾞｳ", "ｋｉｓｏ＿ｎｅｎｋｉｎ", "NKISO_NENKIN_NO", "Pension Number", "配偶者の基礎年金番号", "厚生年金番号", "年番", "国年手帳番号", "ねんきん番号",
			"NENKIN_NO", "基礎年金番号・年金コード", "年金№",
		},
		noHeadings: []string{
			"年金コード", "年金手帳の有無", "年金事務所", "年金額", "基礎年金番号の件数", "雇用保険被保険者番号", "電話番号", "番号", "", "年金証書交付年月日", "基礎年金番号 確認リスト", "年金相談 受付番号",
			"企業年金加入者番号", "厚生年金 伝票番号", "年金保険 証券番号", "国民年金 納付書番号", "基礎控除番号",
		},
	}
}

// officeField is the first part of a number written in two columns.
func officeField() field {
	return field{
		kind:        kindOffice,
		headings:    []string{"課所", "年金記号", "kasho", "=年金番号記号"},
		not:         []string{"番号一連", "年金記号番号", "の記号番号"},
		yesHeadings: []string{"課所符号", "課所符号（年番）", "課所 符号", "KASHO_FUGO", "年金記号"},
		noHeadings:  []string{"郡市区符号", "記号", "年金記号番号"},
	}
}

// serialField is the second part.
func serialField() field {
	return field{
		kind:        kindSerial,
		headings:    []string{"一連番号", "$一連", "ichiren"},
		yesHeadings: []string{"一連番号", "一連番号（年番）", "ICHIREN_BANGO"},
		noHeadings:  []string{"連番", "番号", "通し番号"},
	}
}

// nearly says that a heading is the number's with one character wrong or
// missing, as people mistype it.
func nearly(folded string) bool {
	const right = "基礎年金番号"
	want, have := []rune(right), []rune(folded)
	if len(have) > len(want)+1 || len(have) < len(want)-1 {
		return false
	}
	head, tail := 0, 0
	for head < min(len(want), len(have)) && want[head] == have[head] {
		head++
	}
	for tail < min(len(want), len(have))-head && want[len(want)-1-tail] == have[len(have)-1-tail] {
		tail++
	}
	return max(len(want), len(have))-head-tail <= 1
}

// partOf tells by the end of a heading which part of the number a column holds.
// The heading itself is known to be the number's.
func partOf(folded string) kind {
	if strings.Contains(folded, "4桁") && strings.Contains(folded, "6桁") || strings.Contains(folded, "課所") && strings.Contains(folded, "一連") {
		return kindPension
	}
	for _, end := range [...]string{"課所符号", "課所", "記号", "前4桁", "上4桁", "4桁", "頭4桁", "番号1", "番号上", "番号前"} {
		if strings.HasSuffix(folded, end) {
			return kindOffice
		}
	}
	for _, end := range [...]string{"一連番号", "一連", "番号番号", "後6桁", "下6桁", "6桁", "番号2", "番号下", "番号後"} {
		if strings.HasSuffix(folded, end) {
			return kindSerial
		}
	}
	return kindPension
}

// partWord says that a heading below another one names a part of it.
func partWord(folded string) bool {
	switch folded {
	case "番号", "記号", "課所", "一連", "符号", "前4桁", "後6桁", "上4桁", "下6桁", "4桁", "6桁", "記号番号":
		return true
	}
	return false
}
