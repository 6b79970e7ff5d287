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
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// zipFormat is the zip archive (PKWARE APPNOTE 6.3.10). The verdict is by entry,
// from the directory alone.
func zipFormat() scan.Format {
	return scan.Format{
		Name: "zip", Version: 6, Match: isZip, Open: openZip,
		About: scan.About{Names: "zip, also behind a program", Verdict: "by entry", Content: scan.CoverageFull,
			Limits: "methods stored, deflate, deflate64, bzip2, lzma, zstd, xz; not PPMd"},
	}
}

func openZip(ctx context.Context, f *scan.File) (scan.Document, error) {
	d, err := zipDirectoryOf(f)
	if err != nil {
		if masked(f) {
			f.ClaimAll(scan.UseSealed)
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
	z := &zipArchive{file: f, directory: d}
	if err := z.judge(ctx); err != nil {
		return nil, err
	}
	d.claim()
	return lockable{document{func() scan.Protection { return z.protection }, z.content}, z.unlock}, nil
}

// masked reports whether the directory itself is encrypted (sections 4.4.4 and
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
	directory  *zipDirectory
	lies       flagSet   // entries that say they are encrypted and are not
	smallest   *zip.File // the encrypted one that takes the least to try a password on
	hint       bool      // for a password of Pages, Numbers or Keynote
	office     bool      // a part of an office document is among more entries than its reader keeps
	protection scan.Protection
	password   *string // one that opens entries; nil if none is known
}

// judge forms the verdict: entries without content do not count, since
// archivers leave them as they are.
func (z *zipArchive) judge(ctx context.Context) error {
	var open, locked int
	var packed uint64
	var empty scan.Protection // of an encrypted entry without content
	z.protection.Verdict = scan.VerdictNone
	flags := newFalseFlags(z.file)
	err := z.directory.each(ctx, func(i int, e *zip.File) error {
		if packed += e.CompressedSize64; tooLong(e.CompressedSize64, packed, z.file.Size()) {
			return errOverlap
		}
		z.hint = z.hint || path.Base(e.Name) == iworkHint
		z.office = z.office || z.directory.whole == nil && zipOffice(e.Name)
		p := flags.entry(e)
		if p.Verdict != zipProtection(e).Verdict {
			z.lies.set(i)
		}
		switch {
		case strings.HasSuffix(e.Name, "/"):
		case e.UncompressedSize64 == 0 && e.CompressedSize64 <= zipSealMax:
			if p.Verdict == scan.VerdictPassword {
				empty = p
			}
		case p.Verdict == scan.VerdictPassword:
			locked++
			z.protection.Scheme, z.protection.Strength = weaker(z.protection, p)
		default:
			open++
			for _, n := range p.Notes {
				z.protection.AddNote(n)
			}
		}
		if p.Verdict == scan.VerdictPassword && e.UncompressedSize64 > 0 && (z.smallest == nil || e.CompressedSize64 < z.smallest.CompressedSize64) {
			z.smallest = e
		}
		return nil
	})
	if err == nil && z.hint && iworkSealed(ctx, z.file, z.directory) {
		z.protection = scan.Protection{Verdict: scan.VerdictPassword, Scheme: "iwork", Strength: scan.StrengthStrong}
		return nil
	}
	if locked == 0 && open == 0 && empty.Verdict == scan.VerdictPassword { // nothing but such entries
		locked, z.protection.Scheme, z.protection.Strength = 1, empty.Scheme, empty.Strength
	}
	if err != nil || locked == 0 {
		return err
	}
	z.protection.Verdict = scan.VerdictPassword
	if open > 0 {
		z.protection.Verdict = scan.VerdictPartial
	}
	z.protection.AddNote(scan.NoteNamesVisible)
	return nil
}

// zipSealMax is what encryption adds to an entry without content: the header of
// ZipCrypto, or salt, verifier and code of AES, bytes.
const zipSealMax = 28

// entry returns the protection of an entry as judge found it.
func (z *zipArchive) entry(i int, e *zip.File) scan.Protection {
	if z.lies.has(i) {
		return plainAfterAll()
	}
	return zipProtection(e)
}

// weaker returns the scheme that decides for the whole: a chain is as strong as
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
	file    *scan.File
	tries   int
	inflate inflaters
}

const (
	flagTries  = 4
	flagSample = 2 << 10  // bytes inflated before an entry is suspected
	flagWhole  = 64 << 20 // an entry is summed up to here
	flagLong   = 1 << 20  // of a longer one so much is unpacked
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
	return plainAfterAll()
}

func plainAfterAll() scan.Protection {
	return scan.Protection{Verdict: scan.VerdictNone, Notes: []scan.Note{scan.NoteFalseFlag}}
}

// A flagSet is a set of entries by their place, a bit each.
type flagSet []uint64

func (s *flagSet) set(i int) {
	for len(*s) <= i/64 {
		*s = append(*s, 0)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

func (s flagSet) has(i int) bool { return i/64 < len(s) && s[i/64]&(1<<(i%64)) != 0 }

// plain reports whether the data of an entry reads without a key. Cipher text is
// recognised by its first bytes, so that a verdict stays cheap.
func (x *falseFlags) plain(e *zip.File) bool {
	off, err := e.DataOffset()
	if err != nil {
		return false
	}
	data := io.NewSectionReader(x.file, off, int64(e.CompressedSize64))
	var r io.Reader = data
	switch e.Method {
	case zip.Deflate:
		inflated := x.inflate.open(data)
		defer func() { _ = inflated.Close() }()
		r = inflated
	case zip.Store:
		if e.CompressedSize64 != e.UncompressedSize64 { // ZipCrypto adds 12 bytes
			return false
		}
	default:
		plain, err := zipDecode(x.file, e, e.Method, data)
		if err != nil {
			return false
		}
		defer func() { _ = plain.Close() }()
		r = plain
	}
	r = x.file.Bound(r)
	sample := make([]byte, min(e.UncompressedSize64, flagSample))
	if _, err := io.ReadFull(r, sample); err != nil {
		return false
	}
	if e.UncompressedSize64 > flagWhole { // no cipher text unpacks so far
		_, err := io.CopyN(io.Discard, r, flagLong)
		return err == nil
	}
	sum := crc32.NewIEEE()
	_, _ = sum.Write(sample)
	_, err = io.Copy(sum, r)
	return err == nil && sum.Sum32() == e.CRC32
}

// content hands on the entries. What a method or a damaged entry keeps from
// being read is that member's own problem.
func (z *zipArchive) content(ctx context.Context, out scan.Sink) error {
	if z.office {
		out.Problem(fmt.Errorf("office document in a %w", errManyParts))
	}
	return z.directory.each(ctx, func(i int, e *zip.File) error {
		if strings.HasSuffix(e.Name, "/") && e.UncompressedSize64 == 0 {
			return nil
		}
		p := z.entry(i, e)
		if p.Verdict == scan.VerdictPassword && e.UncompressedSize64 == 0 && e.CompressedSize64 <= zipSealMax {
			return nil
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
		return out.Member(m)
	})
}

func (z *zipArchive) open(e *zip.File) (io.ReadCloser, error) {
	rc, err := zipOpen(z.file, e)
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, fmt.Errorf("zip: compression method %d: %w", e.Method, scan.ErrUnsupported)
	}
	return rc, err
}
