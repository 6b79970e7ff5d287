package reach

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"
)

// png follows the chunks (ISO/IEC 15948, 5.3). Text is in tEXt, zTXt and iTXt.
func (w *walker) png() bool {
	w.claim(0, 8)
	at := int64(8)
	for n := 0; ; n++ {
		b := w.bytes(at, 8)
		if b == nil {
			return n > 0
		}
		size, kind := int64(binary.BigEndian.Uint32(b)), string(b[4:])
		if n == 0 && (kind != "IHDR" || size != 13) || !letters(kind) || size > w.size-at-12 {
			return n > 0
		}
		w.claim(at, 8)
		own := size
		if kind == "zTXt" || kind == "iTXt" {
			own = w.packedList(at+8, size)
		}
		w.claimData(at+8, own)
		w.claim(at+8+size, 4)
		at += 12 + size
		if kind == "IEND" {
			return true
		}
	}
}

// packedMost is how much of a text that is compressed is looked at.
const packedMost = 64 << 10

// packedList returns where the compressed text of a chunk begins if it reads as a list,
// and is left to those who read it; else the size of the chunk. It stands behind a
// keyword, and in iTXt a flag, a language and a translation, each ending with a zero.
func (w *walker) packedList(off, size int64) int64 {
	b := w.bytes(off, int(min(size, window)))
	for at := range min(len(b), 256) {
		if b[at] != 0 {
			continue
		}
		z, err := zlib.NewReader(bytes.NewReader(b[at+1:]))
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(io.LimitReader(z, packedMost)) // it may break off
		for piece := range slices.Chunk(text, 512) {
			if Listlike(piece) {
				return int64(at + 1)
			}
		}
	}
	return size
}

func letters(s string) bool {
	for _, c := range []byte(s) {
		if c < 'A' || c > 'Z' && c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// jpeg follows the segments (ISO/IEC 10918-1, annex B) to the end of the image,
// and a further image behind it (CIPA DC-007, Multi-Picture Format).
func (w *walker) jpeg() bool {
	at, begun := int64(0), false
	for bytes.HasPrefix(w.bytes(at, 3), []byte{0xFF, 0xD8, 0xFF}) {
		end := w.jpegImage(at)
		if end <= at {
			break
		}
		at, begun = end, true
		for i := 0; i < 4096 && bytes.Equal(w.bytes(at, 1), []byte{0}); i++ { // images of a set begin on even places
			w.claim(at, 1)
			at++
		}
	}
	return begun
}

// jpegImage returns where an image ends; at if it is none.
func (w *walker) jpegImage(at int64) int64 {
	start := at
	w.claim(at, 2)
	at += 2
	for segments := 0; ; segments++ {
		b := w.bytes(at, 2)
		if b == nil || b[0] != 0xFF {
			return orNone(at, start, segments)
		}
		marker, size := b[1], int64(0)
		if b := w.bytes(at+2, 2); b != nil {
			size = int64(binary.BigEndian.Uint16(b))
		}
		switch {
		case marker == 0xFF: // a fill byte
			w.claim(at, 1)
			at++
			continue
		case marker == 0xD9:
			w.claim(at, 2)
			return at + 2
		case marker < 0xC0 || marker >= 0xD0 && marker <= 0xD8 || size < 2:
			return orNone(at, start, segments)
		}
		w.claim(at, 4)
		w.claimData(at+4, size-2)
		at += 2 + size
		if marker == 0xDA {
			end := w.entropy(at)
			w.claimData(at, end-at)
			at = end
		}
	}
}

// orNone is the end of what was followed; a start without a segment is none.
func orNone(at, start int64, segments int) int64 {
	if segments == 0 {
		return start
	}
	return at
}

// entropy returns where coded data ends: at a marker that is no restart.
func (w *walker) entropy(at int64) int64 {
	for at < w.size {
		b := w.bytes(at, int(min(window, w.size-at)))
		if b == nil {
			return at
		}
		for i := 0; i+1 < len(b); i++ {
			if b[i] == 0xFF && b[i+1] != 0 && (b[i+1] < 0xD0 || b[i+1] > 0xD7) {
				return at + int64(i)
			}
		}
		if len(b) < 2 {
			return w.size
		}
		at += int64(len(b) - 1) // the last byte may begin a marker
	}
	return at
}

// gif follows the blocks (GIF89a, sections 17 to 27). Comments are text.
func (w *walker) gif() bool {
	b := w.bytes(0, 13)
	if b == nil {
		return false
	}
	at := int64(13) + colours(b[10])
	w.claim(0, at)
	for n := 0; ; n++ {
		b := w.bytes(at, 1)
		if b == nil {
			return n > 0
		}
		switch b[0] {
		case 0x3B:
			w.claim(at, 1)
			return true
		case 0x21:
			label := w.bytes(at+1, 1)
			if label == nil {
				return n > 0
			}
			w.claim(at, 2)
			at = w.subBlocks(at + 2)
		case 0x2C:
			d := w.bytes(at, 10)
			if d == nil {
				return n > 0
			}
			head := 10 + colours(d[9]) + 1
			w.claim(at, head)
			at = w.subBlocks(at + head)
		default:
			return n > 0
		}
	}
}

// colours is the size of a colour table by its flags.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// subBlocks follows blocks to the empty one; without it they are none.
func (w *walker) subBlocks(at int64) int64 {
	end := at
	for {
		b := w.bytes(end, 1)
		if b == nil {
			return w.size
		}
		if end += 1 + int64(b[0]); b[0] == 0 {
			break
		}
	}
	for {
		b := w.bytes(at, 1)
		if b == nil {
			return w.size
		}
		size := int64(b[0])
		w.claim(at, 1)
		w.claimData(at+1, size)
		at += 1 + size
		if size == 0 {
			return at
		}
	}
}

// bmp takes the size of the pixels from the header (BITMAPINFOHEADER).
func (w *walker) bmp() bool {
	b := w.bytes(0, 54)
	if b == nil {
		return false
	}
	le := binary.LittleEndian
	pixels, head := int64(le.Uint32(b[10:])), int64(le.Uint32(b[14:]))
	width, height, bits := int64(int32(le.Uint32(b[18:]))), int64(int32(le.Uint32(b[22:]))), int64(le.Uint16(b[28:]))
	compression, coded := le.Uint32(b[30:]), int64(le.Uint32(b[34:]))
	if head < 40 || head > 124 || pixels < 14+head || pixels > w.size || width <= 0 || width > 1<<20 || height == 0 || max(height, -height) > 1<<20 || bits > 64 {
		return false
	}
	image := (width*bits + 31) / 32 * 4 * max(height, -height)
	if compression != 0 && compression != 3 {
		image = coded
	}
	if pixels > 14+head+4096 || image > w.size-pixels+4096 {
		return false
	}
	w.claim(0, 14+head)
	w.claimData(14+head, pixels-14-head) // colours; nothing says what else lies there
	w.claimData(pixels, image)
	return true
}

// icon follows the directory of an icon or cursor (ICONDIR).
func (w *walker) icon() bool {
	b := w.bytes(0, 6)
	if b == nil {
		return false
	}
	le := binary.LittleEndian
	n := int64(le.Uint16(b[4:]))
	if n == 0 || n > 256 || 6+16*n > w.size {
		return false
	}
	w.claim(0, 6+16*n)
	for i := range n {
		e := w.bytes(6+16*i, 16)
		if e == nil {
			return false
		}
		size, off := int64(le.Uint32(e[8:])), int64(le.Uint32(e[12:]))
		image := w.bytes(off, 4)
		if off < 6+16*n || size < 4 || image == nil || off+size > w.size {
			return false
		}
		if head := le.Uint32(image); head != 40 && !bytes.Equal(image, []byte("\x89PNG")) {
			return false
		}
		w.claimData(off, size)
	}
	return true
}

// emf takes its size from the header (MS-EMF 2.3.4.2), after the signature there.
func (w *walker) emf() bool {
	b := w.bytes(0, 52)
	if b == nil || !bytes.Equal(b[40:44], []byte(" EMF")) {
		return false
	}
	size := int64(binary.LittleEndian.Uint32(b[48:]))
	if size < 88 || size > w.size {
		return false
	}
	w.claimData(0, size)
	return true
}
