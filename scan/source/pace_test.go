package source

import (
	"context"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// A sluggish source takes some time for each call, and knows how much that was.
type sluggish struct {
	complete
	spent time.Duration
}

func (s *sluggish) take() {
	begin := time.Now()
	time.Sleep(2 * time.Millisecond)
	s.spent += time.Since(begin)
}

func (s *sluggish) Open(context.Context, scan.Entry) (scan.Blob, error) {
	s.take()
	return sluggishBlob{s}, nil
}

func (s *sluggish) Walk(_ context.Context, visit func(scan.Entry, error) error) error {
	for range 6 {
		s.take()
		if err := visit(scan.Entry{Path: "x"}, nil); err != nil {
			return err
		}
	}
	return nil
}

type sluggishBlob struct{ source *sluggish }

func (b sluggishBlob) ReadAt(p []byte, _ int64) (int, error) { b.source.take(); return len(p), nil }
func (b sluggishBlob) Size() int64                           { return 100 }
func (b sluggishBlob) Close() error                          { return nil }

// The part of the time in which the source is busy is kept, whatever the
// machine makes of a call: all calls but those of the last file are paid for
// before it is opened, and nothing is waited for beyond.
func TestPaceByBusyness(t *testing.T) {
	const part = 0.05
	slow := &sluggish{}
	src := paced(slow, NewPacer(Pace{Busy: part}))
	begin := time.Now()
	var paid time.Duration
	for range 6 {
		paid = slow.spent
		blob, err := src.Open(t.Context(), scan.Entry{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := blob.ReadAt(make([]byte, 100), 0); err != nil {
			t.Fatal(err)
		}
	}
	took := time.Since(begin)
	if least := time.Duration(float64(paid) / part); took < least {
		t.Errorf("calls of %v took %v, want at least %v", slow.spent, took, least)
	}
}

// Listing is paid for like reading, and by all sources of a target together.
func TestPaceOfWalks(t *testing.T) {
	const part = 0.05
	pacer := NewPacer(Pace{Busy: part})
	slow := &sluggish{}
	begin := time.Now()
	var paid time.Duration
	for range 2 { // the walk, and the one that counts ahead
		err := paced(slow, pacer).Walk(t.Context(), func(scan.Entry, error) error {
			paid = slow.spent
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if took, least := time.Since(begin), time.Duration(float64(paid)/part); took < least {
		t.Errorf("listings of %v took %v, want at least %v", slow.spent, took, least)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := paced(slow, pacer).Walk(ctx, func(scan.Entry, error) error { return nil }); err != context.Canceled {
		t.Errorf("Walk of a cancelled run: %v", err)
	}
}
