package format

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	aeszip "github.com/alexmullins/zip"
	"github.com/kagiban/kagiban/scan"
)

// Passwords that an organisation declares to be no secret are tried here; they
// are handed in, never printed and never stored.

// lockable is a document that can be tried with a password.
type lockable struct {
	scan.Document
	unlock func(ctx context.Context, password string) (scan.Document, error)
}

func (l lockable) Unlock(ctx context.Context, passwords []string) (scan.Document, error) {
	for _, password := range passwords {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if opened, err := l.unlock(ctx, password); opened != nil || err != nil {
			return opened, err
		}
	}
	return nil, nil
}

var _ scan.Locked = lockable{}

// unlock tries a password on the smallest encrypted entry; the archive then
// hands out what that password opens.
func (z *zipArchive) unlock(_ context.Context, password string) (scan.Document, error) {
	if z.smallest == nil {
		return nil, nil
	}
	r, err := z.decrypt(z.smallest, password)
	if err != nil {
		return nil, ignoreWrong(err)
	}
	defer r.Close()
	if _, err := io.Copy(io.Discard, z.file.Bound(r)); err != nil {
		return nil, ignoreWrong(err)
	}
	opened := *z
	opened.password = &password
	return document{func() scan.Protection { return z.protection }, opened.content}, nil
}

// unlocked makes a member readable if the known password opens it.
func (z *zipArchive) unlocked(e *zip.File, m *scan.Member) error {
	r, err := z.decrypt(e, *z.password)
	if err != nil {
		return ignoreWrong(err)
	}
	_ = r.Close() // opened again when it is wanted
	m.Unlocked = true
	m.Open = func() (io.ReadCloser, error) {
		r, err := z.decrypt(e, *z.password)
		if err != nil {
			return nil, err
		}
		return bounded(z.file, r), nil
	}
	return nil
}

var errWrongPassword = errors.New("password does not open it")

func ignoreWrong(err error) error {
	if errors.Is(err, errWrongPassword) {
		return nil
	}
	return err
}

// decrypt opens one encrypted entry. Every failure after the check of the
// password's verifier is taken for a wrong password too: with one in 256
// (ZipCrypto) or 65,536 (AES) a wrong one passes that check.
func (z *zipArchive) decrypt(e *zip.File, password string) (io.ReadCloser, error) {
	off, err := e.DataOffset()
	if err != nil {
		return nil, malformed("zip: %v", err)
	}
	if e.CompressedSize64 > uint64(z.file.Size()) || off > z.file.Size()-int64(e.CompressedSize64) {
		return nil, malformed("zip: encrypted entry breaks off")
	}
	data := piece{z.file, off, int64(e.CompressedSize64)}
	switch {
	case e.Method == zipMethodAES:
		return openAES(z.file, e, data, password)
	case e.Flags&zipFlagStrong != 0:
		return nil, unsupported("zip: PKWARE strong encryption")
	}
	return openZipCrypto(z.file, e, data, password)
}

// openAES has the AES library open an archive that is made here of this one
// entry: its reader does not survive what strangers write into others.
func openAES(f *scan.File, e *zip.File, data piece, password string) (io.ReadCloser, error) {
	x := zipExtra(e.Extra, 0x9901)
	if len(x) != 7 || x[4] < 1 || x[4] > 3 || data.size < 12+int64(x[4])*4+4 {
		return nil, malformed("zip: AES field")
	}
	if data.size > math.MaxUint32-1<<10 || e.UncompressedSize64 > math.MaxUint32 {
		return nil, unsupported("zip: encrypted entry of %d bytes", data.size)
	}
	method := binary.LittleEndian.Uint16(x[5:])
	// The library shall decrypt only: it knows few methods, and demands a sum
	// of what is unpacked (WinZip AE specification, section II).
	one := singleEntry(e, data, []byte{2, 0, 'A', 'E', x[4], 0, 0})
	r, err := aeszip.NewReader(one, one.Size())
	if err != nil || len(r.File) != 1 {
		return nil, malformed("zip: AES entry")
	}
	r.File[0].SetPassword(password)
	r.File[0].DeferAuth = true // the code is checked at the end, and what came before it is not used if it is wrong
	rc, err := r.File[0].Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errWrongPassword, err)
	}
	plain, err := zipDecode(f, e, method, rc)
	if err != nil {
		return nil, err
	}
	return rightOrWrong{&drained{plain, rc}}, nil
}

// drained reads what a decoder leaves of its data, so that the code behind it
// is checked.
type drained struct {
	io.ReadCloser
	data io.Reader
}

func (d *drained) Read(p []byte) (int, error) {
	n, err := d.ReadCloser.Read(p)
	if err == io.EOF {
		if _, rest := io.Copy(io.Discard, d.data); rest != nil {
			err = rest
		}
	}
	return n, err
}

// singleEntry writes an archive of one entry (APPNOTE sections 4.3.7, 4.3.12 and 4.3.16).
func singleEntry(e *zip.File, data piece, aes []byte) *joined {
	le := binary.LittleEndian
	extra := append([]byte{0x01, 0x99, 7, 0}, aes...)
	common := func(b []byte) []byte {
		b = le.AppendUint16(le.AppendUint16(le.AppendUint16(b, 20), zipFlagEncrypted), zipMethodAES)
		b = le.AppendUint32(le.AppendUint32(b, 0), e.CRC32)
		b = le.AppendUint32(le.AppendUint32(b, uint32(data.size)), uint32(e.UncompressedSize64))
		return le.AppendUint16(le.AppendUint16(b, 1), uint16(len(extra)))
	}
	b := common(le.AppendUint32(nil, 0x04034B50))
	head := append(append(b, 'x'), extra...)
	at := int64(len(head)) + data.size
	b = common(le.AppendUint16(le.AppendUint32(nil, 0x02014B50), 20))
	b = append(b, make([]byte, 14)...) // comment, disk, attributes and offset: none
	b = append(append(b, 'x'), extra...)
	size := len(b)
	b = append(le.AppendUint32(b, 0x06054B50), 0, 0, 0, 0, 1, 0, 1, 0)
	b = le.AppendUint32(le.AppendUint32(b, uint32(size)), uint32(at))
	b = append(b, 0, 0)
	return newJoined(piece{bytes.NewReader(head), 0, int64(len(head))}, data, piece{bytes.NewReader(b), 0, int64(len(b))})
}

// rightOrWrong takes a failed sum for a wrong password.
type rightOrWrong struct{ io.ReadCloser }

func (r rightOrWrong) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %v", errWrongPassword, err)
	}
	return n, err
}

// openZipCrypto undoes the traditional encryption (APPNOTE section 6.1).
func openZipCrypto(f *scan.File, e *zip.File, data piece, password string) (io.ReadCloser, error) {
	c := &zipCrypto{r: bufio.NewReader(io.NewSectionReader(data.r, data.off, data.size)), keys: [3]uint32{0x12345678, 0x23456789, 0x34567890}}
	for i := range len(password) {
		c.update(password[i])
	}
	var head [12]byte
	if _, err := io.ReadFull(c, head[:]); err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil, malformed("zip: encrypted entry breaks off")
	} else if err != nil {
		return nil, err
	}
	check := byte(e.CRC32 >> 24)
	if e.Flags&8 != 0 { // the sum was not known yet: the time stands in for it
		check = byte(e.ModifiedTime >> 8) // the raw DOS time
	}
	if head[11] != check {
		return nil, errWrongPassword
	}
	plain, err := zipDecode(f, e, e.Method, c)
	if err != nil {
		return nil, err
	}
	return rightOrWrong{plain}, nil
}

// A zipCrypto decrypts as it reads.
type zipCrypto struct {
	r    io.Reader
	keys [3]uint32
}

func (c *zipCrypto) update(b byte) {
	c.keys[0] = crc32.IEEETable[byte(c.keys[0])^b] ^ c.keys[0]>>8
	c.keys[1] = (c.keys[1]+c.keys[0]&0xFF)*134775813 + 1
	c.keys[2] = crc32.IEEETable[byte(c.keys[2])^byte(c.keys[1]>>24)] ^ c.keys[2]>>8
}

func (c *zipCrypto) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		t := uint16(c.keys[2]) | 2
		p[i] = b ^ byte(t*(t^1)>>8)
		c.update(p[i])
	}
	return n, err
}
