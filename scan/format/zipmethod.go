package format

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/checked"
	"github.com/kagiban/kagiban/scan/format/internal/inflate64"
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

// zipHeavy selects the methods whose decoders take more than a megabyte. They are
// opened here, where the entry is known and memory can be asked for.
func zipHeavy(method uint16) bool {
	switch method {
	case zipBzip2, zipLZMA, zipXz, zipZstd, zipZstdOld:
		return true
	}
	return false
}

// registerMethods teaches the rest to a reader.
func registerMethods(r *zip.Reader) {
	r.RegisterDecompressor(zipDeflate64, func(r io.Reader) io.ReadCloser { return io.NopCloser(inflate64.NewReader(r)) })
}

// zipDecode unpacks the data of an entry, whose own method may only say that it
// is encrypted. The length and the sum are checked at the end.
func zipDecode(f *scan.File, e *zip.File, method uint16, data io.Reader) (io.ReadCloser, error) {
	var plain io.ReadCloser
	var err error
	switch method {
	case zip.Store:
		plain = io.NopCloser(data)
	case zip.Deflate:
		plain = (&inflaters{}).open(data)
	case zipDeflate64:
		plain = io.NopCloser(inflate64.NewReader(data))
	case zipBzip2:
		plain, err = newBzip2(f, data)
	case zipZstd, zipZstdOld:
		plain, err = newZstd(f, data)
	case zipXz:
		plain, err = newXz(f, data, int64(min(e.UncompressedSize64, math.MaxInt64)))
	case zipLZMA:
		plain, err = newZipLZMA(f, e, data)
	default:
		return nil, unsupported("zip: compression method %d", method)
	}
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{&checked.Reader{
		R: plain, Left: int64(min(e.UncompressedSize64, math.MaxInt64)), Want: e.CRC32, Unsummed: e.CRC32 == 0,
		Fail: func(what string) error {
			if what == checked.Longer {
				return malformed("zip: entry is longer than it says")
			}
			return zip.ErrChecksum
		},
	}, plain}, nil
}

// openPacked opens an entry of a method that the standard library is not taught.
func openPacked(f *scan.File, e *zip.File) (io.ReadCloser, error) {
	raw, err := e.OpenRaw()
	if err != nil {
		return nil, err
	}
	return zipDecode(f, e, e.Method, raw)
}

// newZipLZMA reads data of method 14: a version, the length of the properties,
// these, and a raw stream (section 5.8). The library wants the header of an
// .lzma file, so one is made of what the entry says.
func newZipLZMA(f *scan.File, e *zip.File, data io.Reader) (io.ReadCloser, error) {
	var head [9]byte
	if _, err := io.ReadFull(data, head[:]); err != nil {
		return nil, malformed("zip: lzma entry breaks off")
	}
	if binary.LittleEndian.Uint16(head[2:]) != 5 {
		return nil, unsupported("zip: lzma properties")
	}
	window := uint32(min(uint64(binary.LittleEndian.Uint32(head[5:])), max(e.UncompressedSize64, lzma.MinDictCap)))
	binary.LittleEndian.PutUint32(head[5:], window) // no more comes out, so nothing refers farther back
	size := e.UncompressedSize64
	if e.Flags&2 != 0 { // an end marker follows
		size = ^uint64(0)
	}
	classic := binary.LittleEndian.AppendUint64(append([]byte{}, head[4:]...), size)
	return reserved(f, int64(window), func() (io.Reader, error) {
		r, err := lzma.ReaderConfig{DictCap: int(max(window, lzma.MinDictCap))}.NewReader(io.MultiReader(bytes.NewReader(classic), data))
		if err != nil {
			return nil, malformed("zip: lzma: %v", err)
		}
		return r, nil
	})
}
