package lex

// As ten digits times appear as yymmddhhmm, as a date with a counter, or as
// seconds since 1970.

// ClockLike reports whether ten digits can be read as yymmddhhmm or as yyyymmdd
// with a counter.
func ClockLike(v uint64) bool {
	month, day, hour, minute := v/1e6%100, v/1e4%100, v/100%100, v%100
	if month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 {
		return true
	}
	year := v / 1e6
	month, day = v/1e4%100, v/100%100
	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// UnixTimeLike reports whether ten digits lie in 2001-09-09 … 2033-05-18 as seconds.
func UnixTimeLike(v uint64) bool { return v >= 1_000_000_000 && v < 2_000_000_000 }
