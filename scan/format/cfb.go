package format

import (
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/richardlehane/mscfb"
)

// What all formats that are compound files share (MS-CFB).

const cfbMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

type cfbKey struct{}

// A cfb is the directory of a compound file.
type cfb struct {
	file    *scan.File
	entries []*mscfb.File
}

// readCFB reads the directory, once for all formats of the family.
func readCFB(f *scan.File) (*cfb, error) {
	v, err := f.Once(cfbKey{}, func() (any, error) {
		r, err := mscfb.New(f)
		if err != nil {
			return nil, malformed("compound file: %v", err)
		}
		return &cfb{f, r.File}, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*cfb), nil
}

// stream finds a stream by its path in the storage tree ("a/b"), without the
// control character that some names begin with.
func (c *cfb) stream(path string) *mscfb.File {
	for _, e := range c.entries {
		if !e.FileInfo().IsDir() && cfbPath(e) == path {
			return e
		}
	}
	return nil
}

func cfbPath(e *mscfb.File) string {
	return strings.Join(append(append([]string{}, e.Path...), e.Name), "/")
}

// has tells whether a stream or storage of that path exists.
func (c *cfb) has(path string) bool {
	for _, e := range c.entries {
		if cfbPath(e) == path {
			return true
		}
	}
	return false
}

// open reads a stream from its start. It ends where the file could hold no more.
func (c *cfb) open(e *mscfb.File) io.Reader {
	if _, err := e.Seek(0, io.SeekStart); err != nil {
		return errReader{malformed("compound file: %v", err)}
	}
	return io.LimitReader(e, min(e.Size, c.file.Size()))
}

// errReader is a reader that could not be made.
type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// text reads a small stream as a whole.
func (c *cfb) text(path string, limit int64) ([]byte, error) {
	e := c.stream(path)
	if e == nil {
		return nil, malformed("compound file without stream %s", path)
	}
	b := make([]byte, min(e.Size, limit, c.file.Size()))
	n, err := io.ReadFull(io.NewSectionReader(e, 0, e.Size), b)
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", path, err)
	}
	return b[:n], nil
}
