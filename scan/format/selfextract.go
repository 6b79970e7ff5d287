package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/lzh"
)

// selfExtractingFormat is a program with an archive behind it: 7z, rar, lzh, arj,
// cab or AttacheCase, or a script with such an archive or a compressed stream behind
// it. (Zip finds itself from the end of a file.) It hands out the archive, which has
// the verdict, and the script. Without one, a program is out of scope.
func selfExtractingFormat() scan.Format {
	return scan.Format{
		Name: "self-extracting", Version: 2,
		About: scan.About{Names: "programs and scripts with 7z, rar, lzh, arj, cab, AttacheCase or, for scripts, gz, bz2, xz, zst or tar behind them", Verdict: "as the archive", Content: scan.CoverageFull,
			Limits: "looked for up to 4 MiB behind the program"},
		Match: func(f *scan.File) bool { return archiveBehind(f) > 0 },
		Open: func(_ context.Context, f *scan.File) (scan.Document, error) {
			off := archiveBehind(f)
			f.ClaimAll(scan.UseRead) // the archive accounts for its own bytes
			unknown := func() scan.Protection { return scan.Protection{} }
			return document{unknown, func(_ context.Context, out scan.Sink) error {
				if isScript(f) {
					if err := out.Member(scan.Member{Name: "script", Size: off, At: io.NewSectionReader(f, 0, off)}); err != nil {
						return err
					}
				}
				size := f.Size() - off
				return out.Member(scan.Member{Size: size, At: io.NewSectionReader(f, off, size)})
			}}, nil
		},
	}
}

// programHead is the shortest header of a program, bytes.
const programHead = 64

type behindKey struct{}

// archiveBehind returns where the archive begins; 0 if there is none.
func archiveBehind(f *scan.File) int64 {
	v, _ := f.Once(behindKey{}, func() (any, error) {
		end, begins := programEnd(f), beginsArchive
		switch {
		case isScript(f):
			end, begins = 2, beginsData
		case end <= 0:
			return int64(0), nil
		case end > f.Size() || f.Size() <= walkedWhole:
			end = min(programHead, f.Size()) // the header may lie about where the program ends
		}
		if at := findArchive(f, end, begins); at > 0 {
			return at, nil
		}
		return int64(0), nil
	})
	return v.(int64)
}

// programEnd returns where the image of a program ends in its file: behind the
// last section of a PE ("PE Format", sections 3 and 4) or ELF, or the pages of
// an MZ header. 0 means that it is no program.
func programEnd(f *scan.File) int64 {
	le := binary.LittleEndian
	head := f.Head
	switch {
	case hasPrefix(f, "\x7fELF\x02\x01") && len(head) >= 64:
		return int64(le.Uint64(head[40:])) + int64(le.Uint16(head[58:]))*int64(le.Uint16(head[60:]))
	case hasPrefix(f, "\x7fELF\x01\x01") && len(head) >= 52:
		return int64(le.Uint32(head[32:])) + int64(le.Uint16(head[46:]))*int64(le.Uint16(head[48:]))
	case !hasPrefix(f, "MZ") || len(head) < 64:
		return 0
	}
	pages := int64(le.Uint16(head[4:])) * 512
	if last := int64(le.Uint16(head[2:])); last > 0 {
		pages += last - 512
	}
	at := int64(le.Uint32(head[60:]))
	pe := make([]byte, 24)
	if _, err := f.ReadAt(pe, at); err != nil || string(pe[:4]) != "PE\x00\x00" {
		return max(pages, 64)
	}
	sections := make([]byte, 40*int(le.Uint16(pe[6:])))
	if _, err := f.ReadAt(sections, at+24+int64(le.Uint16(pe[20:]))); err != nil {
		return 0
	}
	end := at + 24
	for ; len(sections) > 0; sections = sections[40:] {
		end = max(end, int64(le.Uint32(sections[20:]))+int64(le.Uint32(sections[16:])))
	}
	return end
}

const (
	behindMax   = 4 << 20 // bytes behind the program that are searched
	behindPiece = 256 << 10
	behindLap   = 4 << 10 // pieces overlap, so that no mark or short header is cut
)

// findArchive looks from some place on for what begins like an archive.
func findArchive(f *scan.File, from int64, begins func(f *scan.File, b []byte, off int64) bool) int64 {
	if from >= f.Size() {
		return 0
	}
	to := min(f.Size(), from+behindMax)
	for off := from; off < to; off += behindPiece {
		b := make([]byte, min(behindPiece+behindLap, f.Size()-off))
		if _, err := f.ReadAt(b, off); err != nil && err != io.EOF {
			return 0
		}
		for i := 0; i < len(b) && i < behindPiece; i++ {
			if begins(f, b[i:], off+int64(i)) {
				return off + int64(i)
			}
		}
	}
	return 0
}

// beginsArchive reports whether an archive begins at off, where b lies. A mark is
// not enough: a program that unpacks archives holds marks too.
func beginsArchive(f *scan.File, b []byte, off int64) bool {
	if len(b) < 32 {
		return false
	}
	switch {
	case b[0] == '7' && string(b[:6]) == "7z\xBC\xAF\x27\x1C":
		return sevenStart(b)
	case b[0] == 'R' && bytes.HasPrefix(b, []byte("Rar!\x1A\x07")):
		return newRarArchive(io.NewSectionReader(f, off, f.Size()-off), f.Size()-off).begin() == nil
	case b[0] == 'M' && string(b[:8]) == "MSCF\x00\x00\x00\x00":
		return binary.LittleEndian.Uint32(b[8:]) <= uint32(min(f.Size()-off, 1<<32-1)) && b[25] == 1 && b[24] <= 3
	case b[0] == 0x60:
		return arjBegins(b)
	case b[4] == '_' && string(b[4:20]) == attacheToken:
		return true
	case b[2] == '-' && lzh.Match(b):
		_, next, err := lzh.Next(io.NewSectionReader(f, off, f.Size()-off), 0)
		return err == nil && next <= f.Size()-off
	}
	return false
}

// isScript reports whether a file is run by the program that its first line names.
func isScript(f *scan.File) bool { return hasPrefix(f, "#!") }

// beginsData reports whether what scripts carry begins at off, where b lies: an
// archive, or compressed data. No script that is text holds such marks but that of
// bzip2, which begins a line.
func beginsData(f *scan.File, b []byte, off int64) bool {
	switch {
	case len(b) < 32:
		return false
	case b[0] == 0x1F && b[1] == 0x8B && b[2] == 8 && b[3] < 0x20,
		b[0] == 0xFD && string(b[:6]) == "\xFD7zXZ\x00",
		b[0] == '(' && string(b[:4]) == "\x28\xB5\x2F\xFD":
		return true
	case b[0] == 'B' && string(b[:3]) == "BZh" && string(b[4:10]) == "1AY&SY":
		before := make([]byte, 1)
		_, err := f.ReadAt(before, off-1)
		return err == nil && before[0] == '\n'
	case len(b) >= 265 && b[257] == 'u' && (string(b[257:263]) == "ustar\x00" || string(b[257:265]) == "ustar  \x00"):
		return true
	}
	return beginsArchive(f, b, off)
}
