package lzh

import (
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/checked"
	"github.com/kagiban/kagiban/scan/format/internal/msb"
)

// Open unpacks an entry. The sum is checked at its end.
func (e *Entry) Open(r io.ReaderAt) (io.Reader, error) {
	data := io.NewSectionReader(r, e.off, e.packed)
	var plain io.Reader
	switch e.Method {
	case "-lh0-", "-lz4-":
		plain = data
	case "-lh4-", "-lh5-":
		plain = newDecoder(data, 13, 14, 4, e.Size)
	case "-lh6-":
		plain = newDecoder(data, 15, 16, 5, e.Size)
	case "-lh7-":
		plain = newDecoder(data, 16, 17, 5, e.Size)
	case "-lh1-":
		var err error
		if plain, err = newLh1(data, e.Size); err != nil {
			return nil, err
		}
	case "-lz5-":
		plain = newLz5(data, e.Size)
	case "-lzs-":
		plain = newLzs(data, e.Size)
	default:
		return nil, fmt.Errorf("lzh: method %s: %w", e.Method, scan.ErrUnsupported)
	}
	return &checked.Reader{
		R: io.LimitReader(plain, e.Size), Left: e.Size, Want: uint32(e.CRC), Update: checked.CRC16,
		Fail: func(what string) error { return bad("%s", what) },
	}, nil
}

const (
	codes     = 510 // literals and lengths
	lengths   = 19  // code lengths
	threshold = 3
)

// A decoder unpacks the sliding window with static Huffman codes in blocks.
type decoder struct {
	bits   msb.Reader
	window []byte
	mask   int
	at     int // in the window
	left   int64
	np     int // distance codes
	pbits  int
	block  int // symbols left in the block
	code   huffman
	dist   huffman
	copyAt int // source of a match that is being copied
	copyN  int
}

// Unpack unpacks a stream of LHA's newer methods, which ARJ shares: so many bits
// of window, distance codes, and bits for their number.
func Unpack(r io.Reader, windowBits, np, pbits int, size int64) io.Reader {
	return newDecoder(r, windowBits, np, pbits, size)
}

func newDecoder(r io.Reader, windowBits, np, pbits int, size int64) *decoder {
	return &decoder{
		bits: msb.NewReader(r), window: make([]byte, 1<<windowBits), mask: 1<<windowBits - 1,
		left: size, np: np, pbits: pbits,
	}
}

func (d *decoder) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && d.left > 0 {
		if d.copyN > 0 {
			d.emit(d.window[d.copyAt&d.mask])
			d.copyAt++
			d.copyN--
		} else {
			c, err := d.symbol()
			if err != nil {
				return n, err
			}
			if c >= 256 {
				back, err := d.distance()
				if err != nil {
					return n, err
				}
				d.copyN, d.copyAt = c-256+threshold, d.at-back-1
				continue
			}
			d.emit(byte(c))
		}
		p[n] = d.window[(d.at-1)&d.mask]
		n++
	}
	if d.left == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (d *decoder) emit(b byte) {
	d.window[d.at&d.mask] = b
	d.at++
	d.left--
}

func (d *decoder) symbol() (int, error) {
	if d.block == 0 {
		if err := d.newBlock(); err != nil {
			return 0, err
		}
	}
	d.block--
	return d.code.read(&d.bits)
}

func (d *decoder) distance() (int, error) {
	j, err := d.dist.read(&d.bits)
	if err != nil || j <= 1 {
		return j, err
	}
	low, err := d.bits.Read(j - 1)
	return 1<<(j-1) + low, err
}

// newBlock reads the codes of a block.
func (d *decoder) newBlock() error {
	var err error
	if d.block, err = d.bits.Read(16); err != nil {
		return err
	}
	if d.block == 0 {
		return bad("empty block")
	}
	var lens huffman
	if err := d.readLengths(&lens, lengths, 5, 3); err != nil {
		return err
	}
	if err := d.readCodes(&lens); err != nil {
		return err
	}
	return d.readLengths(&d.dist, d.np, d.pbits, -1)
}

// readLengths reads a small code: n lengths of three bits, longer ones in
// unary; after the one at gap come up to three zeros.
func (d *decoder) readLengths(h *huffman, most, bits, gap int) error {
	n, err := d.bits.Read(bits)
	if err != nil {
		return err
	}
	if n == 0 {
		only, err := d.bits.Read(bits)
		h.single(only)
		return err
	}
	if n > most {
		return bad("%d code lengths", n)
	}
	lens := make([]uint8, most)
	for i := 0; i < n; {
		l, err := d.bits.Read(3)
		for one := 1; l >= 7 && one == 1 && err == nil; {
			if one, err = d.bits.Read(1); one == 1 {
				l++
			}
		}
		if err != nil || l > 16 {
			return joinBad(err, "code length")
		}
		lens[i] = uint8(l)
		if i++; i == gap {
			zeros, err := d.bits.Read(2)
			if err != nil {
				return err
			}
			i += zeros
		}
	}
	return h.build(lens)
}

// readCodes reads the lengths of the literal code, written in the small code.
func (d *decoder) readCodes(lens *huffman) error {
	n, err := d.bits.Read(9)
	if err != nil {
		return err
	}
	if n == 0 {
		only, err := d.bits.Read(9)
		d.code.single(only)
		return err
	}
	if n > codes {
		return bad("%d codes", n)
	}
	all := make([]uint8, codes)
	for i := 0; i < n; {
		c, err := lens.read(&d.bits)
		if err != nil {
			return err
		}
		switch c {
		case 0:
			i++
		case 1:
			c, err = d.bits.Read(4)
			i += c + 3
		case 2:
			c, err = d.bits.Read(9)
			i += c + 20
		default:
			if i >= codes {
				return bad("too many codes")
			}
			all[i] = uint8(c - 2)
			i++
		}
		if err != nil {
			return err
		}
	}
	return d.code.build(all)
}

func joinBad(err error, what string) error {
	if err != nil {
		return err
	}
	return bad("%s", what)
}
