package inflate64

import (
	"bufio"
	"io"
)

// A bitReader reads bits, the lowest of a byte first.
type bitReader struct {
	r    *bufio.Reader
	acc  uint64
	have int
}

// need makes sure of n bits, as far as there are any.
func (b *bitReader) need(n int) error {
	for b.have < n {
		c, err := b.r.ReadByte()
		if err != nil {
			return err
		}
		b.acc |= uint64(c) << b.have
		b.have += 8
	}
	return nil
}

func (b *bitReader) read(n int) (uint32, error) {
	if err := b.need(n); err != nil {
		if err == io.EOF {
			err = bad("content breaks off")
		}
		return 0, err
	}
	v := uint32(b.acc & (1<<n - 1))
	b.acc >>= n
	b.have -= n
	return v, nil
}

// align drops the rest of a byte.
func (b *bitReader) align() {
	n := b.have % 8
	b.acc >>= n
	b.have -= n
}

const (
	codeMax  = 15
	fastBits = 10
)

// A code is a canonical prefix code (RFC 1951 section 3.2.2).
type code struct {
	fast    [1 << fastBits]uint16 // symbol<<4 | length, by the next bits; 0: longer
	count   [codeMax + 1]int
	symbols [literals]uint16
}

// build makes the code of some lengths. A code that is not full is allowed
// where a decoder never meets the rest, as by zlib: one symbol, or none.
func (c *code) build(lengths []uint8) error {
	*c = code{}
	for _, l := range lengths {
		c.count[l]++
	}
	used := len(lengths) - c.count[0]
	c.count[0] = 0
	left := 1
	var offset, next [codeMax + 2]int
	for l := 1; l <= codeMax; l++ {
		if left = left<<1 - c.count[l]; left < 0 {
			return bad("code is over-full")
		}
		offset[l+1] = offset[l] + c.count[l]
		next[l+1] = (next[l] + c.count[l]) << 1
	}
	if left > 0 && used > 1 {
		return bad("code has gaps")
	}
	for s, l := range lengths {
		if l == 0 {
			continue
		}
		c.symbols[offset[l]] = uint16(s)
		offset[l]++
		value := next[l]
		next[l]++
		if l > fastBits {
			continue
		}
		for at := reversed(value, int(l)); at < 1<<fastBits; at += 1 << l {
			c.fast[at] = uint16(s)<<4 | uint16(l)
		}
	}
	return nil
}

func reversed(v, n int) int {
	r := 0
	for range n {
		r = r<<1 | v&1
		v >>= 1
	}
	return r
}

// read reads a symbol.
func (c *code) read(b *bitReader) (int, error) {
	if err := b.need(codeMax); err != nil && err != io.EOF {
		return 0, err
	}
	if e := c.fast[b.acc&(1<<fastBits-1)]; e != 0 && int(e&15) <= b.have {
		b.acc >>= e & 15
		b.have -= int(e & 15)
		return int(e >> 4), nil
	}
	value, first, index := 0, 0, 0
	for l := 1; l <= codeMax && l <= b.have; l++ {
		value |= int(b.acc>>(l-1)) & 1
		if n := c.count[l]; value-first < n {
			b.acc >>= l
			b.have -= l
			return int(c.symbols[index+value-first]), nil
		}
		index += c.count[l]
		first = (first + c.count[l]) << 1
		value <<= 1
	}
	if b.have < codeMax {
		return 0, bad("content breaks off")
	}
	return 0, bad("code that does not exist")
}

// fixed sets the codes of section 3.2.6.
func (d *reader) fixed() error {
	var lengths [literals]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	if err := d.lit.build(lengths[:]); err != nil {
		return err
	}
	var five [distances]uint8
	for i := range five {
		five[i] = 5
	}
	return d.dist.build(five[:])
}

// dynamic reads the codes of a block (section 3.2.7).
func (d *reader) dynamic() error {
	order := [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	counts, err := d.bits.read(14)
	if err != nil {
		return err
	}
	lit, dist, small := int(counts&31)+257, int(counts>>5&31)+1, int(counts>>10)+4
	if lit > literals {
		return bad("%d codes", lit)
	}
	var lengths [19]uint8
	for _, s := range order[:small] {
		l, err := d.bits.read(3)
		if err != nil {
			return err
		}
		lengths[s] = uint8(l)
	}
	if err := d.lit.build(lengths[:]); err != nil {
		return err
	}
	all := make([]uint8, 0, literals+distances)
	for len(all) < lit+dist {
		if all, err = d.repeat(all); err != nil {
			return err
		}
	}
	if len(all) > lit+dist || all[endOfBlock] == 0 {
		return bad("code lengths")
	}
	if err := d.lit.build(all[:lit]); err != nil {
		return err
	}
	return d.dist.build(all[lit:])
}

// repeat reads one code length, or several that are the same.
func (d *reader) repeat(all []uint8) ([]uint8, error) {
	s, err := d.lit.read(&d.bits)
	if err != nil {
		return nil, err
	}
	value, base, extra := uint8(0), 3, 3
	switch {
	case s < 16:
		return append(all, uint8(s)), nil
	case s == 16 && len(all) == 0:
		return nil, bad("code lengths")
	case s == 16:
		value, extra = all[len(all)-1], 2
	case s == 18:
		base, extra = 11, 7
	}
	n, err := d.bits.read(extra)
	for range base + int(n) {
		all = append(all, value)
	}
	return all, err
}
