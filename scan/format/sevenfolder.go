package format

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// A sevenFolder is a unit of compression, and how many files are in it. There
// may be as many as files, so that no more of one is kept than is asked for.
type sevenFolder struct {
	size    uint64
	most    uint64 // bytes that some coder of it yields, the largest number
	memory  uint64 // that its decoders take whatever they yield
	streams uint64
	window  uint32 // of LZMA, of which no more is taken than comes out
	sum     uint32
	outs    uint8
	main    uint8 // the output stream that no coder takes in
	summed  bool
	locked  bool
	endless bool // the library does not end with it
}

type sevenCoder struct {
	id    string
	props []byte
}

func (f sevenFolder) encrypted() bool { return f.locked }

// takes adds what the decoder of a coder takes.
func (f *sevenFolder) takes(c sevenCoder) {
	switch c.id {
	case sevenCoderAES:
		f.locked = true
	case sevenCoderLZMA:
		if len(c.props) == 5 {
			f.window = max(f.window, binary.LittleEndian.Uint32(c.props[1:]))
		}
	case sevenCoderLZMA2:
		if len(c.props) == 1 {
			f.memory += lzma2Window(c.props[0])
		}
	case sevenCoderPPMd:
		if len(c.props) == 5 {
			f.memory += uint64(binary.LittleEndian.Uint32(c.props[1:]))
		}
	case sevenCoderDelta:
		f.endless = f.endless || len(c.props) == 1 && c.props[0] == 0xFF
	}
}

// lzma2Window decodes the size of a dictionary (xz-file-format, section 5.3.1).
func lzma2Window(code byte) uint64 {
	if code >= 40 {
		return math.MaxUint32
	}
	return (2 | uint64(code)&1) << (code/2 + 11)
}

// workerMemory is what the decoders of one folder, or of one file of a rar, may
// take: those of the folder before may still be there.
const workerMemory = 128 << 20

// fits refuses what the library would not survive.
func (f sevenFolder) fits() error {
	if f.endless {
		return unsupported("7z: delta filter with a distance of 256, with which the decoder never ends")
	}
	if f.memory > workerMemory || f.memory+min(uint64(f.window), f.most) > workerMemory {
		return fmt.Errorf("7z: dictionary: %w", &scan.LimitError{Limit: "memory"})
	}
	return nil
}

// folder reads a Folder with its coders and how they are joined.
func (p *sevenParser) folder() (sevenFolder, []sevenCoder) {
	f := sevenFolder{streams: 1}
	var coders []sevenCoder
	ins, outs := 0, 0
	n := p.count()
	if n == 0 || n > sevenCodersMax {
		p.fail("number of coders")
	}
	for i := 0; i < n && p.err == nil; i++ {
		flags := p.byte()
		c := sevenCoder{id: string(p.take(uint64(flags & 0x0F)))}
		in, out := uint64(1), uint64(1)
		if flags&0x10 != 0 {
			in, out = p.number(), p.number()
		}
		if flags&0x20 != 0 {
			c.props = p.take(p.number())
		}
		if flags&0xC0 != 0 || in > sevenCodersMax || out > sevenCodersMax {
			p.fail("coder of unknown shape")
			break
		}
		if ins, outs = ins+int(in), outs+int(out); outs > math.MaxUint8 {
			p.fail("number of streams")
			break
		}
		f.takes(c)
		coders = append(coders, c)
	}
	bound := make([]bool, outs)
	for i := 0; i < outs-1 && p.err == nil; i++ {
		_, out := p.number(), p.number()
		if out >= uint64(outs) {
			p.fail("stream number")
			break
		}
		bound[out] = true
	}
	main := slices.Index(bound, false)
	if main < 0 {
		p.fail("folder without an output")
	}
	f.outs, f.main = uint8(outs), uint8(max(main, 0))
	if packed := ins - (outs - 1); packed > 1 {
		for i := 0; i < packed && p.err == nil; i++ {
			p.number()
		}
	}
	return f, coders
}
