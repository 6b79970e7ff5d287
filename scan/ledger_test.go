package scan_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kagiban/kagiban/scan"
)

func TestLedgerGaps(t *testing.T) {
	for _, c := range []struct {
		name   string
		claims []scan.Span
		want   []scan.Span
	}{
		{"nothing", nil, []scan.Span{{0, 100}}},
		{"all", []scan.Span{{0, 100}}, nil},
		{"more than there is", []scan.Span{{0, 1000}}, nil},
		{"holes", []scan.Span{{10, 10}, {40, 20}}, []scan.Span{{0, 10}, {20, 20}, {60, 40}}},
		{"backwards", []scan.Span{{40, 60}, {10, 30}, {0, 10}}, nil},
		{"over several", []scan.Span{{10, 5}, {20, 5}, {30, 5}, {12, 20}}, []scan.Span{{0, 10}, {35, 65}}},
		{"side by side", []scan.Span{{0, 50}, {50, 50}}, nil},
		{"inside another", []scan.Span{{0, 50}, {10, 5}}, []scan.Span{{50, 50}}},
		{"no ranges", []scan.Span{{-5, 10}, {5, -1}, {5, 0}, {5, 1<<63 - 1}}, []scan.Span{{0, 100}}},
	} {
		var l scan.Ledger
		for _, s := range c.claims {
			l.Claim(scan.UseRead, s.Off, s.Size)
		}
		got, known := l.Gaps(100)
		if !known || !slices.Equal(got, c.want) {
			t.Errorf("%s: gaps %v, want %v", c.name, got, c.want)
		}
	}
}

func TestLedgerUnclaim(t *testing.T) {
	var l scan.Ledger
	l.Claim(scan.UseRead, 0, 40)
	l.Claim(scan.UseRead, 60, 40)
	l.Unclaim(30, 40)
	l.Unclaim(90, 100)
	l.Unclaim(45, 5)
	if got, _ := l.Gaps(100); !slices.Equal(got, []scan.Span{{30, 40}, {90, 10}}) {
		t.Errorf("gaps %v", got)
	}
}

// TestLedgerAgainstBytes compares with a ledger that keeps each byte.
func TestLedgerAgainstBytes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var l scan.Ledger
		var bytes [64]bool
		for range rnd.IntN(12) {
			off, size := rnd.Int64N(64), rnd.Int64N(20)
			l.Claim(scan.UseStructure, off, size)
			for i := off; i < min(off+size, 64); i++ {
				bytes[i] = true
			}
		}
		gaps, _ := l.Gaps(64)
		var open [64]bool
		for _, g := range gaps {
			for i := g.Off; i < g.Off+g.Size; i++ {
				open[i] = true
			}
		}
		for i := range bytes {
			if bytes[i] == open[i] {
				t.Fatalf("byte %d: claimed %v, in a gap %v", i, bytes[i], open[i])
			}
		}
	}
}

// Claims that do not touch each other are kept up to a bound, which is known.
func TestLedgerIsBounded(t *testing.T) {
	var l scan.Ledger
	for i := range int64(1<<16 + 10) {
		l.Claim(scan.UseRead, 2*i, 1)
	}
	if gaps, known := l.Gaps(1 << 17); known || len(gaps) != 1<<16 {
		t.Errorf("%d gaps, known %v", len(gaps), known)
	}
	l.Claim(scan.UseRead, 0, 1<<18)
	if gaps, known := l.Gaps(1 << 17); known || len(gaps) != 0 {
		t.Errorf("%d gaps, known %v", len(gaps), known)
	}
}
