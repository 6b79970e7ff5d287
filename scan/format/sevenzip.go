package format

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// sevenZipFormat is the 7z archive (7zFormat.txt of the 7-Zip SDK). The verdict comes
// from the header, which lies at the end.
func sevenZipFormat() scan.Format {
	return scan.Format{
		Name: "7z", Version: 3, Open: openSevenZip, Isolated: unpackSevenZip,
		About: scan.About{Names: "7z", Verdict: "by entry", Content: scan.CoverageFull, Limits: "128 MiB of dictionary; read in a process of its own"},
		Match: func(f *scan.File) bool { return hasPrefix(f, "7z\xBC\xAF\x27\x1C") },
	}
}

const (
	// sevenHeaderMax bounds the header, packed and unpacked: a file takes some
	// 60 bytes in it, so this is half a million of files.
	sevenHeaderMax = 32 << 20
	// sevenFoldersMax bounds the units of compression: one for each file where
	// an archive is not solid.
	sevenFoldersMax = 1 << 19
	// sevenFilesMax is how many files the library has room for: it keeps some
	// 300 bytes of each.
	sevenFilesMax = 800_000
)

func openSevenZip(_ context.Context, f *scan.File) (scan.Document, error) {
	a, err := readSevenZip(f)
	if err != nil {
		return nil, err
	}
	if a.missing {
		return volume("7z: the header lies in another volume"), nil
	}
	return judged(a.protection()), nil
}

// A sevenZip is what the header of an archive says.
type sevenZip struct {
	missing bool // the header lies beyond the end: this is one volume of several
	sealed  bool // the header itself is encrypted
	folders []sevenFolder
	files   int
}

// sevenAES is the only encryption of 7z.
func sevenAES() scan.Protection {
	return scan.Protection{Verdict: scan.VerdictPassword, Scheme: "7z-aes-256", Strength: scan.StrengthStrong}
}

// protection judges by folder. Files without a byte are in none.
func (a *sevenZip) protection() scan.Protection {
	if a.sealed {
		return sevenAES()
	}
	var open, locked int
	for _, folder := range a.folders {
		switch {
		case folder.streams == 0 || folder.size == 0:
		case folder.encrypted():
			locked++
		default:
			open++
		}
	}
	if locked == 0 {
		return scan.Protection{Verdict: scan.VerdictNone}
	}
	p := sevenAES()
	if open > 0 {
		p.Verdict = scan.VerdictPartial
	}
	p.Notes = []scan.Note{scan.NoteNamesVisible}
	return p
}

// readSevenZip reads the start header (32 bytes, section "SignatureHeader") and
// the header to which it points.
func readSevenZip(f *scan.File) (*sevenZip, error) {
	if len(f.Head) < 32 {
		return nil, malformed("7z: start header breaks off")
	}
	start := f.Head[12:32]
	if !sevenStart(f.Head) {
		return nil, malformed("7z: sum of the start header")
	}
	off, size := binary.LittleEndian.Uint64(start), binary.LittleEndian.Uint64(start[8:])
	f.Claim(scan.UseRead, 0, 32)
	if left := uint64(f.Size() - 32); off <= left && size <= left-off {
		f.Claim(scan.UseRead, 32, int64(off+size))
	}
	switch left := uint64(f.Size() - 32); {
	case size == 0:
		return &sevenZip{}, nil // an archive without a file
	case off > left || size > left-off:
		if volumeName.MatchString(f.Name) {
			return &sevenZip{missing: true}, nil
		}
		return nil, malformed("7z: header lies beyond the end of the file")
	case size > sevenHeaderMax:
		return nil, unsupported("7z: header of %d bytes", size)
	}
	header := make([]byte, size)
	if _, err := f.ReadAt(header, 32+int64(off)); err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(header) != binary.LittleEndian.Uint32(start[16:]) {
		return nil, malformed("7z: sum of the header")
	}
	return parseSevenZip(f, header, 4)
}

// sevenStart reports whether the sum of a start header is right.
func sevenStart(head []byte) bool {
	return crc32.ChecksumIEEE(head[12:32]) == binary.LittleEndian.Uint32(head[8:])
}

// parseSevenZip reads a header, unpacking it first if need be; a packed header
// may hold another one.
func parseSevenZip(f *scan.File, header []byte, depth int) (*sevenZip, error) {
	p := &sevenParser{left: header}
	switch p.byte() {
	case sevenHeader:
		a := p.header()
		return a, p.err
	case sevenEncodedHeader:
	default:
		return nil, malformed("7z: header of unknown kind")
	}
	s := p.streams()
	switch {
	case p.err != nil:
		return nil, p.err
	case len(s.folders) == 0:
		return &sevenZip{}, nil
	case slices.ContainsFunc(s.folders, sevenFolder.encrypted):
		return &sevenZip{sealed: true}, nil
	case depth == 0:
		return nil, malformed("7z: header packed over and over")
	}
	plain, err := s.unpack(f)
	if err != nil {
		return nil, err
	}
	return parseSevenZip(f, plain, depth-1)
}
