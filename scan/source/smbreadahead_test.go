package source

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
)

// A file that is read at the far end of a session.
type farFile struct {
	data  []byte
	fails int64 // a read from here on fails; 0: none

	mu   sync.Mutex
	read int64
}

func (f *farFile) fetch(p []byte, off int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read += int64(len(p))
	if f.fails > 0 && off >= f.fails {
		return 0, errors.New("line cut")
	}
	return copy(p, f.data[off:]), nil
}

// Whatever is read in whatever order, a stream gives the file's own bytes or
// nothing, and reads little in vain.
func TestStream(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, 33<<20+777)
	for i := range data {
		data[i] = byte(i>>13) ^ byte(i)
	}
	for round := range 60 {
		f := &farFile{data: data}
		if round%3 == 0 {
			f.fails = rnd.Int64N(int64(len(data)))
		}
		s := &stream{fetch: f.fetch, size: int64(len(data))}
		size, early, jumps := 1<<20<<rnd.IntN(3)+rnd.IntN(2)*4096, int64(0), int64(1)
		for off := int64(0); off < s.size; {
			p := make([]byte, min(int64(size), s.size-off))
			n := s.read(p, off)
			if !bytes.Equal(p[:n], data[off:off+int64(n)]) {
				t.Fatalf("round %d: other bytes at %d", round, off)
			}
			early += int64(n)
			if off += int64(len(p)); rnd.IntN(20) == 0 {
				off = rnd.Int64N(s.size)
				jumps++
			}
			if jumps > 5 {
				break
			}
		}
		s.under.Wait()
		if vain := f.read - early; f.fails == 0 && vain > jumps*streamAhead*chunk {
			t.Errorf("round %d: %d bytes read in vain after %d jumps", round, vain, jumps)
		}
	}
}

func TestStreamReadsAhead(t *testing.T) {
	f := &farFile{data: make([]byte, 20<<20)}
	s := &stream{fetch: f.fetch, size: int64(len(f.data))}
	early := 0
	p := make([]byte, chunk)
	for off := int64(chunk); off < s.size; off += chunk {
		early += s.read(p, off)
	}
	s.under.Wait()
	if want := len(f.data) - 4*chunk; early != want {
		t.Errorf("%d bytes came early, want %d: all but the first four chunks", early, want)
	}
	// What is read here and there is not read ahead of.
	f.read = 0
	s = &stream{fetch: f.fetch, size: s.size}
	for _, off := range []int64{5 << 20, 9 << 20, 1 << 20, 2 << 20, 15 << 20, 4096} {
		if n := s.read(p, off); n != 0 {
			t.Errorf("%d bytes at %d came early", n, off)
		}
	}
	for off := int64(0); off < 8<<20; off += 64 << 10 {
		s.read(p[:64<<10], off)
	}
	if s.under.Wait(); f.read != 0 {
		t.Errorf("%d bytes were read in vain", f.read)
	}
}
