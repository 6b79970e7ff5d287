package source

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A walk asks for one folder after the other, each of which takes some round
// trips; at a distance a tree of small folders would take hours. So the next
// ones are asked for while the files of the present one are visited.
const (
	listedAhead  = 8                // folders at a time, under way or waiting to be visited
	foldersAhead = 4                // of one folder's subfolders
	entriesAhead = 5000             // a longer listing is made when its turn comes
	freshFor     = 20 * time.Second // a listing that waited longer is made again
)

// A prefetcher is a lister that can begin early.
type prefetcher struct {
	lister
	under sync.WaitGroup

	mu      sync.Mutex
	waiting []*listing // oldest first
}

// A listing is that of a folder which the walk will come to.
type listing struct {
	dir  string
	done chan struct{}

	items []item
	use   bool // whether it came whole and is short
	at    time.Time
}

// soon begins to list a folder, unless too many are under way. One that has
// waited longest makes room.
func (p *prefetcher) soon(ctx context.Context, dir string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.waiting, func(l *listing) bool { return l.dir == dir }) {
		return
	}
	if len(p.waiting) >= listedAhead {
		oldest := p.waiting[0]
		select {
		case <-oldest.done:
			p.waiting = slices.Delete(p.waiting, 0, 1)
		default:
			return
		}
	}
	l := &listing{dir: dir, done: make(chan struct{})}
	p.waiting = append(p.waiting, l)
	p.under.Go(func() {
		defer close(l.done)
		items, rest, err := p.lister.list(ctx, dir)
		if rest != nil { // it would hold the folder open until its turn comes
			_ = rest.Close()
		}
		l.items, l.use, l.at = items, rest == nil && err == nil && len(items) <= entriesAhead, time.Now()
		if !l.use {
			l.items = nil
		}
	})
}

// list implements lister. What could not be listed early is asked for again.
func (p *prefetcher) list(ctx context.Context, dir string) ([]item, pages, error) {
	p.mu.Lock()
	i := slices.IndexFunc(p.waiting, func(l *listing) bool { return l.dir == dir })
	var l *listing
	if i >= 0 {
		l = p.waiting[i]
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	p.mu.Unlock()
	if l != nil {
		<-l.done
		if l.use && time.Since(l.at) < freshFor {
			return l.items, nil, nil
		}
	}
	return p.lister.list(ctx, dir)
}

// end waits for what is under way.
func (p *prefetcher) end() { p.under.Wait() }
