package lzh

import "github.com/kagiban/kagiban/scan/format/internal/msb"

// A huffman is a canonical prefix code of up to 17 bits.
type huffman struct {
	count   [18]int // codes of each length
	symbols []uint16
	only    int // the one symbol of a code without bits, if alone
	alone   bool
}

func (h *huffman) single(symbol int) { *h = huffman{only: symbol, alone: true} }

func (h *huffman) build(lens []uint8) error {
	*h = huffman{}
	var offset [18]int
	for _, l := range lens {
		if int(l) >= len(h.count) {
			return bad("code of %d bits", l)
		}
		h.count[l]++
	}
	h.count[0] = 0
	left := 1
	for l := 1; l < len(h.count); l++ {
		if left = left<<1 - h.count[l]; left < 0 {
			return bad("code is over-full")
		}
		offset[l] = offset[l-1] + h.count[l-1]
	}
	h.symbols = make([]uint16, len(lens))
	for s, l := range lens {
		if l > 0 {
			h.symbols[offset[l]] = uint16(s)
			offset[l]++
		}
	}
	return nil
}

func (h *huffman) read(b *msb.Reader) (int, error) {
	if h.alone {
		return h.only, nil
	}
	code, first, index := 0, 0, 0
	for l := 1; l < len(h.count); l++ {
		bit, err := b.Read(1)
		if err != nil {
			return 0, err
		}
		code |= bit
		if n := h.count[l]; code-first < n {
			return int(h.symbols[index+code-first]), nil
		}
		index += h.count[l]
		first = (first + h.count[l]) << 1
		code <<= 1
	}
	return 0, bad("code that does not exist")
}
