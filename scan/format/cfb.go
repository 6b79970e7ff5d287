package format

import (
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
)

// What all formats that are compound files share (MS-CFB).

type cfbKey struct{}

// A compound is the directory of a compound file, or of a storage in one as if
// it were a file by itself.
type compound struct {
	file    *scan.File
	cfb     *cfb.File
	entries []*cfb.Entry
	depth   int                 // names before the paths of the entries that are left out
	touched map[*cfb.Entry]bool // streams that were read
	seed    maphash.Seed
	first   map[uint64]int32 // the first entry of a path, by the hash of it
	next    []int32          // for each entry the next one with that hash; -1 at the end
}

// dir returns the names of the storages around an entry.
func (c *compound) dir(e *cfb.Entry) []string { return e.Path[c.depth:] }

// readCFB reads the directory, once for all formats of the family.
func readCFB(f *scan.File) (*compound, error) {
	v, err := f.Once(cfbKey{}, func() (any, error) {
		c, err := cfb.Open(f, f.Size())
		if err != nil {
			return nil, err
		}
		return &compound{file: f, cfb: c, entries: c.Entries, touched: map[*cfb.Entry]bool{}}, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*compound), nil
}

// openCFB reads the directory for a format that opens the file.
func openCFB(f *scan.File) (*compound, error) {
	c, err := readCFB(f)
	if err != nil {
		return nil, err
	}
	end, err := c.cfb.End() // behind it the file has bytes of no stream
	if err != nil {
		return nil, err
	}
	f.Claim(scan.UseRead, 0, end)
	return c, nil
}

// stream finds a stream by its path in the storage tree ("a/b"), without the
// control character that some names begin with.
func (c *compound) stream(path string) *cfb.Entry {
	return c.find(path, func(e *cfb.Entry) bool { return !e.Dir })
}

// has reports whether a stream or storage of that path exists.
func (c *compound) has(path string) bool {
	return c.find(path, func(*cfb.Entry) bool { return true }) != nil
}

// find returns the first entry of a path for which is holds. Names are compared
// without regard to case (MS-CFB 2.6.4). A file may have a
// quarter of a million of entries, so they are looked up by hash.
func (c *compound) find(path string, is func(*cfb.Entry) bool) *cfb.Entry {
	if c.first == nil {
		c.index()
	}
	i, ok := c.first[maphash.String(c.seed, strings.ToLower(path))]
	for ; ok && i >= 0; i = c.next[i] {
		if e := c.entries[i]; is(e) && strings.EqualFold(c.path(e), path) {
			return e
		}
	}
	return nil
}

func (c *compound) index() {
	c.seed = maphash.MakeSeed()
	c.first, c.next = make(map[uint64]int32, len(c.entries)), make([]int32, len(c.entries))
	for i := len(c.entries) - 1; i >= 0; i-- {
		sum := c.hash(c.dir(c.entries[i]), c.entries[i].Name)
		c.next[i] = -1
		if after, ok := c.first[sum]; ok {
			c.next[i] = after
		}
		c.first[sum] = int32(i)
	}
}

// hash is the one of the path of a name in storages.
func (c *compound) hash(dir []string, name string) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	for _, d := range dir {
		_, _ = h.WriteString(strings.ToLower(d))
		_ = h.WriteByte('/')
	}
	_, _ = h.WriteString(strings.ToLower(name))
	return h.Sum64()
}

func (c *compound) path(e *cfb.Entry) string {
	return strings.Join(append(slices.Clone(c.dir(e)), e.Name), "/")
}

// open reads a stream from its start. It ends where the file could hold no more.
func (c *compound) open(e *cfb.Entry) io.Reader {
	cfbTouch(c, e)
	return io.LimitReader(c.cfb.Reader(e), c.file.Size())
}

// text reads a small stream as a whole, or the beginning of a longer one.
func (c *compound) text(path string, limit int64) ([]byte, error) {
	e := c.stream(path)
	if e == nil {
		return nil, malformed("compound file without stream %s", path)
	}
	b := make([]byte, min(e.Size, limit, c.file.Size()))
	n, err := io.ReadFull(c.cfb.Reader(e), b)
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", path, err)
	}
	return b[:n], nil
}
