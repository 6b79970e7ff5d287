// Package lzfu unpacks the rich text of messages (MS-OXRTFCP): a window of 4 KiB
// that begins with words of every document.
package lzfu

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/kagiban/kagiban/scan"
)

const (
	headerSize = 16
	packed     = 0x75465A4C // "LZFu" (2.1.3.1)
	plain      = 0x414C454D // "MELA"
	window     = 4096
	// preload is what the window begins with (2.1.2.1).
	preload = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
		"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`
)

// Unpack returns the text. What came before damage stands beside the error, which
// wraps scan.ErrMalformed. A byte of the input becomes eight at the most.
func Unpack(b []byte) ([]byte, error) {
	if len(b) < headerSize {
		return nil, malformed("header breaks off")
	}
	size := int64(binary.LittleEndian.Uint32(b[4:]))
	body := b[headerSize:]
	switch binary.LittleEndian.Uint32(b[8:]) {
	case plain:
		if int64(len(body)) < size {
			return body, malformed("text breaks off")
		}
		return body[:size], nil
	case packed:
		return unpack(body, size)
	}
	return nil, malformed("neither packed nor plain")
}

// unpack follows the references (2.2.2): after a byte of flags come eight tokens, a
// letter each or the place and length of what the window holds.
func unpack(b []byte, size int64) ([]byte, error) {
	var ring [window]byte
	at := copy(ring[:], preload)
	var out bytes.Buffer
	put := func(c byte) {
		ring[at%window] = c
		at++
		out.WriteByte(c)
	}
	for len(b) > 0 {
		flags := b[0]
		b = b[1:]
		for bit := range 8 {
			if flags&(1<<bit) == 0 {
				if len(b) == 0 {
					return out.Bytes(), malformed("text breaks off")
				}
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out.Bytes(), malformed("text breaks off")
			}
			ref := int(b[0])<<8 | int(b[1])
			b = b[2:]
			from, n := ref>>4, ref&15+2
			if from == at%window { // the end mark
				if int64(out.Len()) != size {
					return out.Bytes(), malformed("%d bytes of %d", out.Len(), size)
				}
				return out.Bytes(), nil
			}
			for i := range n {
				put(ring[(from+i)%window])
			}
		}
	}
	return out.Bytes(), malformed("no end")
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("compressed rich text: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}
