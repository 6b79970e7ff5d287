package scan

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// What a file takes of a room, by its size. One that comes whole with its
// opening takes little memory, and most of its time is spent on waiting for a
// server; so more of them are worked on at a time.
const (
	parts       = 8       // of a room are one worker's
	smallPart   = 1       // up to smallSize
	middlingMax = 1 << 20 // bytes
	middling    = 2       // up to middlingMax
)

// A room bounds the files that are examined at a time.
type room struct {
	free  *semaphore.Weighted
	parts int64
}

// newRoom has room for so many large files.
func newRoom(workers int) *room {
	n := int64(workers) * parts
	return &room{semaphore.NewWeighted(n), n}
}

// files is how many there may be at most.
func (r *room) files() int { return int(r.parts) }

// enter waits until there is room for a file of size bytes, first come, first
// served.
func (r *room) enter(ctx context.Context, size int64) (leave func(), err error) {
	var part int64 = parts
	switch {
	case size <= smallSize:
		part = smallPart
	case size <= middlingMax:
		part = middling
	}
	if err := r.free.Acquire(ctx, part); err != nil {
		return nil, err
	}
	return func() { r.free.Release(part) }, nil
}
