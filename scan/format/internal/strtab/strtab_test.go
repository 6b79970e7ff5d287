package strtab

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
)

// TestBeyondMemory fills a table far past what it holds in memory and reads it
// back in order and at random.
func TestBeyondMemory(t *testing.T) {
	spool := scantest.NewScratch(1 << 20)
	t.Cleanup(func() { spool.Close() })
	s := New(func() scan.Scratch { return spool })
	text := func(i int) string {
		if i%100_000 == 99_999 {
			return strings.Repeat("長い", 400_000) // longer than a chunk
		}
		return fmt.Sprintf("文字列 %d %s", i, strings.Repeat("x", i%60))
	}
	const n = 400_000
	for i := range n {
		if err := s.Add([]byte(text(i))); err != nil {
			t.Fatal(err)
		}
	}
	if s.spill == nil || s.Len() != n {
		t.Fatalf("%d strings, spilled: %v", s.Len(), s.spill != nil)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range n {
		if i > n/2 {
			i = random.IntN(n)
		}
		if got, ok, err := s.Get(i); !ok || err != nil || string(got) != text(i) {
			t.Fatalf("Get(%d) = %.40q, %v, %v; want %.40q", i, got, ok, err, text(i))
		}
	}
	if _, ok, err := s.Get(n); ok || err != nil {
		t.Errorf("Get(%d) past the end = %v, %v", n, ok, err)
	}
}
