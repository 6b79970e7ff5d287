package format

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"

	"github.com/kagiban/kagiban/scan"
)

// zlibFormat is a stream of zlib (RFC 1950), as programs and databases keep it and
// pictures hold their text. It has no magic of its own: its header is a sum, and what
// follows has to unpack.
func zlibFormat() scan.Format {
	f := compressed("zlib", 1, scan.About{Names: "zlib", Verdict: "always open", Content: scan.CoverageFull}, ".zlib", nil, func(f *scan.File) (io.ReadCloser, error) {
		return newZlib(f)
	})
	f.Match = isZlib
	return f
}

// zlibLeast is how much has to unpack of a stream whose end is not seen.
const zlibLeast = 64

func isZlib(f *scan.File) bool {
	h := f.Head
	if len(h) < 8 || h[0] != 0x78 || h[1]&0x20 != 0 || (int(h[0])<<8|int(h[1]))%31 != 0 { // a window of 32 KiB, no dictionary
		return false
	}
	z, err := zlib.NewReader(bytes.NewReader(h))
	if err != nil {
		return false
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, 4<<10))
	return n > 0 && (err == nil || errors.Is(err, io.ErrUnexpectedEOF) && n >= zlibLeast)
}

// A zlibStream claims what belongs to it once it is at its end, and no byte behind.
type zlibStream struct {
	io.ReadCloser
	file *scan.File
	from *countedBytes
}

func newZlib(f *scan.File) (io.ReadCloser, error) {
	from := &countedBytes{r: bufio.NewReader(f.Reader())}
	z, err := zlib.NewReader(from)
	if err != nil {
		f.ClaimAll(scan.UseRead)
		return nil, malformed("zlib: %v", err)
	}
	return &zlibStream{z, f, from}, nil
}

func (z *zlibStream) Read(p []byte) (int, error) {
	n, err := z.ReadCloser.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		z.file.Claim(scan.UseRead, 0, z.from.n)
	case err != nil:
		z.file.ClaimAll(scan.UseRead) // what is wrong is said of all of it
	}
	return n, err
}

// countedBytes is read no further than it is used.
type countedBytes struct {
	r *bufio.Reader
	n int64
}

func (c *countedBytes) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *countedBytes) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}
