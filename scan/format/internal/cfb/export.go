package cfb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
)

// exportSector is the size of a sector of an exported file, bytes.
const exportSector = 512

// Marks in an allocation table that are no sector (2.1).
const (
	markDIFAT = 0xFFFFFFFC
	markFAT   = 0xFFFFFFFD
	noEntry   = 0xFFFFFFFF // also a free sector
)

// An export is the layout of an exported file: header, DIFAT, FAT, directory,
// and the streams one after the other.
type export struct {
	file    *File
	storage *Entry
	entries []*Entry
	length  []int64 // bytes of each entry that can be read

	difat, fat, directory, total int64 // sectors
}

// Export returns what lies in a storage as a compound file of its own, and its
// size in bytes. Entries are all those below the storage, in the order of the
// directory. Each stream has sectors of its own whatever its size: the cutoff of
// the mini stream (2.2) is 0. A stream whose chain breaks off keeps its size and
// breaks off at the same place.
func (f *File) Export(storage *Entry, entries []*Entry) (io.Reader, int64, error) {
	x := &export{file: f, storage: storage, entries: entries, length: make([]int64, len(entries))}
	x.directory = sectorsOf(int64(len(entries)+1) * entrySize)
	content := x.directory
	for i, e := range entries {
		var err error
		if x.length[i], err = f.readable(e); err != nil {
			return nil, 0, err
		}
		content += sectorsOf(x.length[i])
	}
	x.total = content
	for { // the tables name their own sectors too
		x.fat = sectorsOf(4 * x.total)
		x.difat = max(0, x.fat-headerDIFAT+126) / 127
		total := x.difat + x.fat + content
		if total == x.total {
			break
		}
		x.total = total
	}
	table, streams := &exportTable{export: x}, &exportStreams{export: x}
	r := io.MultiReader(bytes.NewReader(x.header()), bytes.NewReader(x.lists()), table, bytes.NewReader(x.tree()), streams)
	return r, (1 + x.total) * exportSector, nil
}

func sectorsOf(n int64) int64 { return (n + exportSector - 1) / exportSector }

// readable returns how many bytes of a stream can be read. Only a failure of the
// source is an error.
func (f *File) readable(e *Entry) (int64, error) {
	if e.Dir {
		return 0, nil
	}
	if e.Size < f.cutoff {
		n, err := io.Copy(io.Discard, f.Reader(e))
		return n, notDamage(err)
	}
	n := int64(0)
	for at := e.start; n < e.Size && at < lastRegular && n < f.size; {
		there := min(f.size-f.offset(at), f.sector)
		if there <= 0 {
			break
		}
		if n += there; there < f.sector || n >= e.Size {
			break
		}
		next, err := f.after(at)
		if err != nil {
			return n, notDamage(err)
		}
		at = next
	}
	return min(n, e.Size), nil
}

func notDamage(err error) error {
	if errors.Is(err, scan.ErrMalformed) {
		return nil
	}
	return err
}

// header is the first sector (2.2). Streams of 4 GiB and more exist in version 4 only.
func (x *export) header() []byte {
	le := binary.LittleEndian
	b := make([]byte, headerSize)
	copy(b, Magic)
	le.PutUint16(b[0x18:], 0x3E)
	le.PutUint16(b[0x1A:], 3)
	for _, e := range x.entries {
		if e.Size > 1<<32-1 {
			le.PutUint16(b[0x1A:], 4)
		}
	}
	le.PutUint16(b[0x1C:], 0xFFFE)
	le.PutUint16(b[0x1E:], 9)
	le.PutUint16(b[0x20:], 6)
	le.PutUint32(b[0x2C:], uint32(x.fat))
	le.PutUint32(b[0x30:], uint32(x.difat+x.fat))
	le.PutUint32(b[0x3C:], endOfChain) // the mini FAT: none
	le.PutUint32(b[0x44:], endOfChain)
	if x.difat > 0 {
		le.PutUint32(b[0x44:], 0)
	}
	le.PutUint32(b[0x48:], uint32(x.difat))
	for i := range int64(headerDIFAT) {
		le.PutUint32(b[0x4C+4*i:], x.table(i))
	}
	return b
}

// table returns the place of the i-th sector of the FAT.
func (x *export) table(i int64) uint32 {
	if i >= x.fat {
		return noEntry
	}
	return uint32(x.difat + i)
}

// lists are the DIFAT sectors (2.5).
func (x *export) lists() []byte {
	b := make([]byte, 0, x.difat*exportSector)
	for i := range x.difat {
		for k := range int64(127) {
			b = binary.LittleEndian.AppendUint32(b, x.table(headerDIFAT+127*i+k))
		}
		next := uint32(i + 1)
		if i+1 == x.difat {
			next = endOfChain
		}
		b = binary.LittleEndian.AppendUint32(b, next)
	}
	return b
}

// tree is the directory (2.6). The entries of a storage hang together as a list.
func (x *export) tree() []byte {
	le := binary.LittleEndian
	b := make([]byte, x.directory*exportSector)
	for at := 0; at < len(b); at += entrySize {
		for _, link := range []int{0x44, 0x48, 0x4C} {
			le.PutUint32(b[at+link:], noEntry)
		}
	}
	putEntry(b, "Root Entry", 5, endOfChain, 0)
	at := map[*Entry]int{x.storage: 0} // offsets of storages
	last := map[*Entry]int{}           // where the next entry of a storage is to be named
	next := uint32(x.difat + x.fat + x.directory)
	for i, e := range x.entries {
		off := (i + 1) * entrySize
		kind, start := byte(2), uint32(endOfChain)
		if e.Dir {
			kind, at[e] = 1, off
		} else if n := sectorsOf(x.length[i]); n > 0 {
			start = next
			next += uint32(n)
		}
		putEntry(b[off:], e.Name, kind, start, e.Size)
		parent, known := at[e.storage]
		if !known {
			continue // it is in no storage of this file
		}
		link, later := last[e.storage]
		if !later {
			link = parent + 0x4C
		}
		le.PutUint32(b[link:], uint32(i+1))
		last[e.storage] = off + 0x48
	}
	return b
}

func putEntry(b []byte, name string, kind byte, start uint32, size int64) {
	units := utf16.Encode([]rune(name))
	units = units[:min(len(units), 31)]
	for i, u := range units {
		binary.LittleEndian.PutUint16(b[2*i:], u)
	}
	binary.LittleEndian.PutUint16(b[0x40:], uint16(2*len(units)+2))
	b[0x42], b[0x43] = kind, 1
	binary.LittleEndian.PutUint32(b[0x74:], start)
	binary.LittleEndian.PutUint64(b[0x78:], uint64(size))
}

// An exportTable makes the FAT as it is read (2.3).
type exportTable struct {
	export *export
	sector int64 // the one whose successor comes next
	end    int64 // of the chain that it is in
	stream int   // the next one
	made   []byte
	left   []byte
}

func (t *exportTable) Read(p []byte) (int, error) {
	x := t.export
	if len(t.left) == 0 {
		if t.sector >= x.fat*exportSector/4 {
			return 0, io.EOF
		}
		t.made = t.made[:0]
		for len(t.made) < exportSector {
			t.made = binary.LittleEndian.AppendUint32(t.made, t.link())
		}
		t.left = t.made
	}
	n := copy(p, t.left)
	t.left = t.left[n:]
	return n, nil
}

func (t *exportTable) link() uint32 {
	x := t.export
	n := t.sector
	t.sector++
	switch tables := x.difat + x.fat; {
	case n < x.difat:
		return markDIFAT
	case n < tables:
		return markFAT
	case n >= x.total:
		return noEntry
	case n == tables:
		t.end = n + x.directory
	}
	for ; n >= t.end; t.stream++ {
		t.end += sectorsOf(x.length[t.stream])
	}
	if t.sector == t.end {
		return endOfChain
	}
	return uint32(t.sector)
}

// exportStreams are the streams, each filled up to the end of its last sector.
type exportStreams struct {
	export *export
	n      int // the next one
	r      io.Reader
}

func (s *exportStreams) Read(p []byte) (int, error) {
	x := s.export
	for {
		if s.r == nil {
			if s.n == len(x.entries) {
				return 0, io.EOF
			}
			size := x.length[s.n]
			fill := bytes.NewReader(make([]byte, sectorsOf(size)*exportSector-size))
			s.r = io.MultiReader(io.LimitReader(x.file.Reader(x.entries[s.n]), size), fill)
			s.n++
		}
		n, err := s.r.Read(p)
		if err == io.EOF {
			s.r, err = nil, nil
		}
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}
