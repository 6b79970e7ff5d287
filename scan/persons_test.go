package scan

import (
	"cmp"
	"math/rand/v2"
	"slices"
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
		if err := p.Add(Person{Hash: h, Grade: c}); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.runs) == 0 {
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

// TestPersonsMerge has a person seen several times, in every order and over runs
// in scratch: the best grade, the highest class and the address hold.
func TestPersonsMerge(t *testing.T) {
	seen := []Person{
		{Hash: 7, Grade: ConfidenceMedium, Class: ClassFour, Place: 21, Address: true},
		{Hash: 7, Grade: ConfidenceHigh, Class: ClassTwo, Place: 1},
		{Hash: 7, Grade: ConfidenceHigh, Class: ClassNumber},
		{Hash: 7, Grade: ConfidenceLow, Class: ClassFour, Place: 2, Address: true}, // says nothing
		{Hash: 7, Grade: ConfidenceMedium, Class: ClassThree, Place: 31, Address: true},
	}
	want := Person{Hash: 7, Grade: ConfidenceHigh, Class: ClassFour, Place: 21, Address: true}
	random := rand.New(rand.NewPCG(3, 4))
	for _, between := range []int{0, personsInMemory} {
		random.Shuffle(len(seen), func(i, j int) { seen[i], seen[j] = seen[j], seen[i] })
		p := NewPersons()
		for _, s := range seen {
			if err := p.Add(s); err != nil {
				t.Fatal(err)
			}
			for i := range between {
				if err := p.Add(Person{Hash: 1000 + uint64(i), Grade: ConfidenceMedium, Place: 82}); err != nil {
					t.Fatal(err)
				}
			}
		}
		n := 0
		for got, err := range p.All() {
			if err != nil {
				t.Fatal(err)
			}
			if n++; got.Hash == 7 && got != want {
				t.Errorf("with %d between: %+v, want %+v", between, got, want)
			} else if got.Hash != 7 && got != (Person{Hash: got.Hash, Grade: ConfidenceMedium, Place: 82}) {
				t.Errorf("another person changed: %+v", got)
			}
		}
		if n != 1+between {
			t.Errorf("%d persons, want %d", n, 1+between)
		}
	}
}

// TestSortSightings compares the sort with one by comparison: of hashes that are
// spread, that share bytes, and that are all the same.
func TestSortSightings(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 1))
	for _, mask := range []uint64{1<<64 - 1, 0xFFFF, 0xFF00FF0000000000, 7, 0} {
		for _, n := range []int{0, 1, fewSightings, 5000} {
			got := make([]sighting, n)
			for i := range got {
				got[i] = sighting{random.Uint64() & mask, uint16(i)}
			}
			want := slices.Clone(got)
			slices.SortFunc(want, bySighting)
			sortSightings(got, 56)
			if !slices.IsSortedFunc(got, func(a, b sighting) int { return cmp.Compare(a.hash, b.hash) }) {
				t.Errorf("%d hashes under %x are not in order", n, mask)
			}
			if slices.SortFunc(got, bySighting); !slices.Equal(got, want) {
				t.Errorf("of %d hashes under %x some were lost", n, mask)
			}
		}
	}
}

func bySighting(a, b sighting) int {
	return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.info, b.info))
}
