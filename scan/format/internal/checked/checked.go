// Package checked reads what a decompressor yields and checks its length and
// sum at the end, as the directory of an archive states them.
package checked

import (
	"hash/crc32"
	"io"
)

// What is wrong with the content.
const (
	Longer = "content is longer than stated"
	Short  = "content breaks off"
	Sum    = "sum of the content"
)

// A Reader reads to the end of R.
type Reader struct {
	R    io.Reader
	Left int64 // bytes that are still to come
	Want uint32
	// Unsummed says that no sum is stated.
	Unsummed bool
	// Update adds bytes to a sum; nil is CRC-32.
	Update func(sum uint32, p []byte) uint32
	// Fail makes the error of one of the above.
	Fail func(what string) error

	sum uint32
}

// Read implements io.Reader.
func (c *Reader) Read(p []byte) (int, error) {
	n, err := c.R.Read(p)
	if int64(n) > c.Left {
		return 0, c.Fail(Longer)
	}
	c.Left -= int64(n)
	if c.Update != nil {
		c.sum = c.Update(c.sum, p[:n])
	} else {
		c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	}
	switch {
	case err != io.EOF:
	case c.Left > 0:
		err = c.Fail(Short)
	case !c.Unsummed && c.sum != c.Want:
		err = c.Fail(Sum)
	}
	return n, err
}

// CRC16 updates a CRC with the polynomial 0xA001, which LHA uses.
func CRC16(sum uint32, p []byte) uint32 {
	s := uint16(sum)
	for _, b := range p {
		s ^= uint16(b)
		for range 8 {
			s = s>>1 ^ 0xA001&-(s&1)
		}
	}
	return uint32(s)
}
