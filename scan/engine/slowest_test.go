package engine_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/scantest"
)

// The summary names as many files as were asked for, the longest first.
func TestSlowest(t *testing.T) {
	for _, want := range []int{0, 2, 9} {
		cfg := config(&scantest.Faulty{MemorySource: scantest.MemorySource{Files: map[string][]byte{"a": []byte("a\n"), "b": []byte("b\n"), "c": []byte("c\n")}}}, newShelf())
		cfg.Slowest = want
		sum := mustRun(t, cfg)
		if len(sum.Slowest) != min(want, 3) {
			t.Errorf("%d files of %d", len(sum.Slowest), want)
		}
		if !slices.IsSortedFunc(sum.Slowest, func(a, b engine.FileTime) int { return cmp.Compare(b.Took, a.Took) }) {
			t.Errorf("not the longest first: %v", sum.Slowest)
		}
	}
}
