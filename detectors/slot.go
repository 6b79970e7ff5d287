package detectors

import "github.com/kagiban/kagiban/detectors/internal/lex"

// A slot is what is known of the numbers in one column of interest.
type slot struct {
	col int // of the first column that has the slot

	n      int64 // numbers of ten digits
	nine   int64 // and of nine
	hyphen int64 // of n, those with a hyphen between four and six digits
	spaced int64
	cert   int64
	coded  int64 // of cert, those with a known pension code
	boxes  int64 // written in ten cells behind a label or below a heading

	valid  int64 // first two digits in use
	zero   int64 // first digit 0
	care   int64 // first three digits 0
	phone  int64
	year   int64 // first four digits 1900 to 2099
	clock  int64
	unix   int64
	step   int64 // a little more than the number above
	serial int64 // its last six digits are a little more than those of the number above
	same   int64 // equal to the number above
	pair   int64 // the same first two digits as the number above
	office int64 // the same first four digits as the number above
	prev   uint64

	samples []sample
	verdict verdict
	best    verdict // over all instalments
}

// count notes one number.
func (s *slot) count(rd lex.Reading) {
	v := rd.Value
	switch rd.Form {
	case lex.FormNine:
		s.nine++
		return
	case lex.FormHyphen:
		s.hyphen++
	case lex.FormSpaced:
		s.spaced++
	case lex.FormCertificate:
		s.cert++
		s.coded += one(rd.Code)
	}
	if s.n > 0 {
		switch {
		case v == s.prev:
			s.same++
		case v > s.prev && v-s.prev <= 10:
			s.step++
		}
		s.serial += one(v%1e6 > s.prev%1e6 && v%1e6-s.prev%1e6 <= 10)
		s.pair += one(v/1e8 == s.prev/1e8)
		if v/1e6 == s.prev/1e6 {
			s.office++
		}
	}
	s.n++
	s.prev = v
	s.valid += one(lex.KnownPrefix(lex.Prefix(v)))
	s.zero += one(v < 1e9)
	s.care += one(v < 1e7)
	s.phone += one(lex.PhonePrefix(v))
	s.year += one(v/1e6 >= 1900 && v/1e6 < 2100)
	s.clock += one(lex.ClockLike(v))
	s.unix += one(lex.UnixTimeLike(v))
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// most says that at least percent of whole are part.
func most(part, whole, percent int64) bool { return whole > 0 && part*100 >= whole*percent }
