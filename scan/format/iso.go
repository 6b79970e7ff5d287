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

// isoFormat is the disc image of UDF, or of ISO 9660 (ECMA-119) with the names of
// Joliet or Rock Ridge where it has them. It knows no password.
func isoFormat() scan.Format {
	return scan.Format{
		Name: "iso", Version: 6, Match: isIso, Open: openIso,
		About: scan.About{Names: "iso (ISO 9660, Joliet, Rock Ridge, UDF)", Verdict: "always open", Content: scan.CoverageFull,
			Limits: "not UDF discs that were written bit by bit"},
	}
}

const (
	isoSector  = 2048
	isoFirst   = 16 // sector of the first volume descriptor
	isoDepth   = 32
	isoRecords = 1 << 20
	isoTimes   = 4 // folders together are no longer than so many images
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
	return err == nil && (string(mark[1:]) == "CD001" || string(mark[1:]) == "BEA01")
}

// openIso prefers UDF: where a disc has both, ISO 9660 may lack files that are
// too long for it, or hold nothing but a note that UDF is needed.
func openIso(_ context.Context, f *scan.File) (scan.Document, error) {
	var gap error
	if hasUDF(f) {
		u, root, err := openUDF(f)
		if err == nil {
			end := f.Size() - f.Size()%isoSector // a volume does not say how many sectors it has
			f.Claim(scan.UseRead, 0, end)
			return open(func(ctx context.Context, out scan.Sink) error {
				if err := u.folder(ctx, out, "", root, 0); err != nil {
					return err
				}
				return u.spare.search(out, 0, end)
			}), nil
		}
		gap = err
	}
	i := &image{file: f, seen: map[uint32]bool{}, spare: spareMap{file: f}}
	root, err := i.volume()
	if err != nil && gap != nil {
		return nil, gap
	}
	if err != nil {
		return nil, err
	}
	end := i.claim()
	return open(func(ctx context.Context, out scan.Sink) error {
		if gap != nil {
			out.Problem(gap)
		}
		if err := i.folder(ctx, out, "", root, 0); err != nil {
			return err
		}
		return i.spare.search(out, isoFirst*isoSector, end)
	}), nil
}

// An image is being walked.
type image struct {
	file    *scan.File
	joliet  bool
	seen    map[uint32]bool // folders, by extent: a loop ends
	sectors int64           // of folders that were read
	records int
	begun   []piece // of the file that goes on in the next record
	spare   spareMap
}

type extent struct{ sector, size uint32 }

// volume reads the volume descriptors (ECMA-119 section 8) and returns the root
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

// claim accounts for the sectors of the volume as its descriptor counts them
// (section 8.4.8), and returns their end. Before the descriptors stands boot code at
// the most.
func (i *image) claim() int64 {
	const system, boot = isoFirst * isoSector, 510
	b := make([]byte, isoSector)
	if _, err := i.file.ReadAt(b, system); err != nil || string(b[1:6]) != "CD001" || b[0] != 1 {
		i.file.ClaimAll(scan.UseRead)
		return i.file.Size()
	}
	size := int64(binary.LittleEndian.Uint32(b[80:])) * isoSector
	i.file.Claim(scan.UseRead, system, size-system)
	if _, err := i.file.ReadAt(b, 0); err == nil && b[boot] == 0x55 && b[boot+1] == 0xAA {
		i.file.Claim(scan.UseOmitted, 0, system)
	}
	return min(size, i.file.Size())
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
		if i.sectors++; i.sectors > isoTimes*(i.file.Size()/isoSector+1) {
			return malformed("iso: folders overlap")
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
	name, at := i.name(raw), recordExtent(r)
	if long := rockRidge(r); long != "" && !i.joliet {
		name = long
	}
	name = path.Join(dir, name)
	if r[25]&isoFolder != 0 {
		return i.folder(ctx, out, name, at, depth+1)
	}
	start := int64(at.sector) * isoSector
	i.begun = append(i.begun, piece{i.file, start, int64(at.size)})
	if r[25]&isoMore != 0 {
		return nil
	}
	whole := newJoined(i.begun...)
	i.spare.content(whole.pieces)
	i.begun = nil
	m := scan.Member{Name: name, Size: whole.size, At: whole}
	for _, p := range whole.pieces {
		if p.off+p.size > i.file.Size() {
			m.At, m.Open = nil, func() (io.ReadCloser, error) { return nil, malformed("iso: file lies past the end of the image") }
		}
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

// rockRidge returns the long name in the system use area of a record, which
// follows the name (IEEE P1282 section 4.1.4); "" if there is none.
func rockRidge(r []byte) string {
	const goesOn = 1
	at := 33 + int(r[32])
	at += 1 - int(r[32])%2 // padded to an even place
	var name []byte
	for at+5 <= len(r) && int(r[at+2]) >= 5 && at+int(r[at+2]) <= len(r) {
		if string(r[at:at+2]) == "NM" {
			name = append(name, r[at+5:at+int(r[at+2])]...)
			if r[at+4]&goesOn == 0 {
				break
			}
		}
		at += int(r[at+2])
	}
	return japaneseName(string(name))
}
