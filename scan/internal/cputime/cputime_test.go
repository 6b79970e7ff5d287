package cputime

import "testing"

// Work makes the time grow; a call by itself does not fail.
func TestUsed(t *testing.T) {
	before, err := Used()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for now := before; now == before; {
		for i := range 1_000_000 {
			sum += i * i
		}
		if now, err = Used(); err != nil {
			t.Fatal(err)
		}
		if now < before {
			t.Fatalf("%v after %v (%d)", now, before, sum)
		}
	}
}
