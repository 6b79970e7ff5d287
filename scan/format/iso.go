package format

import (
	"context"
	"encoding/binary"
	"io"
	"path"
	"strings"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
)

// Iso is the disc image of ISO 9660 (ECMA-119), with the names of Joliet where
// it has them. It knows no password. An image that is UDF alone is not read.
func Iso() scan.Format {
	return scan.Format{Name: "iso", Version: 1, Match: isIso, Open: openIso}
}

const (
	isoSector  = 2048
	isoFirst   = 16 // sector of the first volume descriptor
	isoDepth   = 32
	isoRecords = 1 << 20
)

// isIso looks at sector 16 of files that begin as images do: with an empty
// system area or a boot record.
func isIso(f *scan.File) bool {
	if f.Size() < (isoFirst+2)*isoSector || len(f.Head) < 512 {
		return false
	}
	empty := strings.Trim(string(f.Head[:64]), "\x00") == ""
	if !empty && string(f.Head[510:512]) != "\x55\xAA" {
		return false
	}
	mark := make([]byte, 6)
	_, err := f.ReadAt(mark, isoFirst*isoSector)
	return err == nil && string(mark[1:]) == "CD001"
}

func openIso(_ context.Context, f *scan.File) (scan.Document, error) {
	i := &image{file: f, seen: map[uint32]bool{}}
	root, err := i.volume()
	if err != nil {
		return nil, err
	}
	return open(func(ctx context.Context, out scan.Sink) error { return i.folder(ctx, out, "", root, 0) }), nil
}

// An image is being walked.
type image struct {
	file    *scan.File
	joliet  bool
	seen    map[uint32]bool // folders, by extent: a loop ends
	records int
}

type extent struct{ sector, size uint32 }

// volume reads the volume descriptors (ECMA-119 section 8) and gives the root
// folder, that of Joliet if there is one.
func (i *image) volume() (extent, error) {
	var root extent
	b := make([]byte, isoSector)
	for sector := int64(isoFirst); sector < isoFirst+64; sector++ {
		if _, err := i.file.ReadAt(b, sector*isoSector); err != nil || string(b[1:6]) != "CD001" {
			break
		}
		if b[0] == 255 {
			break
		}
		escape := string(b[88:91])
		joliet := b[0] == 2 && (escape == "%/@" || escape == "%/C" || escape == "%/E")
		if b[0] == 1 && !i.joliet || joliet {
			root, i.joliet = recordExtent(b[156:]), joliet
		}
	}
	if root.size == 0 {
		return root, malformed("iso: no volume")
	}
	return root, nil
}

func recordExtent(record []byte) extent {
	return extent{binary.LittleEndian.Uint32(record[2:]), binary.LittleEndian.Uint32(record[10:])}
}

// folder goes through the records of a folder (ECMA-119 section 9.1), which
// never cross the end of a sector.
func (i *image) folder(ctx context.Context, out scan.Sink, dir string, at extent, depth int) error {
	if depth > isoDepth {
		return &scan.LimitError{Limit: "depth"}
	}
	if i.seen[at.sector] {
		return nil
	}
	i.seen[at.sector] = true
	b := make([]byte, isoSector)
	for off := int64(0); off < int64(at.size); off += isoSector {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if _, err := i.file.ReadAt(b, int64(at.sector)*isoSector+off); err != nil {
			return malformed("iso: folder breaks off")
		}
		for rest := b; len(rest) > 33 && rest[0] != 0; rest = rest[rest[0]:] {
			n, name := int(rest[0]), int(rest[32])
			if n < 33+name || n > len(rest) {
				return malformed("iso: record breaks off")
			}
			if i.records++; i.records > isoRecords {
				return &scan.LimitError{Limit: "members"}
			}
			if err := i.record(ctx, out, dir, rest[:n], depth); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	isoFolder = 2
	isoMore   = 0x80 // the file goes on in the next record
)

func (i *image) record(ctx context.Context, out scan.Sink, dir string, r []byte, depth int) error {
	raw := r[33 : 33+int(r[32])]
	if len(raw) == 1 && raw[0] <= 1 { // the folder itself and its parent
		return nil
	}
	name, at := path.Join(dir, i.name(raw)), recordExtent(r)
	if r[25]&isoFolder != 0 {
		return i.folder(ctx, out, name, at, depth+1)
	}
	start := int64(at.sector) * isoSector
	m := scan.Member{Name: name, Size: int64(at.size), At: io.NewSectionReader(i.file, start, int64(at.size))}
	switch {
	case start+int64(at.size) > i.file.Size():
		m.At, m.Open = nil, func() (io.ReadCloser, error) { return nil, malformed("iso: file lies past the end of the image") }
	case r[25]&isoMore != 0:
		m.At, m.Open = nil, func() (io.ReadCloser, error) { return nil, unsupported("iso: file of several extents") }
	}
	return out.Member(m)
}

// name decodes a name: UCS-2, big endian, in Joliet, else as old tools wrote it.
func (i *image) name(raw []byte) string {
	text := string(raw)
	if i.joliet {
		units := make([]uint16, len(raw)/2)
		for k := range units {
			units[k] = binary.BigEndian.Uint16(raw[2*k:])
		}
		text = string(utf16.Decode(units))
	}
	text, _, _ = strings.Cut(text, ";") // version
	return japaneseName(strings.TrimSuffix(text, "."))
}
