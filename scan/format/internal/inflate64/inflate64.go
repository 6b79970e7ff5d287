// Package inflate64 unpacks Deflate64, method 9 of zip (APPNOTE section 4.4.5).
// It is DEFLATE (RFC 1951) with three changes: the window has 64 KiB, length
// code 285 takes 16 extra bits on a base of 3, and the distance codes 30 and 31,
// with 14 extra bits, exist.
package inflate64

import (
	"bufio"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

const (
	windowSize = 64 << 10
	windowMask = windowSize - 1
	literals   = 288
	distances  = 32
	endOfBlock = 256
)

func bad(format string, args ...any) error {
	return fmt.Errorf("deflate64: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}

// A reader unpacks one stream.
type reader struct {
	bits   bitReader
	window [windowSize]byte
	at     int // bytes written to the window
	given  int // bytes of them handed out
	last   bool
	state  state
	stored int // bytes left in a stored block
	copyN  int // bytes left of a match
	back   int // its distance
	err    error
	lit    code
	dist   code
}

type state int

const (
	betweenBlocks state = iota
	inStored
	inCodes
)

// NewReader unpacks what r yields. Errors wrap scan.ErrMalformed or are those of r.
func NewReader(r io.Reader) io.Reader {
	return &reader{bits: bitReader{r: bufio.NewReader(r)}}
}

func (d *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for d.given == d.at && d.err == nil {
		d.err = d.fill()
	}
	n := 0
	for n < len(p) && d.given < d.at {
		from := d.given & windowMask
		m := copy(p[n:], d.window[from:min(windowSize, from+d.at-d.given)])
		n, d.given = n+m, d.given+m
	}
	if n > 0 {
		return n, nil
	}
	return 0, d.err
}

// fillSize is how much is unpacked at a time: less than the window, so that
// nothing is overwritten before it is handed out.
const fillSize = 32 << 10

// fill unpacks a piece.
func (d *reader) fill() error {
	for d.at-d.given < fillSize {
		var err error
		switch d.state {
		case betweenBlocks:
			if d.last {
				return io.EOF
			}
			err = d.begin()
		case inStored:
			err = d.copyStored()
		default:
			err = d.decode()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *reader) put(b byte) {
	d.window[d.at&windowMask] = b
	d.at++
}

// begin reads the head of a block (RFC 1951 section 3.2.3).
func (d *reader) begin() error {
	head, err := d.bits.read(3)
	if err != nil {
		return err
	}
	d.last = head&1 != 0
	switch head >> 1 {
	case 0:
		d.bits.align()
		n, err := d.bits.read(16)
		if err != nil {
			return err
		}
		not, err := d.bits.read(16)
		if err != nil {
			return err
		}
		if n != not^0xFFFF {
			return bad("length of a stored block")
		}
		d.state, d.stored = inStored, int(n)
		return nil
	case 1:
		d.state = inCodes
		return d.fixed()
	case 2:
		d.state = inCodes
		return d.dynamic()
	}
	return bad("block of unknown kind")
}

func (d *reader) copyStored() error {
	for ; d.stored > 0 && d.at-d.given < fillSize; d.stored-- {
		b, err := d.bits.read(8)
		if err != nil {
			return err
		}
		d.put(byte(b))
	}
	if d.stored == 0 {
		d.state = betweenBlocks
	}
	return nil
}

// decode reads symbols until the piece is full or the block ends.
func (d *reader) decode() error {
	for d.at-d.given < fillSize {
		if d.copyN > 0 {
			for ; d.copyN > 0 && d.at-d.given < fillSize; d.copyN-- {
				d.put(d.window[(d.at-d.back)&windowMask])
			}
			continue
		}
		s, err := d.lit.read(&d.bits)
		switch {
		case err != nil:
			return err
		case s < endOfBlock:
			d.put(byte(s))
		case s == endOfBlock:
			d.state = betweenBlocks
			return nil
		default:
			if err := d.match(s - endOfBlock - 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// match reads the rest of a length and a distance.
func (d *reader) match(s int) error {
	base, extra := 0, 0
	switch {
	case s < 8:
		base = 3 + s
	case s < 28:
		extra = s/4 - 1
		base = 3 + (4+s%4)<<extra
	case s == 28:
		base, extra = 3, 16
	default:
		return bad("length code")
	}
	low, err := d.bits.read(extra)
	if err != nil {
		return err
	}
	d.copyN = base + int(low)
	if s, err = d.dist.read(&d.bits); err != nil {
		return err
	}
	base, extra = 1+s, 0
	if s >= 4 {
		extra = s/2 - 1
		base = 1 + (2+s%2)<<extra
	}
	if low, err = d.bits.read(extra); err != nil {
		return err
	}
	if d.back = base + int(low); d.back > d.at || d.back > windowSize {
		return bad("distance beyond the start")
	}
	return nil
}
