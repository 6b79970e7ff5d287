package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kagiban/kagiban/scan"
)

// bushy is a tree by a seed, whose folders take a while to list; some of them
// cannot be listed, some are large.
type bushy struct {
	seed uint64
	slow bool

	mu          sync.Mutex
	under, most int
	lists       map[string]int
}

func (b *bushy) list(_ context.Context, dir string) ([]item, pages, error) {
	b.count(1, dir)
	defer b.count(-1, dir)
	rnd := rand.New(rand.NewPCG(b.seed, uint64(len(dir))+hash(dir)))
	if b.slow {
		time.Sleep(rand.N(3 * time.Millisecond))
	}
	if dir != "" && rnd.IntN(9) == 0 {
		return nil, nil, fs.ErrPermission
	}
	var items []item
	for i := range rnd.IntN(8) {
		name := fmt.Sprint(i)
		items = append(items, item{Entry: scan.Entry{Path: name}, raw: name, folder: rnd.IntN(2) == 0 && strings.Count(dir, "/") < 5})
	}
	if rnd.IntN(7) == 0 {
		return items, &paged{n: 1}, nil
	}
	return items, nil, nil
}

func (b *bushy) count(n int, dir string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.under += n
	b.most = max(b.most, b.under)
	if n > 0 {
		b.lists[dir]++
	}
}

func hash(s string) (h uint64) {
	for _, c := range []byte(s) {
		h = h*131 + uint64(c)
	}
	return h
}

// Walking ahead tells the same in the same order, and is bounded.
func TestWalkAheadTellsTheSame(t *testing.T) {
	told, most := 0, 0
	for seed := range uint64(60) {
		var want, got []string
		tell := func(into *[]string) func(scan.Entry, error) error {
			return func(e scan.Entry, err error) error {
				*into = append(*into, fmt.Sprint(e.Path, " ", e.Folder, " ", err))
				return nil
			}
		}
		plain, eager := &bushy{seed: seed, lists: map[string]int{}}, &bushy{seed: seed, slow: true, lists: map[string]int{}}
		w := walker{lister: plain, visit: tell(&want)}
		if err := w.walk(t.Context(), identity{}, ""); err != nil {
			t.Fatal(err)
		}
		early := &prefetcher{lister: eager}
		w = walker{lister: early, soon: early.soon, visit: tell(&got)}
		err := w.walk(t.Context(), identity{}, "")
		early.end()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("seed %d: %v (-want +got):\n%s", seed, err, diff)
		}
		if eager.under != 0 || eager.most > listedAhead+1 {
			t.Errorf("seed %d: %d folders still under way, at most %d at a time", seed, eager.under, eager.most)
		}
		told, most = told+len(got), max(most, eager.most)
	}
	if told < 1000 || most < 4 {
		t.Errorf("%d entries told, at most %d folders at a time: the test says nothing", told, most)
	}
}

// A walk that is ended leaves nothing under way.
func TestWalkAheadEnds(t *testing.T) {
	stop := errors.New("enough")
	eager := &bushy{seed: 3, slow: true, lists: map[string]int{}}
	early := &prefetcher{lister: eager}
	n := 0
	w := walker{lister: early, soon: early.soon, visit: func(scan.Entry, error) error {
		if n++; n == 20 {
			return stop
		}
		return nil
	}}
	if err := w.walk(t.Context(), identity{}, ""); err != stop {
		t.Errorf("walk = %v", err)
	}
	early.end()
	if eager.under != 0 {
		t.Errorf("%d folders still under way", eager.under)
	}
}
