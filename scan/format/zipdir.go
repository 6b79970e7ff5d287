package format

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// The central directory (APPNOTE section 4.3.12) is read in windows: an archive
// may have millions of entries, a hostile one says so in a few kilobytes, and
// nothing of them is kept. Each window goes to the standard library as the
// directory of an archive with these entries alone, so that it alone says what
// an entry is.

const (
	zipWindow      = 2048    // entries of a window,
	zipWindowBytes = 1 << 20 // and bytes, but for one entry that is longer
	// A directory up to here is kept whole: packages need their parts by name.
	zipParts      = 20_000
	zipPartsBytes = 4 << 20

	zipHeaderSize = 46 // of an entry, before its name, extra fields and comment
)

// A zipDirectory is the directory of an archive.
type zipDirectory struct {
	file    *scan.File
	base    int64       // bytes before the archive
	start   int64       // of the directory in the file
	records uint64      // as stated; many writers count modulo 65,536
	whole   *zip.Reader // nil: too many entries to be kept
	claims  zipClaims
	ends    []scan.Span // the records at its end
	counted bool        // all entries are claimed
	inflate inflaters
}

type zipKey struct{}

// zipDirectoryOf finds the directory of a zip file, once for all formats of the
// family.
func zipDirectoryOf(f *scan.File) (*zipDirectory, error) {
	v, err := f.Once(zipKey{}, func() (any, error) {
		d, err := findDirectory(f)
		if err != nil {
			return nil, err
		}
		w := d.windows(zipParts, zipPartsBytes)
		w.claims, d.claims.ends = true, map[int64]int64{}
		r, err := w.next()
		switch {
		case err != nil:
			return nil, err
		case !w.done:
			d.claims = zipClaims{} // judge goes through all of it
			return d, nil
		}
		d.whole = r
		return d, overlaps(r, f.Size())
	})
	if err != nil {
		return nil, err
	}
	return v.(*zipDirectory), nil
}

var errManyParts = fmt.Errorf("zip of more than %d entries: %w", zipParts, &scan.LimitError{Limit: "memory"})

// readZip reads the directory of a package, whose parts are looked up by name.
// One with more parts than can be kept is no package but an archive.
func readZip(f *scan.File) (*zip.Reader, error) {
	d, err := zipDirectoryOf(f)
	if err != nil {
		return nil, err
	}
	if d.whole == nil {
		return nil, errManyParts
	}
	return d.whole, nil
}

// openPackage reads the directory for a format that opens the file.
func openPackage(f *scan.File) (*zip.Reader, error) {
	r, err := readZip(f)
	if err == nil {
		v, _ := zipDirectoryOf(f) // it was read just now
		v.claim()
	}
	return r, err
}

// each visits all entries in their order.
func (d *zipDirectory) each(ctx context.Context, visit func(i int, e *zip.File) error) error {
	n := 0
	w := d.windows(zipWindow, zipWindowBytes)
	w.claims, d.counted = !d.counted && d.whole == nil, true
	for !w.done {
		r, err := d.whole, error(nil)
		if w.done = r != nil; !w.done {
			r, err = w.next()
		}
		if err != nil {
			return err
		}
		for _, e := range r.File {
			if n%1024 == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := visit(n, e); err != nil {
				return err
			}
			n++
		}
	}
	return nil
}

// A zipWindows reads a directory window by window.
type zipWindows struct {
	d              *zipDirectory
	r              *bufio.Reader
	entries, bytes int // of a window
	n              uint64
	chunk          []byte
	pos            int64 // of the next entry in the file
	done           bool  // no window follows
	claims         bool  // what is read is claimed
}

func (d *zipDirectory) windows(entries, bytes int) *zipWindows {
	rest := io.NewSectionReader(d.file, d.start, d.file.Size()-d.start)
	return &zipWindows{d: d, pos: d.start, r: bufio.NewReaderSize(rest, 4<<10), entries: entries, bytes: bytes}
}

// next returns the next window as an archive. As in the standard library a
// directory ends where no further entry begins, and at the last one the number
// of entries has to agree with what is stated, modulo 65,536.
func (w *zipWindows) next() (*zip.Reader, error) {
	w.chunk = w.chunk[:0]
	n := 0
	for n < w.entries && len(w.chunk) < w.bytes {
		err := w.entry()
		if err == zip.ErrFormat || err == io.ErrUnexpectedEOF {
			w.done = true
			if uint16(w.n) != uint16(w.d.records) {
				return nil, err
			}
			break
		}
		if err != nil {
			return nil, err
		}
		n++
		w.n++
	}
	return w.d.archive(w.chunk, n)
}

// entry adds the entry that comes next. Its errors are those of the standard
// library: io.EOF is none of those by which a directory ends.
func (w *zipWindows) entry() error {
	b, err := w.r.Peek(zipHeaderSize)
	switch {
	case err == io.EOF && len(b) > 0:
		return io.ErrUnexpectedEOF
	case err != nil:
		return err
	case string(b[:4]) != "PK\x01\x02":
		return zip.ErrFormat
	}
	at := len(w.chunk)
	w.chunk = append(w.chunk, make([]byte, zipEntrySize(b))...)
	n, err := io.ReadFull(w.r, w.chunk[at:])
	if err != nil {
		w.chunk = w.chunk[:at]
	} else {
		if w.claims {
			w.d.claims.directoryEntry(w.chunk[at:], w.pos, w.d.base)
		}
		w.pos += int64(n)
	}
	if err == io.ErrUnexpectedEOF && n == zipHeaderSize {
		return io.EOF
	}
	return err
}

func zipEntrySize(b []byte) int {
	le := binary.LittleEndian
	return zipHeaderSize + int(le.Uint16(b[28:])) + int(le.Uint16(b[30:])) + int(le.Uint16(b[32:]))
}

// archive has the standard library read a part of the directory.
func (d *zipDirectory) archive(chunk []byte, n int) (*zip.Reader, error) {
	le := binary.LittleEndian
	tail := append([]byte(nil), chunk...)
	// The end of the directory (sections 4.3.14 to 4.3.16).
	tail = append(le.AppendUint64(append(tail, "PK\x06\x06"...), 44), 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	tail = le.AppendUint64(le.AppendUint64(tail, uint64(n)), uint64(n))
	tail = le.AppendUint64(le.AppendUint64(tail, uint64(len(chunk))), uint64(d.start-d.base))
	tail = append(le.AppendUint64(append(tail, "PK\x06\x07\x00\x00\x00\x00"...), uint64(d.start)+uint64(len(chunk))), 1, 0, 0, 0)
	tail = append(append(tail, "PK\x05\x06\x00\x00\x00\x00"...), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x00"...)
	view := &zipView{file: d.file, at: d.start, tail: tail}
	r, err := zip.NewReader(view, d.start+int64(len(tail)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are shown, never used as paths
		return nil, err
	}
	if len(r.File) != n {
		return nil, zip.ErrFormat
	}
	view.tail = nil // from here on the file is what it is
	// Inflates in about two thirds of the time of the standard library.
	r.RegisterDecompressor(zip.Deflate, d.inflate.open)
	registerMethods(r)
	return r, nil
}

// A zipView is a file that ends in another directory.
type zipView struct {
	file *scan.File
	at   int64 // where tail begins
	tail []byte
}

func (v *zipView) ReadAt(p []byte, off int64) (int, error) {
	if v.tail == nil {
		return v.file.ReadAt(p, off)
	}
	if off < 0 || off > v.at+int64(len(v.tail)) {
		return 0, io.EOF
	}
	n := 0
	if off < v.at {
		want := p[:min(int64(len(p)), v.at-off)]
		var err error
		if n, err = v.file.ReadAt(want, off); n < len(want) || n == len(p) {
			return n, err
		}
	}
	k := copy(p[n:], v.tail[off+int64(n)-v.at:])
	if n += k; n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// zipOffice selects the parts by which an office document is known.
func zipOffice(name string) bool {
	return strings.EqualFold(name, "[Content_Types].xml") || name == odfManifest
}
