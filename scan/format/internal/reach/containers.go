package reach

import "encoding/binary"

// riff takes the size from the header.
func (w *walker) riff() bool {
	b := w.bytes(0, 12)
	if b == nil || !printable(b[8:12]) {
		return false
	}
	le := binary.LittleEndian
	end := min(8+int64(le.Uint32(b[4:])), w.size)
	w.claim(0, 12)
	at := int64(12)
	for n := 0; at+8 <= end; n++ {
		c := w.bytes(at, 8)
		if c == nil || !printable(c[:4]) {
			return n > 0
		}
		size := int64(le.Uint32(c[4:]))
		w.claim(at, 8)
		w.claimData(at+8, size)
		at += 8 + size
		if size%2 == 1 {
			w.claim(at, 1)
			at++
		}
	}
	return true
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return len(b) > 0
}

// boxes follows the boxes of ISO/IEC 14496-12, 4.2 (mp4, mov, heic, avif).
func (w *walker) boxes() bool {
	at := int64(0)
	for n := 0; ; n++ {
		b := w.bytes(at, 8)
		if b == nil || !printable(b[4:8]) && b[4] != 0xA9 {
			return n > 0
		}
		size := int64(binary.BigEndian.Uint32(b))
		switch size {
		case 0: // to the end
			size = w.size - at
		case 1:
			long := w.bytes(at, 16)
			if long == nil {
				return n > 0
			}
			size = int64(binary.BigEndian.Uint64(long[8:]))
		}
		if size < 8 || size > w.size-at {
			return n > 0
		}
		w.claim(at, min(size, 16))
		w.claimData(at+16, size-16)
		at += size
	}
}

// sfnt follows the table directory of a font (ISO/IEC 14496-22, 4.5.1).
func (w *walker) sfnt() bool {
	b := w.bytes(0, 12)
	if b == nil {
		return false
	}
	n := int64(binary.BigEndian.Uint16(b[4:]))
	if n == 0 || n > 200 || 12+16*n > w.size {
		return false
	}
	w.claim(0, 12+16*n)
	for i := range n {
		e := w.bytes(12+16*i, 16)
		if e == nil || !printable(e[:4]) {
			return false
		}
		off, size := int64(binary.BigEndian.Uint32(e[8:])), int64(binary.BigEndian.Uint32(e[12:]))
		if off+size > w.size {
			return false
		}
		w.claimData(off, size)
		w.claim(off+size, (4-size%4)%4)
	}
	return true
}

// woff takes the size from the header (WOFF 1.0 and 2.0, section 3).
func (w *walker) woff() bool {
	b := w.bytes(0, 12)
	if b == nil {
		return false
	}
	size := int64(binary.BigEndian.Uint32(b[8:]))
	if size < 44 || size > w.size {
		return false
	}
	w.claimData(0, size)
	return true
}

// midi follows the chunks of a Standard MIDI File.
func (w *walker) midi() bool {
	at := int64(0)
	for n := 0; ; n++ {
		b := w.bytes(at, 8)
		if b == nil || !printable(b[:4]) {
			return n > 0
		}
		size := int64(binary.BigEndian.Uint32(b[4:]))
		if size > w.size-at-8 {
			return n > 0
		}
		w.claim(at, 8)
		w.claimData(at+8, size)
		at += 8 + size
	}
}
