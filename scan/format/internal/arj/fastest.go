package arj

import (
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/msb"
)

// fastest unpacks method 4: lengths and distances in two codes of fixed form,
// each a number of ones that ends in a zero, and then that many bits.
type fastest struct {
	bits   msb.Reader
	window [fastestWindow]byte
	at     int
	left   int64
	copyAt int
	copyN  int
}

const fastestWindow = 32 << 10 // the format uses 26 KiB of it

func newFastest(r io.Reader, size int64) io.Reader {
	return &fastest{bits: msb.NewReader(r), left: size}
}

// number reads a number whose bits grow from narrow to wide.
func (f *fastest) number(narrow, wide int) (int, error) {
	base, width := 0, narrow
	for ; width < wide; width++ {
		one, err := f.bits.Read(1)
		if err != nil {
			return 0, err
		}
		if one == 0 {
			break
		}
		base += 1 << width
	}
	low, err := f.bits.Read(width)
	return base + low, err
}

func (f *fastest) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && f.left > 0 {
		if f.copyN == 0 {
			if err := f.symbol(); err != nil {
				return n, err
			}
			if f.copyN > 0 {
				continue
			}
		} else {
			f.window[f.at%fastestWindow] = f.window[f.copyAt%fastestWindow]
			f.at++
			f.copyAt++
			f.copyN--
		}
		f.left--
		p[n] = f.window[(f.at-1)%fastestWindow]
		n++
	}
	if f.left == 0 {
		return n, io.EOF
	}
	return n, nil
}

// symbol reads a literal into the window, or a match.
func (f *fastest) symbol() error {
	length, err := f.number(0, 7)
	if err != nil {
		return err
	}
	if length == 0 {
		c, err := f.bits.Read(8)
		f.window[f.at%fastestWindow] = byte(c)
		f.at++
		return err
	}
	back, err := f.number(9, 13)
	if err != nil {
		return err
	}
	if f.copyAt = f.at - back - 1; f.copyAt < 0 {
		return bad("distance beyond the start")
	}
	f.copyN = length + 2
	return nil
}
