package scan

import (
	"math/rand/v2"
	"testing"
)

// TestPersonsSpill compares the external sort with a map, over several runs in
// scratch.
func TestPersonsSpill(t *testing.T) {
	p := NewPersons()
	defer p.Close()
	random := rand.New(rand.NewPCG(1, 2))
	high, middle := map[uint64]bool{}, map[uint64]bool{}
	for range 4 * personsInMemory {
		h := random.Uint64N(3 * personsInMemory)
		c, set := ConfidenceHigh, high
		if random.IntN(3) == 0 {
			c, set = ConfidenceMedium, middle
		}
		set[h] = true
		if err := p.Add(c, h); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.high.runs) == 0 {
		t.Error("nothing was spilled: the test says nothing")
	}
	want := Distinct{High: int64(len(high))}
	for h := range middle {
		if !high[h] {
			want.Medium++
		}
	}
	for range 2 { // counting may be repeated
		if got, err := p.Distinct(); err != nil || got != want {
			t.Errorf("Distinct = %+v, %v; want %+v", got, err, want)
		}
	}
}
