package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"

	"github.com/kagiban/kagiban/scan"
	"github.com/ulikunitz/xz/lzma"
)

// Property numbers of a 7z header (7zFormat.txt, "Property IDs").
const (
	sevenEnd            = 0x00
	sevenHeader         = 0x01
	sevenArchiveProps   = 0x02
	sevenAdditional     = 0x03
	sevenMainStreams    = 0x04
	sevenFiles          = 0x05
	sevenPackInfo       = 0x06
	sevenUnpackInfo     = 0x07
	sevenSubStreams     = 0x08
	sevenSize           = 0x09
	sevenCRC            = 0x0A
	sevenFolders        = 0x0B
	sevenUnpackSize     = 0x0C
	sevenNumStreams     = 0x0D
	sevenEncodedHeader  = 0x17
	sevenFolderLeast    = 2  // bytes of a folder in the header
	sevenCodersMax      = 32 // coders and their streams in one folder, as in 7-Zip
	sevenCoderAES       = "\x06\xF1\x07\x01"
	sevenCoderLZMA      = "\x03\x01\x01"
	sevenCoderLZMA2     = "\x21"
	sevenCoderDelta     = "\x03"
	sevenCoderPPMd      = "\x03\x04\x01"
	sevenCoderCopy      = "\x00"
	sevenCoderCopyEmpty = ""
)

// sevenStreams is a StreamsInfo: where packed bytes lie and how to unpack them.
type sevenStreams struct {
	pos     uint64 // from the end of the start header
	packed  uint64 // bytes of the first packed stream
	packs   int
	coders  []sevenCoder // of the first folder
	folders []sevenFolder
}

// A sevenParser reads a header. The first error sticks. No count is believed
// that the bytes left could not hold, so nothing large is ever made.
type sevenParser struct {
	left []byte
	err  error
}

func (p *sevenParser) fail(why string) {
	if p.err == nil {
		p.err, p.left = malformed("7z: %s", why), nil
	}
}

func (p *sevenParser) limit() {
	if p.err == nil {
		p.err, p.left = fmt.Errorf("7z: folders: %w", &scan.LimitError{Limit: "memory"}), nil
	}
}

func (p *sevenParser) byte() byte {
	b := p.take(1)
	if b == nil {
		return 0
	}
	return b[0]
}

func (p *sevenParser) take(n uint64) []byte {
	if n > uint64(len(p.left)) {
		p.fail("header breaks off")
		return nil
	}
	b := p.left[:n]
	p.left = p.left[n:]
	return b
}

// number reads a NUMBER: the leading ones of the first byte tell how many
// bytes follow, little endian; its other bits are the highest.
func (p *sevenParser) number() uint64 {
	first := p.byte()
	var v uint64
	mask := byte(0x80)
	for i := range 8 {
		if first&mask == 0 {
			return v | uint64(first&(mask-1))<<(8*i)
		}
		v |= uint64(p.byte()) << (8 * i)
		mask >>= 1
	}
	return v
}

// count reads a number of things that take at least one byte each.
func (p *sevenParser) count() int {
	n := p.number()
	if n > uint64(len(p.left)) {
		p.fail("count larger than the header")
		return 0
	}
	return int(n)
}

// bits reads a vector of n bits that may be left out if all are set.
func (p *sevenParser) bits(n uint64) func(i uint64) bool {
	if p.byte() != 0 {
		return func(uint64) bool { return true }
	}
	if n > uint64(len(p.left))*8 {
		p.fail("count larger than the header")
		return func(uint64) bool { return false }
	}
	b := p.take((n + 7) / 8)
	return func(i uint64) bool { return p.err == nil && b[i/8]&(0x80>>(i%8)) != 0 }
}

// digests reads the sums of n streams.
func (p *sevenParser) digests(n uint64, set func(i uint64, sum uint32)) {
	has := p.bits(n)
	for i := uint64(0); i < n && p.err == nil; i++ {
		if has(i) {
			if b := p.take(4); b != nil {
				set(i, binary.LittleEndian.Uint32(b))
			}
		}
	}
}

// header reads a Header after its number. Of the files only their count is
// wanted; what follows it is not read.
func (p *sevenParser) header() *sevenZip {
	a := &sevenZip{}
	for p.err == nil {
		switch id := p.byte(); id {
		case sevenEnd:
			return a
		case sevenArchiveProps:
			for p.err == nil && p.byte() != sevenEnd {
				p.take(p.number())
			}
		case sevenAdditional:
			p.streams()
		case sevenMainStreams:
			a.folders = p.streams().folders
		case sevenFiles:
			a.files = p.count()
			return a
		default:
			p.fail("unknown part of the header")
		}
	}
	return a
}

// streams reads a StreamsInfo.
func (p *sevenParser) streams() *sevenStreams {
	s := &sevenStreams{}
	for p.err == nil {
		switch p.byte() {
		case sevenEnd:
			return s
		case sevenPackInfo:
			p.packInfo(s)
		case sevenUnpackInfo:
			p.unpackInfo(s)
		case sevenSubStreams:
			p.subStreams(s)
		default:
			p.fail("unknown part of the streams")
		}
	}
	return s
}

func (p *sevenParser) packInfo(s *sevenStreams) {
	s.pos = p.number()
	n := p.count()
	for p.err == nil {
		switch p.byte() {
		case sevenEnd:
			return
		case sevenSize:
			s.packs = n
			for i := 0; i < n && p.err == nil; i++ {
				if size := p.number(); i == 0 {
					s.packed = size
				}
			}
		case sevenCRC:
			p.digests(uint64(n), func(uint64, uint32) {})
		default:
			p.fail("unknown part of the packed streams")
		}
	}
}

func (p *sevenParser) unpackInfo(s *sevenStreams) {
	if p.byte() != sevenFolders {
		p.fail("folders expected")
	}
	n := p.count()
	if p.byte() != 0 {
		p.fail("folders elsewhere")
	}
	switch {
	case n > sevenFoldersMax:
		p.limit()
	case n > len(p.left)/sevenFolderLeast:
		p.fail("count larger than the header")
	default:
		s.folders = make([]sevenFolder, 0, n)
	}
	for i := 0; i < n && p.err == nil; i++ {
		f, coders := p.folder()
		if s.folders = append(s.folders, f); i == 0 {
			s.coders = coders
		}
	}
	for p.err == nil {
		switch p.byte() {
		case sevenEnd:
			return
		case sevenUnpackSize:
			for i := range s.folders {
				f := &s.folders[i]
				for out := range f.outs {
					size := p.number()
					if f.most = max(f.most, size); out == f.main {
						f.size = size
					}
				}
			}
		case sevenCRC:
			p.digests(uint64(n), func(i uint64, sum uint32) { s.folders[i].sum, s.folders[i].summed = sum, true })
		default:
			p.fail("unknown part of the folders")
		}
	}
}

// subStreams reads how many files each folder has; their sizes and sums are
// walked over.
func (p *sevenParser) subStreams(s *sevenStreams) {
	var unsummed uint64
	sized := false
	id := p.byte()
	if id == sevenNumStreams {
		for i := range s.folders {
			n := p.number()
			if n > uint64(len(p.left))+1 { // all but one have their size here
				p.fail("count larger than the header")
				return
			}
			s.folders[i].streams = n
		}
		id = p.byte()
	}
	for _, f := range s.folders {
		if f.streams != 1 || !f.summed {
			unsummed += f.streams
		}
	}
	for ; p.err == nil; id = p.byte() {
		switch id {
		case sevenEnd:
			return
		case sevenSize:
			if sized {
				p.fail("sizes twice")
			}
			sized = true
			for _, f := range s.folders {
				for i := uint64(1); i < f.streams && p.err == nil; i++ {
					p.number()
				}
			}
		case sevenCRC:
			p.digests(unsummed, func(uint64, uint32) {})
		default:
			p.fail("unknown part of the files in folders")
		}
	}
}

// unpack returns the header that is packed in the last folder. Archivers pack
// headers with LZMA; the other two cost nothing to read.
func (s *sevenStreams) unpack(f *scan.File) ([]byte, error) {
	folder := s.folders[0]
	if len(s.folders) != 1 || s.packs != 1 || len(s.coders) != 1 || folder.outs != 1 {
		return nil, unsupported("7z: header packed in an unusual way")
	}
	if err := folder.fits(); err != nil {
		return nil, err
	}
	size, packed := folder.size, s.packed
	if size > sevenHeaderMax || packed > sevenHeaderMax {
		return nil, unsupported("7z: header of %d bytes", max(size, packed))
	}
	if s.pos > uint64(math.MaxInt64-32) || packed > uint64(f.Size()) || 32+int64(s.pos) > f.Size()-int64(packed) {
		return nil, malformed("7z: packed header lies beyond the end of the file")
	}
	raw := io.NewSectionReader(f, 32+int64(s.pos), int64(packed))
	r, err := reserved(f, int64(size), func() (io.Reader, error) { return s.coders[0].decode(raw, size) })
	if err != nil {
		return nil, err
	}
	defer r.Close()
	// What does not come out of the input is not made room for.
	plain := make([]byte, 0, min(size, 64<<10))
	for from := f.Bound(r); uint64(len(plain)) < size; {
		plain = slices.Grow(plain, 1)
		n, err := from.Read(plain[len(plain):min(uint64(cap(plain)), size)])
		if plain = plain[:len(plain)+n]; err != nil && uint64(len(plain)) < size {
			return nil, errors.Join(noEOF(err), malformed("7z: packed header breaks off"))
		}
	}
	if folder.summed && crc32.ChecksumIEEE(plain) != folder.sum {
		return nil, malformed("7z: sum of the packed header")
	}
	return plain, nil
}

// decode unpacks one stream. A window larger than what comes out serves nobody.
func (c sevenCoder) decode(r io.Reader, size uint64) (io.Reader, error) {
	window := int(max(size, lzma.MinDictCap))
	switch c.id {
	case sevenCoderCopy, sevenCoderCopyEmpty:
		return r, nil
	case sevenCoderLZMA2:
		d, err := lzma.Reader2Config{DictCap: window}.NewReader2(r)
		return d, err
	case sevenCoderLZMA:
		if len(c.props) != 5 {
			return nil, malformed("7z: properties of LZMA")
		}
		head := binary.LittleEndian.AppendUint32([]byte{c.props[0]}, min(binary.LittleEndian.Uint32(c.props[1:]), uint32(window)))
		head = binary.LittleEndian.AppendUint64(head, size)
		d, err := lzma.ReaderConfig{DictCap: window}.NewReader(io.MultiReader(bytes.NewReader(head), r))
		return d, err
	}
	return nil, unsupported("7z: header packed by coder %x", c.id)
}
