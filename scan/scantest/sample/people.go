package sample

import (
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/text/width"
)

// A Person is invented: names, numbers and addresses are drawn by lot.
type Person struct {
	Family, Given         string
	FamilyKana, GivenKana string // full-width katakana
	Birth                 time.Time
	Postal, Address       string
	Phone                 string
	Employee              string
	Number                uint64 // the ten digits of the pension number
}

// NewPeople draws n persons with different numbers. The same seed gives the
// same persons.
//
// Numbers begin with a code that is in use and do not look made up; none has
// the first digits of a free-dial number.
func NewPeople(seed uint64, n int) []Person {
	r := rand.New(rand.NewPCG(seed, 1))
	family, given, town, pair := families(), givens(), towns(), pairs()
	taken := map[uint64]bool{}
	people := make([]Person, n)
	for i := range people {
		f, g, t := pick(r, family), pick(r, given), pick(r, town)
		people[i] = Person{
			Family: f.kanji, Given: g.kanji, FamilyKana: f.kana, GivenKana: g.kana,
			Birth:    time.Date(1925+r.IntN(70), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC),
			Postal:   t.postal,
			Address:  fmt.Sprintf("%s%s%s%d-%d-%d", t.prefecture, t.city, t.name, 1+r.IntN(9), 1+r.IntN(30), 1+r.IntN(20)),
			Phone:    fmt.Sprintf("%s-%04d-%04d", t.dial, 1000+r.IntN(9000), r.IntN(10000))[:12],
			Employee: fmt.Sprintf("%06d", 100000+i*7+r.IntN(7)),
			Number:   number(r, pair, taken),
		}
	}
	return people
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func number(r *rand.Rand, pair []int, taken map[uint64]bool) uint64 {
	for {
		office := uint64(pick(r, pair)*100 + r.IntN(100))
		v := office*1e6 + uint64(1+r.IntN(999_999))
		switch {
		case taken[v], office == 120, office == 570, office == 990, office == 180, office == 800:
		case v == 1234567890, v%1111111111 == 0:
		default:
			taken[v] = true
			return v
		}
	}
}

// Name is the name in kanji with a full-width space between, as lists of
// offices have it.
func (p *Person) Name() string { return p.Family + "　" + p.Given }

// HalfKana is the reading in half-width katakana, as old systems have it.
func (p *Person) HalfKana() string {
	return width.Narrow.String(p.FamilyKana + " " + p.GivenKana)
}

// Hyphen is the pension number as people write it: 1234-567891.
func (p *Person) Hyphen() string { return fmt.Sprintf("%04d-%06d", p.Number/1e6, p.Number%1e6) }

// Bare is the pension number without a hyphen.
func (p *Person) Bare() string { return fmt.Sprintf("%010d", p.Number) }

// Wide is the pension number in full-width digits with a full-width hyphen.
func (p *Person) Wide() string { return width.Widen.String(p.Hyphen()) }

// LostZero is the pension number as a number cell without a format shows it.
func (p *Person) LostZero() string { return fmt.Sprint(p.Number) }

// Era is the date of birth by the calendar of eras: 昭和30年1月2日.
func (p *Person) Era() string {
	name, year, _ := era(p.Birth)
	if year == 1 {
		return fmt.Sprintf("%s元年%d月%d日", name, p.Birth.Month(), p.Birth.Day())
	}
	return fmt.Sprintf("%s%d年%d月%d日", name, year, p.Birth.Month(), p.Birth.Day())
}

// ShortEra is the same in short: S30.1.2.
func (p *Person) ShortEra() string {
	name, year, _ := era(p.Birth)
	letter := map[string]string{"大正": "T", "昭和": "S", "平成": "H"}[name]
	return fmt.Sprintf("%s%d.%d.%d", letter, year, p.Birth.Month(), p.Birth.Day())
}

// ISO is the date of birth as 1955-01-02.
func (p *Person) ISO() string { return p.Birth.Format(time.DateOnly) }

// era returns the era, its year and its code in files for the pension service.
func era(t time.Time) (name string, year, code int) {
	switch {
	case t.Before(time.Date(1926, 12, 25, 0, 0, 0, 0, time.UTC)):
		return "大正", t.Year() - 1911, 3
	case t.Before(time.Date(1989, 1, 8, 0, 0, 0, 0, time.UTC)):
		return "昭和", t.Year() - 1925, 5
	}
	return "平成", t.Year() - 1988, 7
}
