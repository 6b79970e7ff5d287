package format

import (
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// What all formats that are compound files share (MS-CFB).

type cfbKey struct{}

// A compound is the directory of a compound file.
type compound struct {
	file    *scan.File
	cfb     *cfb.File
	entries []*cfb.Entry
}

// readCFB reads the directory, once for all formats of the family.
func readCFB(f *scan.File) (*compound, error) {
	v, err := f.Once(cfbKey{}, func() (any, error) {
		c, err := cfb.Open(f, f.Size())
		if err != nil {
			return nil, err
		}
		return &compound{f, c, c.Entries}, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*compound), nil
}

// stream finds a stream by its path in the storage tree ("a/b"), without the
// control character that some names begin with.
func (c *compound) stream(path string) *cfb.Entry {
	for _, e := range c.entries {
		if !e.Dir && cfbPath(e) == path {
			return e
		}
	}
	return nil
}

func cfbPath(e *cfb.Entry) string {
	return strings.Join(append(append([]string{}, e.Path...), e.Name), "/")
}

// has tells whether a stream or storage of that path exists.
func (c *compound) has(path string) bool {
	for _, e := range c.entries {
		if cfbPath(e) == path {
			return true
		}
	}
	return false
}

// open reads a stream from its start. It ends where the file could hold no more.
func (c *compound) open(e *cfb.Entry) io.Reader {
	return io.LimitReader(c.cfb.Reader(e), c.file.Size())
}

// text reads a small stream as a whole, or the beginning of a longer one.
func (c *compound) text(path string, limit int64) ([]byte, error) {
	e := c.stream(path)
	if e == nil {
		return nil, malformed("compound file without stream %s", path)
	}
	b := make([]byte, min(e.Size, limit, c.file.Size()))
	n, err := io.ReadFull(c.open(e), b)
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", path, err)
	}
	return b[:n], nil
}
