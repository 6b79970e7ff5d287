package format

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"sync"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
	"github.com/klauspost/compress/flate"
)

// What all formats that are zip files share (PKWARE APPNOTE 6.3.10; the
// sections named below are its).

const (
	zipFlagEncrypted = 1 << 0
	zipFlagStrong    = 1 << 6
	zipFlagUTF8      = 1 << 11
	zipFlagMasked    = 1 << 13 // central directory is encrypted
	zipMethodAES     = 99
)

// inflaters reuses the tables of decompressors between the entries of a file.
type inflaters struct{ pool sync.Pool }

// An inflater goes back to its pool when it is closed.
type inflater struct {
	io.ReadCloser
	home *inflaters
}

func (p *inflaters) open(r io.Reader) io.ReadCloser {
	if fr, ok := p.pool.Get().(io.ReadCloser); ok && fr.(flate.Resetter).Reset(r, nil) == nil {
		return &inflater{fr, p}
	}
	return &inflater{flate.NewReader(r), p}
}

func (i *inflater) Close() error {
	if i.ReadCloser == nil {
		return nil
	}
	err := i.ReadCloser.Close()
	i.home.pool.Put(i.ReadCloser)
	i.ReadCloser = nil
	return err
}

func (i *inflater) Read(p []byte) (int, error) {
	if i.ReadCloser == nil {
		return 0, errors.New("read after close")
	}
	return i.ReadCloser.Read(p)
}

// anyEncrypted reports whether an archiver encrypted some entry.
func anyEncrypted(r *zip.Reader) bool {
	for _, e := range r.File {
		if e.Flags&zipFlagEncrypted != 0 {
			return true
		}
	}
	return false
}

// overlaps refuses a directory whose entries together are longer than the
// file: such entries share bytes, which only a bomb does.
func overlaps(r *zip.Reader, size int64) error {
	var sum uint64
	for _, e := range r.File {
		if sum += e.CompressedSize64; tooLong(e.CompressedSize64, sum, size) {
			return errOverlap
		}
	}
	return nil
}

var errOverlap = malformed("zip: entries overlap")

func tooLong(packed, sum uint64, size int64) bool { return packed > uint64(size) || sum > uint64(size) }

// isZip reports whether a file is a zip, also one behind a program (SFX).
func isZip(f *scan.File) bool {
	if hasPrefix(f, "PK\x03\x04", "PK\x05\x06", "PK\x01\x02", "PK\x07\x08", "PK00PK\x03\x04") {
		return true
	}
	if !hasPrefix(f, "MZ", "\x7fELF", "#!") {
		return false
	}
	d, err := zipDirectoryOf(f)
	return err == nil && (d.whole == nil || len(d.whole.File) > 0)
}

// zipPart finds the first entry of a name.
func zipPart(r *zip.Reader, name string) *zip.File {
	for _, e := range r.File {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// zipName returns the name of an entry as its maker meant it: the Unicode path
// of Info-ZIP if it belongs to the name (section 4.6.9), the flag for UTF-8
// (appendix D), UTF-8 by its look, and CP932, which Windows writes in Japan.
func zipName(e *zip.File) string {
	if name, ok := unicodePath(e); ok {
		return japaneseName(name)
	}
	return japaneseName(e.Name)
}

func unicodePath(e *zip.File) (string, bool) {
	field := zipExtra(e.Extra, 0x7075)
	if len(field) < 5 || field[0] != 1 || binary.LittleEndian.Uint32(field[1:]) != crc32.ChecksumIEEE([]byte(e.Name)) {
		return "", false
	}
	return string(field[5:]), utf8.Valid(field[5:])
}

// zipExtra finds an extra field (section 4.5).
func zipExtra(extra []byte, id uint16) []byte {
	for len(extra) >= 4 {
		size := int(binary.LittleEndian.Uint16(extra[2:]))
		if size > len(extra)-4 {
			return nil
		}
		if binary.LittleEndian.Uint16(extra) == id {
			return extra[4 : 4+size]
		}
		extra = extra[4+size:]
	}
	return nil
}

// zipOpen starts reading an entry, bounded by the budget of the file. What
// takes much memory to unpack is asked for it, and released by closing.
func zipOpen(f *scan.File, e *zip.File) (io.ReadCloser, error) {
	read := e.Open
	if zipHeavy(e.Method) {
		read = func() (io.ReadCloser, error) { return openPacked(f, e) }
	}
	rc, err := read()
	if err != nil {
		return nil, err
	}
	return &boundedReader{f.Bound(rc), rc, int64(min(e.UncompressedSize64, copyMost))}, nil
}

// bounded bounds a reader that has to be closed.
func bounded(f *scan.File, rc io.ReadCloser) io.ReadCloser {
	return &boundedReader{f.Bound(rc), rc, copyMost}
}

const copyMost = 32 << 10

// A boundedReader copies itself with no more room than it needs: archives hold
// many files of a few bytes.
type boundedReader struct {
	io.Reader
	io.Closer
	size int64
}

// WriteTo implements io.WriterTo.
func (b *boundedReader) WriteTo(w io.Writer) (int64, error) {
	return io.CopyBuffer(w, struct{ io.Reader }{b.Reader}, make([]byte, max(b.size, 512)))
}

// zipText reads a small entry as a whole, for looking into it.
func zipText(f *scan.File, e *zip.File, limit int64) []byte {
	if e == nil {
		return nil
	}
	rc, err := zipOpen(f, e)
	if err != nil {
		return nil
	}
	defer rc.Close()
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(rc, limit))
	if err != nil {
		return nil
	}
	return b.Bytes()
}
