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

// clock says that ten digits can be read as yymmddhhmm or as yyyymmdd with a
// counter.
func clock(v uint64) bool {
	month, day, hour, minute := v/1e6%100, v/1e4%100, v/100%100, v%100
	if month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 {
		return true
	}
	year := v / 1e6
	month, day = v/1e4%100, v/100%100
	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// unixTime says that ten digits lie in 2001-09-09 … 2033-05-18 as seconds.
func unixTime(v uint64) bool { return v >= 1_000_000_000 && v < 2_000_000_000 }
