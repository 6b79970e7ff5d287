package format

import (
	"archive/zip"
	"encoding/binary"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// findDirectory finds the directory by the end record (APPNOTE sections 4.3.14
// to 4.3.16). What files do that do not keep to the rules is judged as the
// standard library judges it, by which it is tested: something may stand before
// the archive, with or without being counted, and a comment must not break off.
func findDirectory(f *scan.File) (*zipDirectory, error) {
	record, at, err := zipEndRecord(f)
	if err != nil {
		return nil, err
	}
	le, end := binary.LittleEndian, at
	d := &zipDirectory{file: f, records: uint64(le.Uint16(record[10:]))}
	size, offset := uint64(le.Uint32(record[12:])), uint64(le.Uint32(record[16:]))
	if d.records == 0xFFFF || size == 0xFFFF || offset == 0xFFFFFFFF { // the standard library looks no farther either
		place, err := zip64Place(f, at)
		if err != nil {
			return nil, err
		}
		if place >= 0 {
			long := make([]byte, 56)
			if n, err := f.ReadAt(long, place); n < len(long) {
				return nil, noMore(err)
			}
			if string(long[:4]) != "PK\x06\x06" {
				return nil, zip.ErrFormat
			}
			at, d.records, size, offset = place, le.Uint64(long[32:]), le.Uint64(long[40:]), le.Uint64(long[48:])
		}
	}
	d.claimEnd(f, end, at)
	if size > 1<<63-1 || offset > 1<<63-1 {
		return nil, zip.ErrFormat
	}
	d.base = at - int64(size) - int64(offset)
	if d.start = d.base + int64(offset); d.start < 0 || d.start >= f.Size() {
		return nil, zip.ErrFormat
	}
	if d.base > 0 {
		found, err := zipEntryAt(f, int64(offset))
		if err != nil {
			return nil, err
		}
		if found { // something stands before the archive and its places count it
			d.base, d.start = 0, int64(offset)
		}
	}
	return d, nil
}

// claimEnd claims the end record, without its comment, and what belongs to it: the
// record of large archives, which begins at long, and its locator.
func (d *zipDirectory) claimEnd(f *scan.File, end, long int64) {
	d.ends = append(d.ends, scan.Span{Off: end, Size: zipEndSize})
	if long == end {
		return
	}
	b := make([]byte, 12)
	if n, _ := f.ReadExactly(b, long); n == len(b) {
		size := int64(min(binary.LittleEndian.Uint64(b[4:]), 1<<16))
		d.ends = append(d.ends, scan.Span{Off: long, Size: 12 + size}, scan.Span{Off: end - 20, Size: 20})
	}
}

// zipEndRecord finds the last end record whose comment does not break off.
func zipEndRecord(f *scan.File) (record []byte, at int64, err error) {
	for _, size := range []int64{1 << 10, 65 << 10} {
		size = min(size, f.Size())
		tail := make([]byte, size)
		if _, err := f.ReadAt(tail, f.Size()-size); err != nil && err != io.EOF {
			return nil, 0, err
		}
		for i := len(tail) - zipEndSize; i >= 0; i-- {
			if string(tail[i:i+4]) != "PK\x05\x06" {
				continue
			}
			if int(binary.LittleEndian.Uint16(tail[i+20:]))+zipEndSize+i > len(tail) {
				break
			}
			return tail[i:], f.Size() - size + int64(i), nil
		}
		if size == f.Size() {
			break
		}
	}
	return nil, 0, zip.ErrFormat
}

// zip64Place reads the locator before the end record; -1 if there is none.
func zip64Place(f *scan.File, end int64) (int64, error) {
	const size = 20
	if end < size {
		return -1, nil
	}
	b := make([]byte, size)
	if n, err := f.ReadAt(b, end-size); n < len(b) {
		return 0, noMore(err)
	}
	le := binary.LittleEndian
	if string(b[:4]) != "PK\x06\x07" || le.Uint32(b[4:]) != 0 || le.Uint32(b[16:]) != 1 {
		return -1, nil
	}
	return int64(le.Uint64(b[8:])), nil
}

// zipEntryAt reports whether an entry of a directory stands at some place, with
// all of it there and, where its lengths are elsewhere, with these (section 4.5.3).
func zipEntryAt(f *scan.File, off int64) (bool, error) {
	b := make([]byte, min(zipHeaderSize+3<<16, f.Size()-off))
	if n, err := f.ReadAt(b[:min(zipHeaderSize, len(b))], off); err != nil && err != io.EOF {
		return false, err
	} else if n < zipHeaderSize || string(b[:4]) != "PK\x01\x02" {
		return false, nil
	}
	size := zipEntrySize(b)
	if size > len(b) {
		return false, nil
	}
	if n, err := f.ReadAt(b[:size], off); n < size {
		return false, noMore(err)
	}
	le := binary.LittleEndian
	elsewhere := func(at int) int {
		if le.Uint32(b[at:]) == 0xFFFFFFFF {
			return 8
		}
		return 0
	}
	plain, packed, place := elsewhere(24), elsewhere(20), elsewhere(42)
	name := zipHeaderSize + int(le.Uint16(b[28:]))
	long := zipExtra(b[name:name+int(le.Uint16(b[30:]))], 1)
	if long == nil {
		return packed+place == 0, nil
	}
	return len(long) >= plain+packed+place, nil
}

func noMore(err error) error {
	if err == nil || err == io.EOF {
		return zip.ErrFormat
	}
	return err
}
