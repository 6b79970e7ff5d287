package format

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// The compression methods of zip that the standard library does not know
// (APPNOTE section 4.4.5).
const (
	zipBzip2   = 12
	zipLZMA    = 14
	zipZstdOld = 20
	zipZstd    = 93
	zipXz      = 95
)

// registerMethods teaches them to a reader; LZMA needs the entry and is in openLZMA.
func registerMethods(r *zip.Reader) {
	decode := map[uint16]func(io.Reader) (io.Reader, error){
		zipBzip2:   func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil },
		zipZstd:    newZstd,
		zipZstdOld: newZstd,
		zipXz:      func(r io.Reader) (io.Reader, error) { return xz.ReaderConfig{DictCap: decoderMemory}.NewReader(r) },
	}
	for method, open := range decode {
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

// openLZMA reads an entry of method 14: a version, the length of the
// properties, these, and a raw stream (section 5.8). The library wants the
// header of an .lzma file, so one is made of what the entry says.
func openLZMA(e *zip.File) (io.ReadCloser, error) {
	raw, err := e.OpenRaw()
	if err != nil {
		return nil, err
	}
	var head [9]byte
	if _, err := io.ReadFull(raw, head[:]); err != nil {
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
	r, err := lzma.ReaderConfig{DictCap: decoderMemory}.NewReader(io.MultiReader(bytes.NewReader(classic), raw))
	if err != nil {
		return nil, malformed("zip: lzma: %v", err)
	}
	return io.NopCloser(&summed{r: r, want: e.CRC32, left: e.UncompressedSize64}), nil
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
