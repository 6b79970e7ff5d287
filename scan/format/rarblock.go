package format

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
)

// rar4 reads a block of the older layout (technote.txt, "Archive format"):
// sum, type, flags, size of the header, and in some the size of data.
func (a *rarArchive) rar4(off int64) (rarBlock, error) {
	const (
		mainHead, fileHead, endHead = 0x73, 0x74, 0x7B

		mainVolume, mainSealed, endNotLast       = 0x0001, 0x0080, 0x0001
		fileBefore, fileAfter, fileLocked        = 0x0001, 0x0002, 0x0004
		fileComment, fileLarge, fileFolder, data = 0x0008, 0x0100, 0x00E0, 0x8000
	)
	h, err := a.read(off, 7)
	if err != nil {
		return rarBlock{}, err
	}
	if len(h) < 7 {
		return rarBlock{}, io.EOF
	}
	kind, flags, size := h[2], binary.LittleEndian.Uint16(h[3:]), int(binary.LittleEndian.Uint16(h[5:]))
	if size < 7 || kind < 0x72 || kind > endHead {
		return rarBlock{}, malformed("no block")
	}
	if h, err = a.read(off, size); err != nil {
		return rarBlock{}, err
	}
	if len(h) < size {
		return rarBlock{}, io.EOF
	}
	b := rarBlock{size: int64(size), end: kind == endHead}
	if (kind == mainHead || kind == fileHead) && flags&fileComment == 0 &&
		uint16(crc32.ChecksumIEEE(h[2:])) != binary.LittleEndian.Uint16(h) {
		return rarBlock{}, malformed("sum")
	}
	if kind != fileHead {
		if flags&data != 0 && size >= 11 {
			b.data = int64(binary.LittleEndian.Uint32(h[7:]))
		}
		switch kind {
		case mainHead:
			a.flags, a.sealed, b.volume = uint64(flags), flags&mainSealed != 0, flags&mainVolume != 0
		case endHead:
			b.after, b.volume = flags&endNotLast != 0, flags&endNotLast != 0
		}
		return b, nil
	}
	if size < 32 {
		return rarBlock{}, malformed("header of a file is short")
	}
	b.data = int64(binary.LittleEndian.Uint32(h[7:]))
	unpacked := uint64(binary.LittleEndian.Uint32(h[11:]))
	if flags&fileLarge != 0 {
		if size < 40 || binary.LittleEndian.Uint32(h[32:]) > math.MaxInt32 {
			return rarBlock{}, malformed("size of a file")
		}
		b.data |= int64(binary.LittleEndian.Uint32(h[32:])) << 32
		unpacked |= uint64(binary.LittleEndian.Uint32(h[36:])) << 32
	}
	b.isFile, b.before, b.after = true, flags&fileBefore != 0, flags&fileAfter != 0
	b.volume = b.before || b.after
	b.file = unpacked > 0 && flags&fileFolder != fileFolder
	b.locked = flags&fileLocked != 0
	return b, nil
}

// rar5 reads a block of the newer layout ("General archive block format"): a
// sum, then the size, type and flags of the header as numbers of variable
// length, and the size of an extra area and of data if the flags say so.
func (a *rarArchive) rar5(off int64) (rarBlock, error) {
	const (
		mainHead, fileHead, cryptHead, endHead = 1, 2, 4, 5

		extra, data, before, after       = 0x01, 0x02, 0x08, 0x10
		mainVolume, endNotLast           = 0x01, 0x01
		fileFolder                       = 0x01
		fileUnknownSize, extraEncryption = 0x08, 0x01
	)
	header, size, err := a.rar5header(off)
	if err != nil {
		return rarBlock{}, err
	}
	b := rarBlock{size: size}
	p := &rarNumbers{left: header}
	kind, flags := p.number(), p.number()
	var extras uint64
	if flags&extra != 0 {
		extras = p.number()
	}
	if flags&data != 0 {
		b.data = int64(min(p.number(), math.MaxInt64))
	}
	if extras > uint64(len(p.left)) {
		return rarBlock{}, malformed("extra area")
	}
	records := &rarNumbers{left: p.left[len(p.left)-int(extras):]}
	p.left = p.left[:len(p.left)-int(extras)]
	switch kind {
	case mainHead:
		a.flags = p.number()
		b.volume = a.flags&mainVolume != 0
	case cryptHead:
		a.sealed = true
	case endHead:
		b.end, b.after = true, p.number()&endNotLast != 0
		b.volume = b.after
	case fileHead:
		b.isFile, b.before, b.after = true, flags&before != 0, flags&after != 0
		b.volume = b.before || b.after
		is, unpacked := p.number(), p.number()
		b.file = is&fileFolder == 0 && (unpacked > 0 || is&fileUnknownSize != 0)
		b.locked = records.has(extraEncryption)
	}
	if p.short || records.short {
		return rarBlock{}, malformed("header breaks off")
	}
	return b, nil
}

// rar5header returns the header at off, without its sum and size, and how many
// bytes it takes.
func (a *rarArchive) rar5header(off int64) ([]byte, int64, error) {
	h, err := a.read(off, 16)
	if err != nil {
		return nil, 0, err
	}
	if len(h) < 7 {
		return nil, 0, io.EOF
	}
	n, width := binary.Uvarint(h[4:])
	if width <= 0 || width > 3 || n == 0 || n > rarHeaderMax {
		return nil, 0, malformed("size of a header")
	}
	size := 4 + int64(width) + int64(n)
	if h, err = a.read(off, int(size)); err != nil {
		return nil, 0, err
	}
	if int64(len(h)) < size {
		return nil, 0, io.EOF
	}
	if crc32.ChecksumIEEE(h[4:]) != binary.LittleEndian.Uint32(h) {
		return nil, 0, malformed("sum")
	}
	return h[4+width:], size, nil
}

// rarNumbers reads numbers of variable length.
type rarNumbers struct {
	left  []byte
	short bool
}

func (p *rarNumbers) number() uint64 {
	v, n := binary.Uvarint(p.left)
	if n <= 0 {
		p.short, p.left = true, nil
		return 0
	}
	p.left = p.left[n:]
	return v
}

// has looks for a record of some type in an extra area: each has its size
// first, and then the type.
func (p *rarNumbers) has(kind uint64) bool {
	for len(p.left) > 0 && !p.short {
		size := p.number()
		if size > uint64(len(p.left)) {
			p.short = true
			return false
		}
		record := &rarNumbers{left: p.left[:size]}
		if record.number() == kind {
			return true
		}
		p.left = p.left[size:]
	}
	return false
}
