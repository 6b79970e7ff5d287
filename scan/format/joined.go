package format

import (
	"errors"
	"io"
)

func headOf(r *io.SectionReader) []byte {
	head := make([]byte, min(r.Size(), 32))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil
	}
	return head[:n]
}

// A piece is a range of bytes somewhere.
type piece struct {
	r    io.ReaderAt
	off  int64
	size int64
}

// joined is a file made of pieces.
type joined struct {
	pieces []piece
	starts []int64
	size   int64
}

func newJoined(pieces ...piece) *joined {
	j := &joined{}
	for _, p := range pieces {
		j.add(p)
	}
	return j
}

func (j *joined) add(p piece) {
	j.pieces, j.starts = append(j.pieces, p), append(j.starts, j.size)
	j.size += p.size
}

// Size is the number of bytes of all pieces.
func (j *joined) Size() int64 { return j.size }

// ReadAt implements io.ReaderAt.
func (j *joined) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	n := 0
	for i := j.find(off); i < len(j.pieces) && n < len(p); i++ {
		at := off + int64(n) - j.starts[i]
		want := min(int64(len(p)-n), j.pieces[i].size-at)
		got, err := j.pieces[i].r.ReadAt(p[n:n+int(want)], j.pieces[i].off+at)
		n += got
		if int64(got) < want {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// find returns the first piece that ends after off.
func (j *joined) find(off int64) int {
	lo, hi := 0, len(j.pieces)
	for lo < hi {
		if mid := (lo + hi) / 2; j.starts[mid]+j.pieces[mid].size <= off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
