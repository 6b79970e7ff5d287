// Package cfb reads compound files (MS-CFB): the file system in a file that
// holds Office's binary documents and every encrypted one.
//
// What is asked for is read and nothing else: the allocation table of a large
// file is as scattered as its data, and a verdict needs a few entries of it.
// Nothing that a file says of its own size is believed: chains are followed no
// farther than the file has sectors.
package cfb

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"

	"github.com/kagiban/kagiban/scan"
)

// Magic is what a compound file begins with (2.2).
const Magic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// Sector numbers that are none (2.1).
const (
	lastRegular = 0xFFFFFFFA
	endOfChain  = 0xFFFFFFFE
)

const (
	headerSize  = 512
	headerDIFAT = 109 // places of FAT sectors in the header
	entrySize   = 128
	miniSize    = 64 // bytes of a mini sector
	maxEntries  = 1 << 18
	maxDepth    = 32 // storages in storages
)

// A File is an open compound file.
type File struct {
	Entries []*Entry // in the order of the directory tree, storages before what is in them

	r          io.ReaderAt
	size       int64
	sector     int64    // bytes
	cutoff     int64    // streams below it lie in the mini stream
	difat      []uint32 // sectors of the FAT: the first ones, from the header
	firstList  uint32   // the first DIFAT sector, which names more of them
	lists      []uint32 // the DIFAT sectors that are known
	table      tables
	mini       []uint32 // sectors of the mini stream
	miniTable  []uint32 // sectors of the mini FAT
	start      uint32   // the first sector of the directory
	miniStart  uint32
	tableStart uint32
	rootSize   int64
}

// An Entry is a stream or a storage.
type Entry struct {
	Path []string // names of the storages around it, the root left out
	Name string   // without the control character that some names begin with
	Dir  bool
	Size int64 // bytes as declared, never negative

	storage *Entry // it is in; nil: the root
	start   uint32
}

// NewEntry makes an entry of a storage; nil is the root.
func NewEntry(storage *Entry, name string) *Entry {
	e := &Entry{Name: name, storage: storage}
	if storage != nil {
		e.Path = append(append([]string(nil), storage.Path...), storage.Name)
	}
	return e
}

// Within returns the storage that an entry is in, or with n > 0 one so many
// levels farther out; nil is the root.
func (e *Entry) Within(n int) *Entry {
	at := e.storage
	for ; n > 0 && at != nil; n-- {
		at = at.storage
	}
	return at
}

// Open reads the header and the directory.
func Open(r io.ReaderAt, size int64) (*File, error) {
	head := make([]byte, headerSize)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, broken(err, "header")
	}
	if string(head[:8]) != Magic {
		return nil, malformed("no compound file")
	}
	le := binary.LittleEndian
	shift := le.Uint16(head[0x1E:])
	if shift != 9 && shift != 12 {
		return nil, malformed("sectors of 2^%d bytes", shift)
	}
	f := &File{r: r, size: size, sector: 1 << shift, cutoff: int64(le.Uint32(head[0x38:]))}
	f.tableStart, f.firstList = le.Uint32(head[0x3C:]), le.Uint32(head[0x44:])
	for i := range headerDIFAT {
		f.difat = append(f.difat, le.Uint32(head[0x4C+4*i:]))
	}
	return f, f.directory(le.Uint32(head[0x30:]), le.Uint16(head[0x1A:]))
}

// sectors is how many the file has room for.
func (f *File) sectors() int64 { return f.size/f.sector + 1 }

// offset is where a sector lies: the header takes the place of the first (2.1).
func (f *File) offset(n uint32) int64 { return (int64(n) + 1) * f.sector }

// Reader reads a stream from its start. It ends where the stream does; damage
// to its chain is an error of reading.
func (f *File) Reader(e *Entry) io.Reader {
	if e.Size < f.cutoff {
		return &miniReader{file: f, next: e.start, left: e.Size}
	}
	return &reader{file: f, next: e.start, left: e.Size}
}

// directory reads the entries and puts them into the order of the tree (2.6).
func (f *File) directory(start uint32, version uint16) error {
	f.start = start
	raw, err := f.chainBytes(start, maxEntries*entrySize)
	if err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	if len(raw) < entrySize {
		return malformed("no directory")
	}
	root := raw[:entrySize]
	f.miniStart, f.rootSize = binary.LittleEndian.Uint32(root[0x74:]), sizeOf(root, version)
	t := tree{raw: raw, version: version, seen: make([]bool, len(raw)/entrySize)}
	t.seen[0] = true
	t.walk(binary.LittleEndian.Uint32(root[0x4C:]))
	f.Entries = t.entries
	if t.deep {
		return malformed("storages nested too deeply")
	}
	return nil
}

// A tree is the directory being put in order. Siblings hang together as a
// binary tree, whose balance and order nobody needs here.
type tree struct {
	raw     []byte
	version uint16
	seen    []bool
	entries []*Entry
	deep    bool
}

func (t *tree) walk(id uint32) {
	type todo struct {
		id      uint32
		path    []string
		storage *Entry
	}
	for stack := []todo{{id: id}}; len(stack) > 0; {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if int64(at.id) >= int64(len(t.seen)) || t.seen[at.id] {
			continue
		}
		t.seen[at.id] = true
		raw := t.raw[int(at.id)*entrySize:][:entrySize]
		kind := raw[0x42]
		if kind == 0 {
			continue
		}
		e := &Entry{Path: at.path, Name: nameOf(raw), Dir: kind != 2, storage: at.storage, start: binary.LittleEndian.Uint32(raw[0x74:])}
		if !e.Dir {
			e.Size = sizeOf(raw, t.version)
		}
		t.entries = append(t.entries, e)
		left, right, child := binary.LittleEndian.Uint32(raw[0x44:]), binary.LittleEndian.Uint32(raw[0x48:]), binary.LittleEndian.Uint32(raw[0x4C:])
		stack = append(stack, todo{right, at.path, at.storage}, todo{left, at.path, at.storage})
		switch {
		case e.Dir && len(at.path) == maxDepth:
			t.deep = true
		case e.Dir && int64(child) < int64(len(t.seen)):
			stack = append(stack, todo{child, append(append([]string(nil), at.path...), e.Name), e})
		}
	}
}

func nameOf(raw []byte) string {
	n := min(int(binary.LittleEndian.Uint16(raw[0x40:])), 64)
	var units []uint16
	for i := 0; i+1 < n; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(raw[i:]))
	}
	for len(units) > 0 && units[len(units)-1] == 0 {
		units = units[:len(units)-1]
	}
	if len(units) > 1 && units[0] < 0x20 {
		units = units[1:]
	}
	return string(utf16.Decode(units))
}

// sizeOf reads the size of a stream: version 3 leaves its upper half undefined (2.6.1).
func sizeOf(raw []byte, version uint16) int64 {
	if version == 3 {
		return int64(binary.LittleEndian.Uint32(raw[0x78:]))
	}
	return max(int64(binary.LittleEndian.Uint64(raw[0x78:])), 0)
}

// chainBytes reads a chain of sectors as a whole.
func (f *File) chainBytes(start uint32, limit int64) ([]byte, error) {
	var b bytes.Buffer
	r := &reader{file: f, next: start, left: min(f.sectors()*f.sector, limit), open: true}
	if _, err := b.ReadFrom(r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("compound file: %s: %w", fmt.Sprintf(format, args...), scan.ErrMalformed)
}

// broken distinguishes a file that ends too early from one that cannot be read.
func broken(err error, what string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return malformed("%s breaks off", what)
	}
	return err
}
