// Package xzfile unpacks the xz container (The .xz File Format, version 1.2.1;
// the sections named below are its). The library's own reader makes room for
// whatever a block says of its dictionary, each block anew; here memory is asked
// for first, and no more than the content can need. LZMA2 itself is the library's.
package xzfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"

	"github.com/kagiban/kagiban/scan"
)

const (
	magic      = "\xFD7zXZ\x00"
	headerSize = 12 // of the stream, and of its footer
	filterLZMA = 0x21
	dictCodes  = 40 // of dictionary sizes (section 5.3.1)
)

// A Reader unpacks all streams of a file, one after the other.
type Reader struct {
	in      *counter
	size    int64                                     // of all that comes out; -1 if it is not known
	reserve func(n int64) (release func(), err error) // of the decoders of blocks
	check   byte                                      // of the stream
	streams int                                       // begun
	inside  bool                                      // a stream
	tally   hash.Hash                                 // of the sizes of its blocks
	blocks  uint64
	block   *block
	release func()
	held    int64
	err     error
}

// NewReader makes a reader. Size is how much comes out at the most, -1 if that
// is not known. Memory is asked for with reserve; Close releases it.
func NewReader(r io.Reader, size int64, reserve func(n int64) (release func(), err error)) *Reader {
	return &Reader{in: &counter{r: bufio.NewReaderSize(r, 32<<10)}, size: size, reserve: reserve}
}

// Close releases the memory of the decoder.
func (r *Reader) Close() error {
	r.block, r.err = nil, fmt.Errorf("xz: read after close")
	if r.release != nil {
		r.release()
		r.release = nil
	}
	return nil
}

func (r *Reader) Read(p []byte) (int, error) {
	for r.err == nil {
		if r.block == nil {
			r.err = r.next()
			continue
		}
		n, err := r.block.read(p)
		if err == io.EOF {
			r.err = r.endBlock()
		} else if err != nil {
			r.err = broken(err)
		}
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
	return 0, r.err
}

// next goes on to the next block, over the ends of streams.
func (r *Reader) next() error {
	if !r.inside {
		return r.beginStream()
	}
	at := r.in.n
	size, err := r.in.ReadByte()
	if err != nil {
		return broken(err)
	}
	if size == 0 {
		return r.endStream()
	}
	return r.beginBlock(at, (int(size)+1)*4)
}

// beginStream reads a stream header (section 2.1.1), or the padding before one
// (section 2.2), or finds the end of the file.
func (r *Reader) beginStream() error {
	var b [headerSize]byte
	for {
		_, err := io.ReadFull(r.in, b[:4])
		if err == io.EOF && r.streams > 0 {
			return io.EOF
		}
		if err != nil {
			return broken(err)
		}
		if r.streams == 0 || [4]byte(b[:4]) != [4]byte{} {
			break
		}
	}
	if _, err := io.ReadFull(r.in, b[4:]); err != nil {
		return broken(err)
	}
	if string(b[:6]) != magic || b[6] != 0 || crc32.ChecksumIEEE(b[6:8]) != binary.LittleEndian.Uint32(b[8:]) {
		return malformed("header of a stream")
	}
	r.check = b[7]
	if _, ok := newCheck(r.check); !ok {
		return fmt.Errorf("xz: check of kind %d: %w", r.check, scan.ErrUnsupported)
	}
	r.streams++
	r.inside, r.blocks, r.tally = true, 0, sha256.New()
	return nil
}

// newCheck makes the sum of a kind (section 2.1.1.2); nil for none.
func newCheck(kind byte) (hash.Hash, bool) {
	switch kind {
	case 0:
		return nil, true
	case 1:
		return crc32.NewIEEE(), true
	case 4:
		return crc64.New(crc64.MakeTable(crc64.ECMA)), true
	case 10:
		return sha256.New(), true
	}
	return nil, false
}

// A block is being unpacked.
type block struct {
	r        io.Reader
	sum      hash.Hash
	from     int64 // place of its header
	data     int64 // and of its data
	packed   int64 // bytes of data as stated, -1 if they are not
	plain    int64 // bytes that come out as stated, likewise
	produced int64
}

func (b *block) read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.produced += int64(n)
	if b.sum != nil {
		_, _ = b.sum.Write(p[:n])
	}
	if b.plain >= 0 && b.produced > b.plain {
		return 0, malformed("block is longer than it says")
	}
	return n, err
}

// beginBlock reads a block header (section 3.1) of which the first byte is read.
func (r *Reader) beginBlock(at int64, size int) error {
	head := make([]byte, size)
	head[0] = byte(size/4 - 1)
	if _, err := io.ReadFull(r.in, head[1:]); err != nil {
		return broken(err)
	}
	if crc32.ChecksumIEEE(head[:size-4]) != binary.LittleEndian.Uint32(head[size-4:]) {
		return malformed("sum of the header of a block")
	}
	flags, fields := head[1], bytes.NewReader(head[2:size-4])
	if flags&0x3C != 0 {
		return malformed("flags of a block")
	}
	b := &block{from: at, data: r.in.n, packed: -1, plain: -1}
	if err := stated(flags&0x40 != 0, fields, &b.packed); err != nil {
		return err
	}
	if err := stated(flags&0x80 != 0, fields, &b.plain); err != nil {
		return err
	}
	dict, err := dictionary(flags, fields)
	if err != nil {
		return err
	}
	for _, known := range []int64{b.plain, r.size} {
		if known >= 0 {
			dict = min(dict, known)
		}
	}
	dict = max(dict, lzma.MinDictCap)
	if err := r.room(dict); err != nil {
		return err
	}
	b.sum, _ = newCheck(r.check)
	if b.r, err = (lzma.Reader2Config{DictCap: int(dict)}).NewReader2(r.in); err != nil {
		return malformed("block: %v", err)
	}
	r.block = b
	return nil
}

// stated reads a size that a header may state.
func stated(is bool, fields *bytes.Reader, to *int64) error {
	if !is {
		return nil
	}
	n, err := binary.ReadUvarint(fields)
	if err != nil || n > 1<<63-1 {
		return malformed("size in the header of a block")
	}
	*to = int64(n)
	return nil
}

// dictionary reads the filters (sections 3.1.5 and 5.3.1): LZMA2 alone is known.
func dictionary(flags byte, fields *bytes.Reader) (int64, error) {
	id, err := binary.ReadUvarint(fields)
	if err == nil && (flags&3 != 0 || id != filterLZMA) {
		return 0, fmt.Errorf("xz: filter %#x: %w", id, scan.ErrUnsupported)
	}
	size, serr := fields.ReadByte()
	code, cerr := fields.ReadByte()
	if err != nil || serr != nil || cerr != nil || size != 1 || code > dictCodes {
		return 0, malformed("filter of a block")
	}
	for fields.Len() > 0 {
		if zero, _ := fields.ReadByte(); zero != 0 {
			return 0, malformed("padding of the header of a block")
		}
	}
	if code == dictCodes {
		return 1<<32 - 1, nil
	}
	return (2 | int64(code)&1) << (code/2 + 11), nil
}

// room asks for the memory of a dictionary. That of the block before is freed,
// unless it is as large.
func (r *Reader) room(n int64) error {
	if r.release != nil && r.held == n {
		return nil
	}
	if r.release != nil {
		r.release()
		r.release = nil
	}
	release, err := r.reserve(n)
	if err != nil {
		return err
	}
	r.release, r.held = release, n
	return nil
}

// endBlock checks what follows the data of a block (sections 3.3 and 3.4).
func (r *Reader) endBlock() error {
	b := r.block
	r.block = nil
	packed := r.in.n - b.data
	if b.packed >= 0 && b.packed != packed || b.plain >= 0 && b.plain != b.produced {
		return malformed("block breaks off")
	}
	if err := r.padding(packed); err != nil {
		return err
	}
	size := int64(0)
	if b.sum != nil {
		size = int64(b.sum.Size())
		want := make([]byte, size)
		if _, err := io.ReadFull(r.in, want); err != nil {
			return broken(err)
		}
		if !bytes.Equal(want, r.sumOf(b.sum)) {
			return malformed("sum of a block")
		}
	}
	r.record(uint64(b.data-b.from+packed+size), uint64(b.produced))
	r.blocks++
	return nil
}

// sumOf returns a sum as it is written: little-endian, but for SHA-256.
func (r *Reader) sumOf(h hash.Hash) []byte {
	switch h := h.(type) {
	case hash.Hash32:
		return binary.LittleEndian.AppendUint32(nil, h.Sum32())
	case hash.Hash64:
		return binary.LittleEndian.AppendUint64(nil, h.Sum64())
	}
	return h.Sum(nil)
}

func (r *Reader) padding(n int64) error {
	for ; n%4 != 0; n++ {
		if c, err := r.in.ReadByte(); err != nil {
			return broken(err)
		} else if c != 0 {
			return malformed("padding")
		}
	}
	return nil
}

func (r *Reader) record(unpadded, plain uint64) {
	_, _ = r.tally.Write(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, unpadded), plain))
}

// endStream reads the index, which has to agree with the blocks, and the footer
// (sections 4 and 2.1.2). The mark of the index is read.
func (r *Reader) endStream() error {
	blocks := r.tally.Sum(nil)
	r.tally.Reset()
	r.in.sum = crc32.NewIEEE()
	_, _ = r.in.sum.Write([]byte{0})
	from := r.in.n - 1
	n, err := binary.ReadUvarint(r.in)
	if err != nil {
		return broken(err)
	}
	if n != r.blocks {
		return malformed("number of blocks in the index")
	}
	for range n {
		unpadded, err := binary.ReadUvarint(r.in)
		if err != nil {
			return broken(err)
		}
		plain, err := binary.ReadUvarint(r.in)
		if err != nil {
			return broken(err)
		}
		r.record(unpadded, plain)
	}
	if err := r.padding(r.in.n - from); err != nil {
		return err
	}
	sum := r.in.sum.Sum32()
	r.in.sum = nil
	size := r.in.n - from + 4
	var b [4 + headerSize]byte
	if _, err := io.ReadFull(r.in, b[:]); err != nil {
		return broken(err)
	}
	le := binary.LittleEndian
	footer := b[4:]
	switch {
	case le.Uint32(b[:]) != sum || !bytes.Equal(blocks, r.tally.Sum(nil)):
		return malformed("index")
	case string(footer[10:]) != "YZ" || le.Uint32(footer) != crc32.ChecksumIEEE(footer[4:10]) ||
		footer[8] != 0 || footer[9] != r.check || (int64(le.Uint32(footer[4:]))+1)*4 != size:
		return malformed("footer of a stream")
	}
	r.inside = false
	return nil
}

// A counter counts what is read, and sums it up if it is asked to.
type counter struct {
	r   *bufio.Reader
	n   int64
	sum hash.Hash32
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.sum != nil {
		_, _ = c.sum.Write(p[:n])
	}
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
		if c.sum != nil {
			_, _ = c.sum.Write([]byte{b})
		}
	}
	return b, err
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("xz: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}

// broken distinguishes what breaks off from what cannot be read.
func broken(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return malformed("stream breaks off")
	}
	return err
}
