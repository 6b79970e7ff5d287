package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
	"github.com/klauspost/compress/flate"
)

// cabFormat is the Microsoft cabinet (MS-CAB), stored or MSZIP. It knows no password.
func cabFormat() scan.Format {
	return scan.Format{
		Name: "cab", Version: 4,
		About: scan.About{Names: "cab", Verdict: "always open", Content: scan.CoverageFull, Limits: "stored and MSZIP; not LZX and Quantum"},
		Match: func(f *scan.File) bool { return hasPrefix(f, "MSCF\x00\x00\x00\x00") },
		Open:  openCab,
	}
}

// A cabinet is the directory of one (MS-CAB section 2).
type cabinet struct {
	file    *scan.File
	folders []cabFolder
	files   []cabFile
	reserve int   // bytes before the data of each block
	end     int64 // of the cabinet
	spare   spareMap
}

type cabFolder struct {
	start  int64
	blocks int
	method uint16
}

type cabFile struct {
	name   string
	size   int64
	offset int64 // in the unpacked folder
	folder int
}

const maxCabDirectory = 64 << 20

func openCab(_ context.Context, f *scan.File) (scan.Document, error) {
	c := &cabinet{file: f, spare: spareMap{file: f}}
	if err := c.read(); err != nil {
		return nil, err
	}
	return open(func(_ context.Context, out scan.Sink) error { return c.content(out) }), nil
}

// read reads header, folders and files.
func (c *cabinet) read() error {
	r := &cabReader{r: bufio.NewReader(io.LimitReader(c.file.Reader(), maxCabDirectory))}
	head := r.bytes(36)
	if r.err != nil {
		return malformed("cab: header breaks off")
	}
	files := int64(binary.LittleEndian.Uint32(head[16:]))
	folders, count := int(binary.LittleEndian.Uint16(head[26:])), int(binary.LittleEndian.Uint16(head[28:]))
	flags := binary.LittleEndian.Uint16(head[30:])
	folderReserve := 0
	if flags&4 != 0 {
		sizes := r.bytes(4)
		folderReserve, c.reserve = int(sizes[2]), int(sizes[3])
		r.bytes(int(binary.LittleEndian.Uint16(sizes)))
	}
	for bit := uint16(1); bit <= 2; bit <<= 1 { // names of the cabinet before and after
		if flags&bit != 0 {
			r.text()
			r.text()
		}
	}
	for range folders {
		b := r.bytes(8)
		r.bytes(folderReserve)
		c.folders = append(c.folders, cabFolder{int64(binary.LittleEndian.Uint32(b)), int(binary.LittleEndian.Uint16(b[4:])), binary.LittleEndian.Uint16(b[6:]) & 0x0F})
	}
	c.end = min(int64(binary.LittleEndian.Uint32(head[8:])), c.file.Size())
	c.file.Claim(scan.UseRead, 0, c.end)
	if r.err != nil || files > c.file.Size() {
		return malformed("cab: folders break off")
	}
	r = &cabReader{r: bufio.NewReader(io.NewSectionReader(c.file, files, min(c.file.Size()-files, maxCabDirectory)))}
	for range count {
		b := r.bytes(16)
		name := r.text()
		if r.err != nil {
			return malformed("cab: directory breaks off")
		}
		c.files = append(c.files, cabFile{japaneseName(name), int64(binary.LittleEndian.Uint32(b)), int64(binary.LittleEndian.Uint32(b[4:])), int(binary.LittleEndian.Uint16(b[8:]))})
	}
	slices.SortStableFunc(c.files, func(a, b cabFile) int {
		if a.folder != b.folder {
			return a.folder - b.folder
		}
		return int(a.offset - b.offset)
	})
	return nil
}

// content hands out the files, each folder unpacked once. What belongs to no file, in
// a folder and between them, is searched for text.
func (c *cabinet) content(out scan.Sink) error {
	var stream *cabStream
	w := grid.New(c.file, out)
	w.Table = "!spare"
	var failed error
	pass := func(n int64) error { // bytes of the folder
		failed = rawtext.Scan(io.LimitReader(stream, n), w, rawtext.All)
		return failed
	}
	for _, file := range c.files {
		m := scan.Member{Name: file.name, Size: file.size, Open: func() (io.ReadCloser, error) {
			if file.folder >= len(c.folders) { // 0xFFFD and above: begins or goes on elsewhere
				return nil, fmt.Errorf("cab: file goes over several cabinets: %w", scan.ErrIncomplete)
			}
			if stream != nil && stream.folder != file.folder {
				if err := pass(math.MaxInt64); err != nil {
					return nil, err
				}
			}
			if stream == nil || stream.folder != file.folder || stream.pos > file.offset {
				var err error
				if stream, err = c.stream(file.folder); err != nil {
					return nil, err
				}
			}
			if err := pass(file.offset - stream.pos); err != nil {
				return nil, err
			}
			if stream.pos < file.offset {
				return nil, malformed("cab: content breaks off")
			}
			return io.NopCloser(&exactly{stream, file.size}), nil
		}}
		if err := out.Member(m); err != nil {
			return err
		}
	}
	if stream != nil && failed == nil {
		if err := pass(math.MaxInt64); err != nil {
			return err
		}
	}
	return c.spare.search(out, 0, c.end)
}

// exactly reads n bytes; fewer are an error.
type exactly struct {
	r io.Reader
	n int64
}

func (e *exactly) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.n)])
	if e.n -= int64(n); err == io.EOF && e.n > 0 {
		return n, malformed("cab: content breaks off")
	}
	return n, err
}

// A cabStream unpacks the blocks of a folder, one after the other.
type cabStream struct {
	folder int
	pos    int64 // bytes handed out
	blocks int   // left
	method uint16
	r      *cabReader
	skip   int
	at     int64 // of the next block
	spare  *spareMap
	out    []byte // of the latest block, not yet handed out
	window []byte // the latest 32 KiB of MSZIP, the dictionary of the next block
	flate  io.ReadCloser
	bound  io.Reader
}

func (c *cabinet) stream(folder int) (*cabStream, error) {
	f := c.folders[folder]
	if f.method > 1 {
		return nil, unsupported("cab: compression method %d", f.method)
	}
	if f.start > c.file.Size() {
		return nil, malformed("cab: folder begins past the end")
	}
	s := &cabStream{
		folder: folder, blocks: f.blocks, method: f.method, skip: c.reserve, at: f.start, spare: &c.spare,
		r: &cabReader{r: bufio.NewReader(io.NewSectionReader(c.file, f.start, c.file.Size()-f.start))},
	}
	s.bound = c.file.Bound(readerFunc(s.next))
	return s, nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func (s *cabStream) Read(p []byte) (int, error) {
	n, err := s.bound.Read(p)
	s.pos += int64(n)
	return n, err
}

func (s *cabStream) next(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.blocks == 0 {
			return 0, io.EOF
		}
		s.blocks--
		if err := s.block(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// block unpacks the next block (MS-CAB section 2.4; MS-MCI for MSZIP).
func (s *cabStream) block() error {
	head := s.r.bytes(8)
	s.r.bytes(s.skip)
	packed, plain := int(binary.LittleEndian.Uint16(head[4:])), int(binary.LittleEndian.Uint16(head[6:]))
	data := s.r.bytes(packed)
	if s.r.err != nil {
		return malformed("cab: block breaks off")
	}
	s.spare.content([]piece{{s.spare.file, s.at, 8}, {s.spare.file, s.at + 8 + int64(s.skip), int64(packed)}})
	s.at += 8 + int64(s.skip) + int64(packed)
	if plain == 0 {
		return fmt.Errorf("cab: block goes on in the next cabinet: %w", scan.ErrIncomplete)
	}
	if s.method == 0 {
		s.out = data
		return nil
	}
	if len(data) < 2 || string(data[:2]) != "CK" {
		return malformed("cab: block without its mark")
	}
	packedData := bytes.NewReader(data[2:])
	if s.flate == nil {
		s.flate = flate.NewReaderDict(packedData, s.window)
	} else if err := s.flate.(flate.Resetter).Reset(packedData, s.window); err != nil {
		return malformed("cab: block does not inflate")
	}
	out := make([]byte, plain)
	if _, err := io.ReadFull(s.flate, out); err != nil {
		return malformed("cab: block does not inflate")
	}
	s.out, s.window = out, out[max(0, len(out)-32<<10):]
	return nil
}

// A cabReader reads little pieces and remembers the first error.
type cabReader struct {
	r   *bufio.Reader
	err error
}

func (c *cabReader) bytes(n int) []byte {
	b := make([]byte, n)
	if c.err == nil {
		_, c.err = io.ReadFull(c.r, b)
	}
	return b
}

// text reads up to a NUL; names have at most 255 bytes (MS-CAB section 2.3).
func (c *cabReader) text() string {
	var b []byte
	for c.err == nil && len(b) < 1024 {
		var x byte
		if x, c.err = c.r.ReadByte(); x == 0 {
			break
		}
		b = append(b, x)
	}
	return string(b)
}
