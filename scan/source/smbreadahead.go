package source

import "sync"

const (
	// streamFrom is how many reads of at least a chunk, each where the one
	// before ended, make a stream.
	streamFrom = 2
	// streamAhead is how many chunks of a stream are asked for before they are
	// wanted: at 20 ms enough for 200 MB/s. So much may be read in vain.
	streamAhead = 4
)

// A stream reads on in a file that is read from one end to the other, so that
// the server sends while its latest bytes are looked at.
type stream struct {
	fetch func(p []byte, off int64) (int, error)
	size  int64
	under sync.WaitGroup

	mu    sync.Mutex
	next  int64 // where the latest large read ended
	run   int   // large reads in a row
	parts []*streamPart
	spare [][]byte
}

// A streamPart is one chunk that was asked for early.
type streamPart struct {
	off, end int64 // of what is left of it
	buf      []byte
	done     chan struct{}
	data     []byte // what is left of buf
	err      error
}

// read fills the beginning of p with what came early, and asks for more. What
// failed early is left to the caller to read again.
func (s *stream) read(p []byte, off int64) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(p) < chunk && (off != s.next || len(s.parts) == 0) { // but for the last piece of a stream
		return 0
	}
	if off == s.next {
		s.run++
	} else {
		s.run, s.parts = 0, nil
	}
	s.next = off + int64(len(p))
	for n < len(p) && len(s.parts) > 0 {
		part := s.parts[0]
		<-part.done
		if part.err != nil || part.off != off+int64(n) {
			s.parts = nil
			break
		}
		got := copy(p[n:], part.data)
		part.data, part.off = part.data[got:], part.off+int64(got)
		if n += got; len(part.data) == 0 {
			s.parts, s.spare = s.parts[1:], append(s.spare, part.buf)
		}
	}
	if s.run >= streamFrom {
		s.ask()
	}
	return n
}

// ask has chunks fetched from where the latest read will have ended.
func (s *stream) ask() {
	at := s.next
	if len(s.parts) > 0 {
		at = s.parts[len(s.parts)-1].end
	}
	for len(s.parts) < streamAhead && at < s.size {
		part := &streamPart{off: at, end: min(at+chunk, s.size), done: make(chan struct{})}
		part.buf = s.buffer(part.end - at)
		s.parts = append(s.parts, part)
		s.under.Go(func() {
			defer close(part.done)
			n, err := s.fetch(part.buf, part.off)
			part.data, part.err = part.buf[:n], err
		})
		at = part.end
	}
}

func (s *stream) buffer(n int64) []byte {
	if len(s.spare) == 0 {
		return make([]byte, n, chunk)
	}
	buf := s.spare[len(s.spare)-1]
	s.spare = s.spare[:len(s.spare)-1]
	return buf[:n]
}
