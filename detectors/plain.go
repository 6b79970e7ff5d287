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
	for _, end := range [...]string{"番号", "no", "コード", "code", "id", "ナンバー", "number"} {
		for_, ok := strings.CutSuffix(folded, end)
		if !ok {
			continue
		}
		switch for_ {
		case "", "本人", "対象者", "対象", "受給者", "証書", "記号", "者", "row", "rec", "seq", "お客様の":
			return false
		}
		return len(for_) >= 2
	}
	return false
}
