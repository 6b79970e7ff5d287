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
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/klauspost/compress/flate"
)

// Zip is the zip archive (PKWARE APPNOTE 6.3.10). The verdict is by entry,
// from the directory alone.
func Zip() scan.Format {
	return scan.Format{Name: "zip", Version: 3, Match: isZip, Open: openZip}
}

func openZip(_ context.Context, f *scan.File) (scan.Document, error) {
	r, err := readZip(f)
	if err != nil {
		if masked(f) {
			return closed(scan.Protection{Verdict: scan.VerdictPassword, Scheme: "pkware-strong", Strength: scan.StrengthStrong}), nil
		}
		if errors.Is(err, zip.ErrFormat) && (hasPrefix(f, "PK\x07\x08PK\x03\x04") || volumeName.MatchString(f.Name)) {
			return volume("zip: the directory lies in another volume"), nil
		}
		if errors.Is(err, zip.ErrFormat) {
			return nil, malformed("zip: no directory at its end")
		}
		return nil, err
	}
	z := &zipArchive{file: f, zip: r}
	z.judge()
	return lockable{document{func() scan.Protection { return z.protection }, z.content}, z.unlock}, nil
}

// masked tells whether the directory itself is encrypted (sections 4.4.4 and
// 7.3): the first local header then has bits 0, 6 and 13 and needs version 5.0
// or later (section 4.4.3.2), and the end record stands in the clear. A damaged
// file must not pass for a protected one, so all of it is asked for.
func masked(f *scan.File) bool {
	const bits = zipFlagEncrypted | zipFlagStrong | zipFlagMasked
	if !hasPrefix(f, "PK\x03\x04") || len(f.Head) < 30 {
		return false
	}
	version, flags := binary.LittleEndian.Uint16(f.Head[4:]), binary.LittleEndian.Uint16(f.Head[6:])
	if flags&bits != bits || version < 50 || version > 63 {
		return false
	}
	tail := make([]byte, min(f.Size(), 22+1<<16)) // the end record and the longest comment
	if _, err := f.ReadAt(tail, f.Size()-int64(len(tail))); err != nil {
		return false
	}
	end := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	return end >= 0 && len(tail)-end >= 22 && int(binary.LittleEndian.Uint16(tail[end+20:])) == len(tail)-end-22
}

// A zipArchive is an open archive with the verdict on each entry.
type zipArchive struct {
	file       *scan.File
	zip        *zip.Reader
	entries    []scan.Protection // in the order of zip.File
	protection scan.Protection
	password   *string // one that opens entries; nil if none is known
}

// judge forms the verdict: entries without content do not count, since
// archivers leave them as they are.
func (z *zipArchive) judge() {
	var open, locked int
	z.protection.Verdict = scan.VerdictNone
	flags := newFalseFlags(z.file)
	for _, e := range z.zip.File {
		p := flags.entry(e)
		z.entries = append(z.entries, p)
		switch {
		case strings.HasSuffix(e.Name, "/") || e.UncompressedSize64 == 0:
			continue
		case p.Verdict == scan.VerdictPassword:
			locked++
			z.protection.Scheme, z.protection.Strength = weaker(z.protection, p)
		default:
			open++
			for _, n := range p.Notes {
				z.note(n)
			}
		}
	}
	if locked == 0 {
		return
	}
	z.protection.Verdict = scan.VerdictPassword
	if open > 0 {
		z.protection.Verdict = scan.VerdictPartial
	}
	z.note(scan.NoteNamesVisible)
}

func (z *zipArchive) note(n scan.Note) {
	for _, have := range z.protection.Notes {
		if have == n {
			return
		}
	}
	z.protection.Notes = append(z.protection.Notes, n)
}

// weaker gives the scheme that decides for the whole: a chain is as strong as
// its weakest link.
func weaker(have, p scan.Protection) (string, scan.Strength) {
	if have.Scheme == "" || have.Strength == scan.StrengthStrong && p.Strength == scan.StrengthWeak {
		return p.Scheme, p.Strength
	}
	return have.Scheme, have.Strength
}

// zipProtection reads what the directory says of one entry (sections 4.4.4,
// 4.5.12 and, for AES, the WinZip AE specification, section II).
func zipProtection(e *zip.File) scan.Protection {
	if e.Flags&zipFlagEncrypted == 0 {
		return scan.Protection{Verdict: scan.VerdictNone}
	}
	p := scan.Protection{Verdict: scan.VerdictPassword, Scheme: "zipcrypto", Strength: scan.StrengthWeak}
	switch {
	case e.Method == zipMethodAES:
		p.Scheme, p.Strength = "aes", scan.StrengthStrong
		if x := zipExtra(e.Extra, 0x9901); len(x) >= 7 && x[4] >= 1 && x[4] <= 3 {
			p.Scheme = fmt.Sprintf("aes-%d", 64+64*int(x[4]))
		}
	case e.Flags&zipFlagStrong != 0:
		p.Scheme, p.Strength = "pkware-strong", scan.StrengthStrong
		if x := zipExtra(e.Extra, 0x0017); len(x) >= 4 {
			switch binary.LittleEndian.Uint16(x[2:]) {
			case 0x6601, 0x6602, 0x6702, 0x6801: // DES, RC2, RC4
				p.Strength = scan.StrengthWeak
			}
		}
	}
	return p
}

// falseFlags finds entries that say they are encrypted and are not: some tools
// set the bit to keep others from looking inside. Data that inflates to its
// own sum is no cipher text. A few entries are tried; if one of them lies, all are.
type falseFlags struct {
	file  *scan.File
	tries int
}

const (
	flagTries  = 4
	flagSample = 2 << 10  // bytes inflated before an entry is suspected
	flagWhole  = 64 << 20 // an entry is summed up to here
)

func newFalseFlags(f *scan.File) *falseFlags { return &falseFlags{file: f, tries: flagTries} }

func (x *falseFlags) entry(e *zip.File) scan.Protection {
	p := zipProtection(e)
	if p.Verdict != scan.VerdictPassword || p.Scheme != "zipcrypto" || e.UncompressedSize64 == 0 || x.tries == 0 {
		return p
	}
	if !x.plain(e) {
		x.tries--
		return p
	}
	x.tries++ // look at the others too
	return scan.Protection{Verdict: scan.VerdictNone, Notes: []scan.Note{scan.NoteFalseFlag}}
}

// plain tells whether the data of an entry reads without a key. Cipher text is
// told by its first bytes, so that a verdict stays cheap.
func (x *falseFlags) plain(e *zip.File) bool {
	off, err := e.DataOffset()
	if err != nil || e.UncompressedSize64 > flagWhole {
		return false
	}
	data := io.NewSectionReader(x.file, off, int64(e.CompressedSize64))
	var r io.Reader = data
	switch e.Method {
	case zip.Deflate:
		if n, err := io.CopyN(io.Discard, flate.NewReader(data), flagSample); err != nil && (err != io.EOF || uint64(n) != e.UncompressedSize64) {
			return false
		}
		r = flate.NewReader(io.NewSectionReader(x.file, off, int64(e.CompressedSize64)))
	case zip.Store:
		if e.CompressedSize64 != e.UncompressedSize64 { // ZipCrypto adds 12 bytes
			return false
		}
	default:
		return false
	}
	sum := crc32.NewIEEE()
	_, err = io.Copy(sum, x.file.Bound(r))
	return err == nil && sum.Sum32() == e.CRC32
}

// content hands on the entries. What a method or a damaged entry keeps from
// being read is that member's own problem.
func (z *zipArchive) content(ctx context.Context, out scan.Sink) error {
	for i, e := range z.zip.File {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if strings.HasSuffix(e.Name, "/") && e.UncompressedSize64 == 0 {
			continue
		}
		p := z.entries[i]
		if p.Verdict == scan.VerdictPassword && e.UncompressedSize64 == 0 {
			continue
		}
		m := scan.Member{
			Name: zipName(e), Size: int64(e.UncompressedSize64), Protection: p,
			Open: func() (io.ReadCloser, error) { return z.open(e) },
		}
		if p.Verdict == scan.VerdictPassword && z.password != nil {
			if err := z.unlocked(e, &m); err != nil {
				return err
			}
		}
		if err := out.Member(m); err != nil {
			return err
		}
	}
	return nil
}

func (z *zipArchive) open(e *zip.File) (io.ReadCloser, error) {
	rc, err := zipOpen(z.file, e)
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, fmt.Errorf("zip: compression method %d: %w", e.Method, scan.ErrUnsupported)
	}
	return rc, err
}
