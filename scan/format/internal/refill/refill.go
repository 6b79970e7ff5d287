// Package refill is the loop by which tokenizers that work in their buffer read
// on in a stream.
package refill

import "io"

// emptyReads is how many reads without bytes and without an error are borne.
const emptyReads = 100

// Fill moves the bytes from pos on to the start of buf, doubles the buffer if it
// is full, and reads once more. It returns the buffer, which holds what is not
// used up and what came, and the error of the reader.
func Fill(r io.Reader, buf []byte, pos int) ([]byte, error) {
	if pos > 0 {
		buf = buf[:copy(buf, buf[pos:])]
	}
	if len(buf) == cap(buf) {
		grown := make([]byte, len(buf), max(2*cap(buf), 512))
		copy(grown, buf)
		buf = grown
	}
	for range emptyReads {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if n > 0 || err != nil {
			return buf, err
		}
	}
	return buf, io.ErrNoProgress
}
