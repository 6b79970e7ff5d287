package detectors

import "strings"

// plainField is what stands over columns of many lists and says nothing of a
// number; it tells that a row is one of headings, and that names in such a
// column are not those of the persons in the list.
func plainField() field {
	return field{
		kind: kindPlain,
		headings: []string{
			"備考", "区分", "=性別", "=年齢", "続柄", "=種別", "担当", "処理", "状況", "結果", "所属", "部署", "=課", "=係", "内容", "=項目", "摘要", "=月", "=年度", "事業所", "会社", "勤務先", "=sex", "=kbn", "status", "remarks", "=note", "=flg", "対応", "確認者", "作成者", "メモ", "理由",
		},
		yesHeadings: []string{"備考", "性別", "担当者", "処理状況", "続柄", "status"},
		noHeadings:  []string{"基礎年金番号", "氏名", "番号", "令和6年度分"},
	}
}

// foreignNumber says that a folded heading names a number of some other kind:
// it ends as such headings do and begins with what the number is for.
func foreignNumber(folded string) bool {
	if i := strings.Index(folded, "番号"); i > 0 {
		return foreign(folded[:i]) && !strings.HasSuffix(folded, "記号番号")
	}
	for _, end := range [...]string{"no", "コード", "code", "id", "ナンバー", "number"} {
		if what, ok := strings.CutSuffix(folded, end); ok {
			return foreign(what)
		}
	}
	return false
}

// foreign says that what a number is for is not the person whom a list is about.
func foreign(what string) bool {
	switch what {
	case "本人", "対象者", "対象", "受給者", "証書", "記録", "照会", "記号", "者", "row", "rec", "seq":
		return false
	}
	return len(what) >= 2
}

// neutral says that a folded heading may stand over any number.
func neutral(folded string) bool {
	switch folded {
	case "番号", "no", "id", "本人番号", "対象者番号", "受給者番号", "証書番号", "記録番号", "照会番号":
		return true
	}
	return strings.HasSuffix(folded, "記号番号")
}
