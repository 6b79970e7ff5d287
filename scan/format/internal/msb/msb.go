// Package msb reads bits, the highest of a byte first, as LHA and ARJ write them.
package msb

import (
	"bufio"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// A Reader reads bits.
type Reader struct {
	r    *bufio.Reader
	acc  uint32
	have int
}

// NewReader makes a reader.
func NewReader(r io.Reader) Reader { return Reader{r: bufio.NewReader(r)} }

// Read reads n bits, 16 at the most. Where the data breaks off, the error wraps
// scan.ErrMalformed.
func (b *Reader) Read(n int) (int, error) {
	for b.have < n {
		c, err := b.r.ReadByte()
		if err == io.EOF {
			return 0, fmt.Errorf("content breaks off: %w", scan.ErrMalformed)
		}
		if err != nil {
			return 0, err
		}
		b.acc = b.acc<<8 | uint32(c)
		b.have += 8
	}
	b.have -= n
	return int(b.acc>>b.have) & (1<<n - 1), nil
}
