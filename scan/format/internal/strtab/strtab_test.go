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

// Cells of a row that refer to one long string get one text, also from scratch.
func TestLongStringsAreFetchedOnce(t *testing.T) {
	spool := scantest.NewScratch(32 << 20)
	t.Cleanup(func() { spool.Close() })
	s := New(func() scan.Scratch { return spool })
	for i := range 20 {
		if err := s.Add([]byte(strings.Repeat(string(rune('a'+i)), chunkSize))); err != nil {
			t.Fatal(err)
		}
	}
	first, _, err := s.Get(19)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		again, _, err := s.Get(19)
		if err != nil || &again[0] != &first[0] {
			t.Fatalf("another text for the same string, %v", err)
		}
	}
	for i := range 400 {
		if text, ok, err := s.Get(i * 7 % 20); !ok || err != nil || text[0] != byte('a'+i*7%20) || len(text) != chunkSize {
			t.Fatalf("Get(%d): %.1q, %v, %v", i*7%20, text, ok, err)
		}
		if s.longLen > longKept+chunkSize {
			t.Fatalf("%d bytes are kept", s.longLen)
		}
	}
}
