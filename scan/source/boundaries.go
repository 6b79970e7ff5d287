package source

import "sync"

// maxBoundaries bounds what is kept of a target in which each folder is a mount.
const maxBoundaries = 10_000

// boundaries are the folders, below a target, in which another file system or share was met.
type boundaries struct {
	mu  sync.Mutex
	met []string
}

func (b *boundaries) add(folder string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.met) < maxBoundaries {
		b.met = append(b.met, folder)
	}
}

// Boundaries implements scan.Mounted.
func (b *boundaries) Boundaries() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	met := b.met
	b.met = nil
	return met
}
