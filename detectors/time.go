package detectors

// timeField is dates and times other than the date of birth. As ten digits they
// appear as yymmddhhmm, as a date with a counter, or as seconds since 1970.
func timeField() field {
	return field{
		kind:        kindOther,
		headings:    []string{"日時", "年月日", "日付", "時刻", "タイムスタンプ", "timestamp", "更新日", "登録日", "作成日", "入社日", "取得日", "喪失日", "受付日", "期限", "datetime", "createdat", "updatedat", "unixtime", "epoch", "=date", "=time", "=日"},
		yesHeadings: []string{"受付日時", "資格取得年月日", "created_at", "Timestamp", "更新日"},
		noHeadings:  []string{"基礎年金番号", "氏名", "日本名"},
	}
}
