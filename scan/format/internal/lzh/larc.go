package lzh

import (
	"bufio"
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/msb"
)

// A ring unpacks a sliding window that begins filled.
type ring struct {
	next   func(at int) (literal byte, length, back int, err error)
	window []byte
	at     int
	left   int64
	back   int
	copyN  int
}

func newRing(size int, left int64, next func(at int) (byte, int, int, error)) *ring {
	r := &ring{next: next, window: make([]byte, size), left: left}
	for i := range r.window {
		r.window[i] = ' '
	}
	return r
}

func (r *ring) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && r.left > 0 {
		size := len(r.window)
		var c byte
		if r.copyN == 0 {
			literal, length, back, err := r.next(r.at)
			if err != nil {
				return n, err
			}
			if length > 0 {
				r.copyN, r.back = length, back
				continue
			}
			c = literal
		} else {
			c = r.window[(r.at-r.back+2*size)%size]
			r.copyN--
		}
		r.window[r.at%size] = c
		r.at = (r.at + 1) % size
		r.left--
		p[n] = c
		n++
	}
	if r.left == 0 {
		return n, io.EOF
	}
	return n, nil
}

// newLz5 unpacks -lz5-, LArc's method: eight flags in a byte, matches of 3 to
// 18 bytes by their place in a window of 4 KiB that begins with runs of each
// byte.
func newLz5(r io.Reader, size int64) io.Reader {
	const window, start = 4 << 10, 4<<10 - 18
	in := bufio.NewReader(r)
	flags, have := 0, 0
	next := func(at int) (byte, int, int, error) {
		if have == 0 {
			c, err := in.ReadByte()
			if err != nil {
				return 0, 0, 0, noEnd(err)
			}
			flags, have = int(c), 8
		}
		literal := flags&1 != 0
		flags, have = flags>>1, have-1
		low, err := in.ReadByte()
		if err != nil || literal {
			return low, 0, 0, noEnd(err)
		}
		high, err := in.ReadByte()
		place := int(low) | int(high&0xF0)<<4
		return 0, int(high&0x0F) + 3, at - place, noEnd(err)
	}
	out := newRing(window, size, next)
	out.at = start
	fill := out.window[:0]
	for c := range 256 {
		for range 13 {
			fill = append(fill, byte(c))
		}
	}
	for c := range 256 {
		fill = append(fill, byte(c))
	}
	for c := range 256 {
		fill = append(fill, byte(255-c))
	}
	clear(out.window[len(fill) : len(fill)+128])
	clear(out.window[start:])
	return out
}

// newLzs unpacks -lzs-, LArc's older method: matches of 2 to 17 bytes by their
// place in a window of 2 KiB.
func newLzs(r io.Reader, size int64) io.Reader {
	const window, start = 2 << 10, 2<<10 - 17
	bits := msb.NewReader(r)
	next := func(at int) (byte, int, int, error) {
		literal, err := bits.Read(1)
		if err != nil {
			return 0, 0, 0, err
		}
		if literal == 1 {
			c, err := bits.Read(8)
			return byte(c), 0, 0, err
		}
		place, err := bits.Read(11)
		if err != nil {
			return 0, 0, 0, err
		}
		length, err := bits.Read(4)
		return 0, length + 2, at - place, err
	}
	out := newRing(window, size, next)
	out.at = start
	return out
}

func noEnd(err error) error {
	if err == io.EOF {
		return bad("content breaks off")
	}
	return err
}
