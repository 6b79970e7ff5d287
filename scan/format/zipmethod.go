package format

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/kagiban/kagiban/scan/format/internal/inflate64"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// The compression methods of zip (APPNOTE section 4.4.5) that the standard
// library does not know.
const (
	zipDeflate64 = 9
	zipBzip2     = 12
	zipLZMA      = 14
	zipZstdOld   = 20
	zipZstd      = 93
	zipXz        = 95
)

// zipDecoders gives the decoders of methods that need nothing but the data.
func zipDecoders() map[uint16]func(io.Reader) (io.Reader, error) {
	return map[uint16]func(io.Reader) (io.Reader, error){
		zipDeflate64: func(r io.Reader) (io.Reader, error) { return inflate64.NewReader(r), nil },
		zipBzip2:     func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil },
		zipZstd:      newZstd,
		zipZstdOld:   newZstd,
		zipXz:        func(r io.Reader) (io.Reader, error) { return xz.ReaderConfig{DictCap: decoderMemory}.NewReader(r) },
	}
}

// registerMethods teaches them to a reader; the others need the entry and are
// in zipDecode.
func registerMethods(r *zip.Reader) {
	for method, open := range zipDecoders() {
		r.RegisterDecompressor(method, func(r io.Reader) io.ReadCloser {
			d, err := open(r)
			if err != nil {
				return io.NopCloser(failingReader{err})
			}
			if rc, ok := d.(io.ReadCloser); ok {
				return rc
			}
			return io.NopCloser(d)
		})
	}
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// zipDecode unpacks the data of an entry, whose own method may only say that it
// is encrypted. The length and the sum are checked at the end.
func zipDecode(e *zip.File, method uint16, data io.Reader) (io.Reader, error) {
	var plain io.Reader
	var err error
	switch open := zipDecoders()[method]; {
	case method == zip.Store:
		plain = data
	case method == zip.Deflate:
		plain = (&inflaters{}).open(data)
	case method == zipLZMA:
		plain, err = newZipLZMA(e, data)
	case open != nil:
		plain, err = open(data)
	default:
		return nil, unsupported("zip: compression method %d", method)
	}
	if err != nil {
		return nil, err
	}
	return &summed{r: plain, want: e.CRC32, left: e.UncompressedSize64}, nil
}

// openPacked opens an entry of a method that the standard library cannot be
// taught.
func openPacked(e *zip.File) (io.ReadCloser, error) {
	raw, err := e.OpenRaw()
	if err != nil {
		return nil, err
	}
	r, err := zipDecode(e, e.Method, raw)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(r), nil
}

// newZipLZMA reads data of method 14: a version, the length of the properties,
// these, and a raw stream (section 5.8). The library wants the header of an
// .lzma file, so one is made of what the entry says.
func newZipLZMA(e *zip.File, data io.Reader) (io.Reader, error) {
	var head [9]byte
	if _, err := io.ReadFull(data, head[:]); err != nil {
		return nil, malformed("zip: lzma entry breaks off")
	}
	if binary.LittleEndian.Uint16(head[2:]) != 5 || binary.LittleEndian.Uint32(head[5:]) > decoderMemory {
		return nil, unsupported("zip: lzma properties")
	}
	size := e.UncompressedSize64
	if e.Flags&2 != 0 { // an end marker follows
		size = ^uint64(0)
	}
	classic := binary.LittleEndian.AppendUint64(append([]byte{}, head[4:]...), size)
	r, err := lzma.ReaderConfig{DictCap: decoderMemory}.NewReader(io.MultiReader(bytes.NewReader(classic), data))
	if err != nil {
		return nil, malformed("zip: lzma: %v", err)
	}
	return r, nil
}

// summed checks length and sum at the end, as the standard library does for
// its own methods.
type summed struct {
	r    io.Reader
	want uint32
	left uint64
	sum  uint32
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if uint64(n) > s.left {
		return 0, malformed("zip: entry is longer than it says")
	}
	s.left -= uint64(n)
	s.sum = crc32.Update(s.sum, crc32.IEEETable, p[:n])
	if errors.Is(err, io.EOF) && (s.left != 0 || s.want != 0 && s.sum != s.want) {
		return n, zip.ErrChecksum
	}
	return n, err
}
