package engine

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// What a file takes of the capacity, by its size. One that comes whole with its
// opening is mostly waited for, so more of them are worked on at a time, each
// with its part of the memory.
const (
	parts       = 8       // of the capacity are one worker's
	smallPart   = 1       // up to smallSize
	middlingMax = 1 << 20 // bytes
	middling    = 2       // up to middlingMax
)

// A capacity bounds the files that are examined at a time, and how many of them
// use processes of the isolator.
type capacity struct {
	free     *semaphore.Weighted
	isolated *semaphore.Weighted
	parts    int64
}

// newCapacity is enough for so many large files at a time.
func newCapacity(workers int) *capacity {
	n := int64(workers) * parts
	return &capacity{semaphore.NewWeighted(n), semaphore.NewWeighted(int64(workers)), n}
}

// files is how many there may be at most.
func (r *capacity) files() int { return int(r.parts) }

// partOf is what a file of size bytes takes.
func partOf(size int64) int64 {
	switch {
	case size <= smallSize:
		return smallPart
	case size <= middlingMax:
		return middling
	}
	return parts
}

// acquire waits until enough is free, first come, first served.
func (r *capacity) acquire(ctx context.Context, part int64) (release func(), err error) {
	if err := r.free.Acquire(ctx, part); err != nil {
		return nil, err
	}
	return func() { r.free.Release(part) }, nil
}

// isolate waits until one more file may use processes of the isolator; it uses
// as many as it is nested.
func (r *capacity) isolate(ctx context.Context) (release func(), err error) {
	if err := r.isolated.Acquire(ctx, 1); err != nil {
		return nil, context.Cause(ctx)
	}
	return func() { r.isolated.Release(1) }, nil
}
