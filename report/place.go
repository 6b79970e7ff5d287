package report

// prefectures are the codes of the pension service in its own order, which is
// that of its published tables and not JIS X 0401. Tokyo has 21 and 22.
// Source: CSV形式届書作成仕様書 第16.2版, 参考資料3.
func prefectures() []string {
	return []string{
		"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12",
		"21", "31", "32", "33", "34", "35", "36", "37", "38", "39", "41", "42",
		"51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61",
		"71", "72", "73", "74", "75", "76", "77", "78", "79", "80", "81", "82",
	}
}

// What is no prefecture comes after them.
const (
	placeInterim = "99"
	placeMutual  = "mutual"
	placeOther   = "other"
)

// placeRow is the row of the table that a key of scan.Counts.Places counts in.
func placeRow(key string) string {
	switch {
	case key == "22":
		return "21"
	case key == placeInterim || len(key) != 2:
		return key
	case key[0] == '9':
		return placeMutual
	}
	return key
}

// byPlace orders counts as the tables do, rows without records included. The
// rows add up to the records that went in: an unknown key is an unlisted code.
func byPlace(places map[string]int64) []named {
	sums := map[string]int64{}
	var rows []named
	for _, code := range append(prefectures(), placeInterim, placeMutual, placeOther) {
		rows = append(rows, named{Code: code})
		sums[code] = 0
	}
	for key, n := range places {
		row := placeRow(key)
		if _, ok := sums[row]; !ok {
			row = placeOther
		}
		sums[row] += n
	}
	for i := range rows {
		rows[i].N = sums[rows[i].Code]
	}
	return rows
}
