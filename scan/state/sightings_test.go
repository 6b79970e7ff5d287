package state

import (
	"math/rand/v2"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

// TestSightingsSpill compares the external sort with a count, over several runs.
func TestSightingsSpill(t *testing.T) {
	s := &sightings{most: 100}
	defer s.close()
	random := rand.New(rand.NewPCG(1, 2))
	want := map[scan.Sighting]int{}
	for range 1234 {
		one := scan.Sighting{Person: scan.Person{Hash: random.Uint64N(300), Grade: scan.ConfidenceHigh, Class: scan.Class(random.IntN(4)), Place: 41}, Version: random.Int64N(5)}
		want[one]++
		if err := s.add(one); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.runs) != 12 {
		t.Fatalf("%d runs", len(s.runs))
	}
	last := uint64(0)
	s.each(func(one scan.Sighting, err error) bool {
		if err != nil || one.Hash < last {
			t.Fatalf("%+v, %v after %d", one, err, last)
		}
		last = one.Hash
		want[one]--
		return true
	})
	for one, n := range want {
		if n != 0 {
			t.Errorf("%+v: %d are lost", one, n)
		}
	}
}
