package source_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A server that falls silent costs one stall time for the call and one for the
// logon on a new connection, however many idle connections there are.
func TestSMBSilenceIsMetOnce(t *testing.T) {
	t.Parallel()
	const stall = 5 * time.Second
	src, w, _, _ := faulty(t, stall, 4<<20)
	var blobs sync.WaitGroup
	for range 16 { // has all four connections made
		blobs.Go(func() {
			for deadline := time.Now().Add(time.Minute); w.dials.Load() < 4 && time.Now().Before(deadline); {
				read(t, src, scan.Entry{Path: "big.bin"})
			}
		})
	}
	blobs.Wait()
	if n := w.dials.Load(); n < 4 {
		t.Fatalf("%d connections were made: the test needs 4", n)
	}
	w.freezes.Store(true)
	begin := time.Now()
	for range 10 {
		if _, err := src.Open(t.Context(), scan.Entry{Path: "big.bin"}); !errors.Is(err, scan.ErrStalled) {
			t.Errorf("Open: %v, want ErrStalled", err)
		}
	}
	if took := time.Since(begin); took > 6*stall {
		t.Errorf("10 files of a silent server took %v, want two stall times of %v", took, stall)
	}
}
