package format

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// Where pictures and programs end. They are out of scope by rule, but not what
// somebody put behind them: an archive or a list under the mark of a picture.

// pictureTail is how much of the end of a file is looked at.
const pictureTail = 1 << 10

// claimOmitted accounts for a file that is out of scope, up to its end if that is
// known. Most end as they should, which a look at their end shows.
func claimOmitted(f *scan.File) {
	n := min(f.Size(), pictureTail)
	tail := make([]byte, n)
	if _, err := f.ReadAt(tail, f.Size()-n); err != nil && err != io.EOF {
		f.ClaimAll(scan.UseOmitted)
		return
	}
	if at := zipBehind(f, tail); at > 0 {
		f.Claim(scan.UseOmitted, 0, at)
		return
	}
	end := f.Size()
	switch whole := bytes.TrimRight(tail, "\x00\r\n "); {
	case hasPrefix(f, "\x89PNG\r\n\x1A\n"):
		if !bytes.HasSuffix(tail, []byte("IEND\xAE\x42\x60\x82")) {
			end = pngEnd(f)
		}
	case hasPrefix(f, "\xFF\xD8\xFF"):
		if !bytes.HasSuffix(whole, []byte("\xFF\xD9")) {
			end = jpegEnd(f)
		}
	case hasPrefix(f, "GIF87a", "GIF89a"):
		if !bytes.HasSuffix(whole, []byte(";")) {
			end = gifEnd(f)
		}
	case hasPrefix(f, "BM") && len(f.Head) > 18:
		end = bmpEnd(f)
	case hasPrefix(f, "\x00\x00\x01\x00", "\x00\x00\x02\x00") && len(f.Head) > 6:
		end = icoEnd(f)
	case hasPrefix(f, "RIFF") && len(f.Head) > 8:
		end = 8 + int64(binary.LittleEndian.Uint32(f.Head[4:]))
	}
	f.Claim(scan.UseOmitted, 0, end)
}

// zipBehind returns where a zip begins whose end record is the end of a file; 0 if
// there is none.
func zipBehind(f *scan.File, tail []byte) int64 {
	if !bytes.Contains(tail, []byte("PK\x05\x06")) {
		return 0
	}
	d, err := findDirectory(f)
	if err != nil {
		return 0
	}
	first := d.start
	for w := d.windows(zipWindow, zipWindowBytes); !w.done; {
		w.claims = true
		if _, err := w.next(); err != nil {
			return 0
		}
	}
	gaps, _ := d.claims.ledger.Gaps(d.start)
	if len(gaps) > 0 && gaps[0].Off == 0 {
		first = gaps[0].Size
	}
	return min(first, d.start)
}

// chunksMax bounds the pieces of a picture that are gone through.
const chunksMax = 1 << 16

// pngEnd goes from chunk to chunk (PNG, section 5.3) to the last.
func pngEnd(f *scan.File) int64 {
	off := int64(8)
	head := make([]byte, 8)
	for range chunksMax {
		if n, _ := f.ReadExactly(head, off); n < len(head) {
			return f.Size()
		}
		for _, c := range head[4:] {
			if c|0x20 < 'a' || c|0x20 > 'z' {
				return off // no chunk
			}
		}
		size := 12 + int64(binary.BigEndian.Uint32(head))
		if size > f.Size()-off {
			return off
		}
		off += size
		if string(head[4:]) == "IEND" {
			return off
		}
	}
	return f.Size()
}

// bmpEnd reads the size in the header (BITMAPFILEHEADER); a header that is none
// ends with its mark.
func bmpEnd(f *scan.File) int64 {
	size, info := int64(binary.LittleEndian.Uint32(f.Head[2:])), binary.LittleEndian.Uint32(f.Head[14:])
	switch info {
	case 12, 16, 40, 52, 56, 64, 108, 124:
		if size >= 26 {
			return size
		}
		return f.Size()
	}
	return 2
}

// icoEnd finds the end of the last image (ICONDIR); a directory that is none ends
// with its head.
func icoEnd(f *scan.File) int64 {
	n := int(binary.LittleEndian.Uint16(f.Head[4:]))
	end := int64(6 + 16*n)
	if n == 0 || end > int64(len(f.Head)) {
		return 6
	}
	for i := range n {
		entry := f.Head[6+16*i:]
		to := int64(binary.LittleEndian.Uint32(entry[8:])) + int64(binary.LittleEndian.Uint32(entry[12:]))
		if to > f.Size() {
			return 6
		}
		end = max(end, to)
	}
	return end
}

// jpegEnd goes from segment to segment (ITU-T T.81, annex B.1.1) and through the
// coded data to the mark of the end.
func jpegEnd(f *scan.File) int64 {
	const start, end, scanned, restart = 0xD8, 0xD9, 0xDA, 0xD0
	r := &counted{r: f.Reader()}
	in := bufio.NewReaderSize(r, 64<<10)
	at := func() int64 { return r.n - int64(in.Buffered()) }
	_, _ = in.Discard(2)
	for {
		from := at()
		b, err := in.Peek(4)
		if err != nil || b[0] != 0xFF {
			return from
		}
		switch mark := b[1]; {
		case mark == end:
			return from + 2
		case mark == 0xFF:
			_, _ = in.Discard(1)
			continue
		case mark == start, mark == 0, mark&0xF8 == restart:
			_, _ = in.Discard(2)
			continue
		default:
			size := int(binary.BigEndian.Uint16(b[2:]))
			if size < 2 || mark < 0xC0 {
				return from
			}
			if _, err := in.Discard(2 + size); err != nil {
				return from + 4 // a segment that the file has no room for
			}
			if mark != scanned {
				continue
			}
		}
		if !jpegData(in) {
			return at()
		}
	}
}

// jpegData passes over coded data, in which FF is followed by 0 or by the mark of a
// restart, up to the next mark. The end of the image, and of the file, is false.
func jpegData(in *bufio.Reader) bool {
	const end, restart = 0xD9, 0xD0
	for {
		b, err := in.Peek(2)
		if err != nil {
			_, _ = in.Discard(len(b))
			return false
		}
		switch {
		case b[0] != 0xFF:
			_, _ = in.Discard(1)
			continue
		case b[1] == 0xFF:
			_, _ = in.Discard(1)
			continue
		case b[1] == 0 || b[1]&0xF8 == restart:
			_, _ = in.Discard(2)
			continue
		case b[1] == end:
			_, _ = in.Discard(2)
			return false
		}
		return true
	}
}

// gifEnd goes from block to block (GIF89a, section 12 and appendix A) to the trailer.
func gifEnd(f *scan.File) int64 {
	const extension, image, trailer = 0x21, 0x2C, 0x3B
	r := &counted{r: f.Reader()}
	in := bufio.NewReaderSize(r, 64<<10)
	at := func() int64 { return r.n - int64(in.Buffered()) }
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	head := make([]byte, 13)
	if _, err := io.ReadFull(in, head); err != nil {
		return at()
	}
	if _, err := in.Discard(table(head[10])); err != nil {
		return at()
	}
	for {
		from := at()
		c, err := in.ReadByte()
		if err != nil {
			return from
		}
		switch c {
		case trailer:
			return at()
		case extension:
			_, err = in.Discard(1)
		case image:
			if _, err = io.ReadFull(in, head[:9]); err == nil {
				_, err = in.Discard(table(head[8]) + 1)
			}
		default:
			return from
		}
		for err == nil { // blocks of up to 255 bytes
			var n byte
			if n, err = in.ReadByte(); err != nil || n == 0 {
				break
			}
			_, err = in.Discard(int(n))
		}
		if err != nil {
			return from // a block that the file has no room for
		}
	}
}
