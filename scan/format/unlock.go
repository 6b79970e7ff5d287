package format

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

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

func (l lockable) Unlock(ctx context.Context, password string) (scan.Document, error) {
	return l.unlock(ctx, password)
}

var _ scan.Locked = lockable{}

// unlockMax is the largest encrypted entry that is held in memory to be opened.
const unlockMax = 256 << 20

// unlock tries a password on the smallest encrypted entry; the archive then
// hands out what that password opens.
func (z *zipArchive) unlock(_ context.Context, password string) (scan.Document, error) {
	smallest := -1
	for i, e := range z.zip.File {
		if z.entries[i].Verdict == scan.VerdictPassword && e.UncompressedSize64 > 0 &&
			(smallest < 0 || e.CompressedSize64 < z.zip.File[smallest].CompressedSize64) {
			smallest = i
		}
	}
	if smallest < 0 {
		return nil, nil
	}
	r, err := z.decrypt(z.zip.File[smallest], password)
	if err != nil {
		return nil, ignoreWrong(err)
	}
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
	m.Unlocked = true
	m.Open = func() (io.ReadCloser, error) { return io.NopCloser(z.file.Bound(r)), nil }
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
func (z *zipArchive) decrypt(e *zip.File, password string) (io.Reader, error) {
	if e.CompressedSize64 > unlockMax {
		return nil, unsupported("zip: encrypted entry of %d bytes", e.CompressedSize64)
	}
	off, err := e.DataOffset()
	if err != nil {
		return nil, malformed("zip: %v", err)
	}
	data := make([]byte, e.CompressedSize64)
	if _, err := z.file.ReadAt(data, off); err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case e.Method == zipMethodAES:
		return openAES(e, data, password)
	case e.Flags&zipFlagStrong != 0:
		return nil, unsupported("zip: PKWARE strong encryption")
	}
	return openZipCrypto(e, data, password)
}

// openAES has the AES library open an archive that is made here of this one
// entry: its reader does not survive what strangers write into others.
func openAES(e *zip.File, data []byte, password string) (io.Reader, error) {
	x := zipExtra(e.Extra, 0x9901)
	if len(x) != 7 || x[4] < 1 || x[4] > 3 || len(data) < 12+int(x[4])*4+4 {
		return nil, malformed("zip: AES field")
	}
	method := binary.LittleEndian.Uint16(x[5:])
	// The library shall decrypt only: it knows few methods, and demands a sum
	// of what is unpacked (WinZip AE specification, section II).
	one := singleEntry(e, data, []byte{2, 0, 'A', 'E', x[4], 0, 0})
	r, err := aeszip.NewReader(bytes.NewReader(one), int64(len(one)))
	if err != nil || len(r.File) != 1 {
		return nil, malformed("zip: AES entry")
	}
	r.File[0].SetPassword(password)
	rc, err := r.File[0].Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errWrongPassword, err)
	}
	plain, err := zipDecode(e, method, rc)
	if err != nil {
		return nil, err
	}
	return rightOrWrong{&drained{plain, rc}}, nil
}

// drained reads what a decoder leaves of its data, so that the code behind it
// is checked.
type drained struct{ plain, data io.Reader }

func (d *drained) Read(p []byte) (int, error) {
	n, err := d.plain.Read(p)
	if err == io.EOF {
		if _, rest := io.Copy(io.Discard, d.data); rest != nil {
			err = rest
		}
	}
	return n, err
}

// singleEntry writes an archive of one entry (APPNOTE sections 4.3.7, 4.3.12 and 4.3.16).
func singleEntry(e *zip.File, data, aes []byte) []byte {
	le := binary.LittleEndian
	extra := append([]byte{0x01, 0x99, 7, 0}, aes...)
	common := func(b []byte) []byte {
		b = le.AppendUint16(le.AppendUint16(le.AppendUint16(b, 20), zipFlagEncrypted), zipMethodAES)
		b = le.AppendUint32(le.AppendUint32(b, 0), e.CRC32)
		b = le.AppendUint32(le.AppendUint32(b, uint32(len(data))), uint32(e.UncompressedSize64))
		return le.AppendUint16(le.AppendUint16(b, 1), uint16(len(extra)))
	}
	b := common(le.AppendUint32(nil, 0x04034B50))
	b = append(append(append(b, 'x'), extra...), data...)
	at := len(b)
	b = common(le.AppendUint16(le.AppendUint32(b, 0x02014B50), 20))
	b = append(b, make([]byte, 14)...) // comment, disk, attributes and offset: none
	b = append(append(b, 'x'), extra...)
	size := len(b) - at
	b = append(le.AppendUint32(b, 0x06054B50), 0, 0, 0, 0, 1, 0, 1, 0)
	b = le.AppendUint32(le.AppendUint32(b, uint32(size)), uint32(at))
	return append(b, 0, 0)
}

// rightOrWrong takes a failed sum for a wrong password.
type rightOrWrong struct{ r io.Reader }

func (r rightOrWrong) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %v", errWrongPassword, err)
	}
	return n, err
}

// openZipCrypto undoes the traditional encryption (APPNOTE section 6.1).
func openZipCrypto(e *zip.File, data []byte, password string) (io.Reader, error) {
	if len(data) < 12 {
		return nil, malformed("zip: encrypted entry breaks off")
	}
	keys := [3]uint32{0x12345678, 0x23456789, 0x34567890}
	update := func(c byte) {
		keys[0] = crc32.IEEETable[byte(keys[0])^c] ^ keys[0]>>8
		keys[1] = (keys[1]+keys[0]&0xFF)*134775813 + 1
		keys[2] = crc32.IEEETable[byte(keys[2])^byte(keys[1]>>24)] ^ keys[2]>>8
	}
	for i := range len(password) {
		update(password[i])
	}
	for i, c := range data {
		t := uint16(keys[2]) | 2
		data[i] = c ^ byte(t*(t^1)>>8)
		update(data[i])
	}
	check := byte(e.CRC32 >> 24)
	if e.Flags&8 != 0 { // the sum was not known yet: the time stands in for it
		check = byte(e.ModifiedTime >> 8) // the raw DOS time
	}
	if data[11] != check {
		return nil, errWrongPassword
	}
	plain, err := zipDecode(e, e.Method, bytes.NewReader(data[12:]))
	if err != nil {
		return nil, err
	}
	return rightOrWrong{plain}, nil
}
