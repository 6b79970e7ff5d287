package lzh

import (
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/msb"
)

// The method -lh1- is that of LHarc: a window of 4 KiB, literals and lengths in
// a Huffman code that adapts to each symbol, and distances whose upper six bits
// are in a fixed code.

const (
	lh1Codes  = 256 + 58 // literals and the lengths from 3 to 60
	lh1Nodes  = 2*lh1Codes - 1
	lh1Root   = lh1Nodes - 1
	lh1Window = 4 << 10
	lh1Halve  = 0x8000 // frequencies are halved when the root has this one
)

// An adaptive is the tree: nodes in the order of their frequencies, pairs of
// sons side by side.
type adaptive struct {
	freq   [lh1Nodes + 1]int
	son    [lh1Nodes]int            // of a leaf, lh1Nodes + symbol
	parent [lh1Nodes + lh1Codes]int // of a node or, behind them, a leaf
}

func newAdaptive() *adaptive {
	a := &adaptive{}
	for s := range lh1Codes {
		a.freq[s], a.son[s], a.parent[s+lh1Nodes] = 1, s+lh1Nodes, s
	}
	for i, n := 0, lh1Codes; n <= lh1Root; i, n = i+2, n+1 {
		a.freq[n], a.son[n] = a.freq[i]+a.freq[i+1], i
		a.parent[i], a.parent[i+1] = n, n
	}
	a.freq[lh1Nodes] = 0xFFFF
	return a
}

// read reads a symbol, and lets the tree learn it.
func (a *adaptive) read(b *msb.Reader) (int, error) {
	n := a.son[lh1Root]
	for n < lh1Nodes {
		bit, err := b.Read(1)
		if err != nil {
			return 0, err
		}
		n = a.son[n+bit]
	}
	a.learn(n)
	return n - lh1Nodes, nil
}

func (a *adaptive) learn(leaf int) {
	if a.freq[lh1Root] == lh1Halve {
		a.halve()
	}
	for n := a.parent[leaf]; ; n = a.parent[n] {
		a.freq[n]++
		if f := a.freq[n]; f > a.freq[n+1] { // change places with the last one that has less
			last := n + 1
			for f > a.freq[last+1] {
				last++
			}
			a.freq[n], a.freq[last] = a.freq[last], f
			a.son[n], a.son[last] = a.son[last], a.son[n]
			a.adopt(n)
			a.adopt(last)
			n = last
		}
		if n == lh1Root {
			return
		}
	}
}

// adopt makes a node known to its sons.
func (a *adaptive) adopt(n int) {
	s := a.son[n]
	a.parent[s] = n
	if s < lh1Nodes {
		a.parent[s+1] = n
	}
}

// halve halves the frequencies of the leaves and builds the tree above them
// again.
func (a *adaptive) halve() {
	leaf := 0
	for n := range lh1Nodes {
		if a.son[n] >= lh1Nodes {
			a.freq[leaf], a.son[leaf] = (a.freq[n]+1)/2, a.son[n]
			leaf++
		}
	}
	for i, n := 0, lh1Codes; n < lh1Nodes; i, n = i+2, n+1 {
		f, at := a.freq[i]+a.freq[i+1], n
		for f < a.freq[at-1] {
			at--
		}
		copy(a.freq[at+1:n+1], a.freq[at:n])
		copy(a.son[at+1:n+1], a.son[at:n])
		a.freq[at], a.son[at] = f, i
	}
	for n := range lh1Nodes {
		a.adopt(n)
	}
}

// lh1 decodes the literals and matches of -lh1-.
type lh1 struct {
	bits msb.Reader
	tree *adaptive
	dist huffman
}

func newLh1(r io.Reader, size int64) (io.Reader, error) {
	var lengths [64]uint8
	for i := range lengths {
		for _, from := range []int{0, 1, 4, 12, 24, 48} { // code lengths from 3 on
			if i >= from {
				lengths[i]++
			}
		}
		lengths[i] += 2
	}
	l := &lh1{bits: msb.NewReader(r), tree: newAdaptive()}
	if err := l.dist.build(lengths[:]); err != nil {
		return nil, err
	}
	return newRing(lh1Window, size, l.next), nil
}

// next returns a literal, or the length and distance of a match.
func (l *lh1) next(int) (literal byte, length, back int, err error) {
	c, err := l.tree.read(&l.bits)
	if err != nil || c < 256 {
		return byte(c), 0, 0, err
	}
	high, err := l.dist.read(&l.bits)
	if err != nil {
		return 0, 0, 0, err
	}
	low, err := l.bits.Read(6)
	return 0, c - 256 + 3, high<<6 + low + 1, err
}
