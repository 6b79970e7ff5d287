package format

import (
	"bufio"
	"compress/bzip2"
	"encoding/binary"
	"io"
	"runtime"

	"github.com/klauspost/compress/zstd"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xzfile"
)

// Decoders that take more than a megabyte for their dictionary or window ask
// for it, and release it when they are closed.

// decoderMemory bounds the window of a decompressor: what real encoders ask
// for is 128 MiB at the most, and they take little of it for small content.
const decoderMemory = 128 << 20

// collectFrom is how much a decoder must have had for its memory to be
// collected before another one asks: else that of both is there for a while.
const collectFrom = 16 << 20

// reserve asks for the memory of a decoder.
func reserve(f *scan.File, n int64) (release func(), err error) {
	if n > decoderMemory {
		return nil, &scan.LimitError{Limit: "memory"}
	}
	giveBack, err := f.Reserve(n)
	if err != nil || n < collectFrom {
		return giveBack, err
	}
	return func() {
		runtime.GC()
		giveBack()
	}, nil
}

// reserved makes a decoder that takes n bytes.
func reserved(f *scan.File, n int64, open func() (io.Reader, error)) (io.ReadCloser, error) {
	release, err := reserve(f, n)
	if err != nil {
		return nil, err
	}
	r, err := open()
	if err != nil {
		release()
		return nil, err
	}
	return &releasing{r, release}, nil
}

// A releasing reader releases memory.
type releasing struct {
	r       io.Reader
	release func()
}

func (r *releasing) Read(p []byte) (int, error) {
	if r.r == nil {
		return 0, io.ErrClosedPipe
	}
	return r.r.Read(p)
}

func (r *releasing) Close() error {
	if r.r == nil {
		return nil
	}
	if c, ok := r.r.(io.Closer); ok {
		_ = c.Close() // of a decoder, which only frees
	}
	r.r = nil
	r.release()
	return nil
}

// newBzip2 unpacks bzip2, which takes four bytes for each byte of a block.
func newBzip2(f *scan.File, r io.Reader) (io.ReadCloser, error) {
	return reserved(f, 4*900_000, func() (io.Reader, error) { return bzip2.NewReader(r), nil })
}

// newXz unpacks xz; size is how much comes out at the most, -1 if that is not known.
func newXz(f *scan.File, r io.Reader, size int64) (io.ReadCloser, error) {
	return xzfile.NewReader(r, size, func(n int64) (func(), error) { return reserve(f, n) }), nil
}

// newZstd unpacks Zstandard.
func newZstd(f *scan.File, r io.Reader) (io.ReadCloser, error) {
	frames := &zstdFrames{r: bufio.NewReaderSize(r, 32<<10), reserve: func(n int64) (func(), error) { return reserve(f, n) }}
	d, err := zstd.NewReader(frames, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(decoderMemory))
	if err != nil {
		frames.close()
		return nil, err
	}
	return &releasing{d.IOReadCloser(), frames.close}, nil
}

// zstdFrames passes a stream of frames on (RFC 8878 section 3.1) and asks for
// the memory of each before the decoder sees its header.
type zstdFrames struct {
	r       *bufio.Reader
	reserve func(n int64) (release func(), err error)
	release []func()
	held    int64
	ready   []byte // of headers, to be passed on
	left    int64  // bytes that are passed on before the next header
	block   bool   // that header is of a block and not of a frame
	sum     int64  // bytes of the sum behind the last block
	strange bool   // what comes is no frame: the decoder says so
	err     error
}

// zstdRoom is what the decoder has beside the window: two blocks and what a
// copy may write beyond one.
const zstdRoom = 2*128<<10 + 1<<10

func (z *zstdFrames) close() {
	for _, release := range z.release {
		release()
	}
	z.release, z.err = nil, io.ErrClosedPipe
}

func (z *zstdFrames) Read(p []byte) (int, error) {
	for {
		switch {
		case len(z.ready) > 0:
			n := copy(p, z.ready)
			z.ready = z.ready[n:]
			return n, nil
		case z.err != nil:
			return 0, z.err
		case z.strange:
			return z.r.Read(p)
		case z.left > 0:
			n, err := z.r.Read(p[:min(int64(len(p)), z.left)])
			z.left -= int64(n)
			return n, err
		case z.block:
			z.blockHeader()
		default:
			z.frameHeader()
		}
	}
}

// take moves n bytes to what is passed on; nil if there are fewer.
func (z *zstdFrames) take(n int) []byte {
	at := len(z.ready)
	b := make([]byte, n)
	k, err := io.ReadFull(z.r, b)
	z.ready = append(z.ready, b[:k]...)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	if z.err = err; err != nil {
		return nil
	}
	return z.ready[at:]
}

// blockHeader reads three bytes (section 3.1.1.2).
func (z *zstdFrames) blockHeader() {
	const rle = 1
	b := z.take(3)
	if b == nil {
		return
	}
	v := int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16
	if z.left = v >> 3; v>>1&3 == rle {
		z.left = 1
	}
	if v&1 != 0 {
		z.block = false
		z.left += z.sum
	}
}

// frameHeader reads the header of a frame (section 3.1.1.1), or of one that is
// skipped (section 3.1.2).
func (z *zstdFrames) frameHeader() {
	le := binary.LittleEndian
	b := z.take(4)
	if b == nil {
		return
	}
	switch magic := le.Uint32(b); {
	case magic&^0xF == 0x184D2A50:
		if b = z.take(4); b != nil {
			z.left = int64(le.Uint32(b))
		}
		return
	case magic != 0xFD2FB528:
		z.strange = true
		return
	}
	if b = z.take(1); b == nil {
		return
	}
	flags, window := b[0], int64(0)
	single := flags&0x20 != 0
	if !single {
		if b = z.take(1); b == nil {
			return
		}
		window = 1 << (10 + b[0]>>3)
		window += window / 8 * int64(b[0]&7)
	}
	if z.take([]int{0, 1, 2, 4}[flags&3]); z.err != nil {
		return
	}
	width := []int{0, 2, 4, 8}[flags>>6]
	if width == 0 && single {
		width = 1
	}
	b = z.take(width)
	if z.err != nil {
		return
	}
	if single {
		window = int64(min(le.Uint64(append(b[:width:width], make([]byte, 8)...)), 1<<62))
		if width == 2 {
			window += 256
		}
	}
	z.block, z.sum = true, int64(flags>>2&1)*4
	z.room(window + zstdRoom)
}

// room asks for memory beyond what is held: the decoder keeps the largest window.
func (z *zstdFrames) room(n int64) {
	if n <= z.held {
		return
	}
	release, err := z.reserve(n - z.held)
	if err != nil {
		z.err, z.ready = err, nil
		return
	}
	z.held = n
	z.release = append(z.release, release)
}
