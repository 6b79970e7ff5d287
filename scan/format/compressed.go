package format

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// Compressed streams hold one file and know no password.

// decoderMemory bounds the window of a decompressor: what real encoders ask
// for is 128 MiB at the most, and they take little of it for small content.
const decoderMemory = 128 << 20

// Gzip is one or more gzip members, one after the other (RFC 1952 section 2.2).
func Gzip() scan.Format {
	return compressed("gzip", ".gz", []string{"\x1F\x8B\x08"}, func(r io.Reader) (io.Reader, error) {
		return gzip.NewReader(r)
	})
}

// Bzip2 is recognised by the magic of its first block too, as its own is short.
func Bzip2() scan.Format {
	f := compressed("bzip2", ".bz2", []string{"BZh"}, func(r io.Reader) (io.Reader, error) {
		return bzip2.NewReader(r), nil
	})
	f.Match = func(f *scan.File) bool {
		return hasPrefix(f, "BZh") && len(f.Head) >= 10 && f.Head[3] >= '1' && f.Head[3] <= '9' &&
			(string(f.Head[4:10]) == "1AY&SY" || string(f.Head[4:10]) == "\x17\x72\x45\x38\x50\x90")
	}
	return f
}

// Xz is the xz container (The .xz File Format, version 1.2.1).
func Xz() scan.Format {
	return compressed("xz", ".xz", []string{"\xFD7zXZ\x00"}, func(r io.Reader) (io.Reader, error) {
		tail := &xzTail{r: r}
		x, err := xz.ReaderConfig{DictCap: decoderMemory}.NewReader(tail)
		return &xzWhole{x, tail}, err
	})
}

// An xzTail keeps the last bytes of a stream, without its padding.
type xzTail struct {
	r    io.Reader
	last []byte
}

func (t *xzTail) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if b := bytes.TrimRight(p[:n], "\x00"); len(b) > 0 {
		t.last = append(t.last, b[max(0, len(b)-2):]...)
		t.last = t.last[max(0, len(t.last)-2):]
	}
	return n, err
}

// An xzWhole tells a stream that ends without its footer (section 2.1.2.4):
// the library takes a header that breaks off for an empty stream.
type xzWhole struct {
	io.Reader
	tail *xzTail
}

func (x *xzWhole) Read(p []byte) (int, error) {
	n, err := x.Reader.Read(p)
	if err == io.EOF && string(x.tail.last) != "YZ" {
		err = malformed("xz: stream breaks off")
	}
	return n, err
}

// Zstd is Zstandard (RFC 8878).
func Zstd() scan.Format {
	return compressed("zstd", ".zst", []string{"\x28\xB5\x2F\xFD"}, newZstd)
}

func newZstd(r io.Reader) (io.Reader, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(decoderMemory))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

func compressed(name, ext string, magics []string, decode func(io.Reader) (io.Reader, error)) scan.Format {
	return scan.Format{
		Name: name, Version: 1,
		Match: func(f *scan.File) bool { return hasPrefix(f, magics...) },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			return open(func(_ context.Context, out scan.Sink) error {
				return out.Member(scan.Member{Name: unpacked(f.Name, ext), Size: -1, Open: func() (io.ReadCloser, error) {
					r, err := decode(f.Reader())
					if err != nil {
						return nil, err
					}
					if rc, ok := r.(io.ReadCloser); ok {
						return bounded(f, rc), nil
					}
					return io.NopCloser(f.Bound(r)), nil
				}})
			}), nil
		},
	}
}

// unpacked names what is inside: list.csv.gz holds list.csv.
func unpacked(name, ext string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	lower := strings.ToLower(base)
	for _, short := range []string{".tgz", ".tbz", ".tbz2", ".txz", ".tzst"} {
		if strings.HasSuffix(lower, short) {
			return base[:len(base)-len(short)] + ".tar"
		}
	}
	if strings.HasSuffix(lower, ext) && len(base) > len(ext) {
		return base[:len(base)-len(ext)]
	}
	return base + " (content)"
}
