package format

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"io"

	"github.com/kagiban/kagiban/scan"
)

// A gzipReader reads the members of a gzip file one after the other (RFC 1952
// section 2.2), and accounts for them. What follows the last is no member.
type gzipReader struct {
	file  *scan.File
	in    *bufio.Reader
	fed   *counted
	z     *gzip.Reader
	start int64 // of the present member
}

func newGzip(f *scan.File) (*gzipReader, error) {
	fed := &counted{r: f.Reader()}
	g := &gzipReader{file: f, fed: fed, in: bufio.NewReaderSize(fed, 64<<10)}
	z, err := gzip.NewReader(g.in)
	if err != nil {
		f.ClaimAll(scan.UseRead)
		return nil, err
	}
	g.z = z
	g.z.Multistream(false)
	return g, nil
}

// at is the place in the file up to which the decoder has read.
func (g *gzipReader) at() int64 { return g.fed.n - int64(g.in.Buffered()) }

func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := g.z.Read(p)
		if err == io.EOF {
			g.claim()
			if n == 0 {
				err = g.next()
			} else {
				err = nil // the end comes again
			}
		}
		if err != nil && err != io.EOF {
			g.file.ClaimAll(scan.UseRead) // damage is a problem of its own
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next goes on to the next member. Zeros between members are padding.
func (g *gzipReader) next() error {
	for {
		b, err := g.in.Peek(3)
		switch {
		case len(b) > 0 && b[0] == 0:
			_, _ = g.in.Discard(1)
			continue
		case len(b) == 3 && string(b) == "\x1F\x8B\x08":
		case err != nil && err != io.EOF:
			return err
		default:
			return io.EOF
		}
		g.start = g.at()
		if err := g.z.Reset(g.in); err != nil {
			return err
		}
		g.z.Multistream(false)
		return nil
	}
}

// claim accounts for a member, but for the fields of its header in which
// anything may stand: the extra field, but for those of BGZF and dictzip, and the
// comment (section 2.3).
func (g *gzipReader) claim() {
	const extra, name, comment = 1 << 2, 1 << 3, 1 << 4
	end := g.at()
	head := make([]byte, 12)
	if n, _ := g.file.ReadExactly(head, g.start); n < len(head) {
		return
	}
	off, flags := g.start+10, head[3]
	if flags&extra != 0 {
		size := int64(binary.LittleEndian.Uint16(head[10:]))
		off += 2
		if x := string(g.z.Extra[:min(len(g.z.Extra), 2)]); (x == "BC" || x == "RA") && !listIn(g.z.Extra) {
			g.file.Claim(scan.UseStructure, off, size)
		}
		off += size
	}
	if flags&name != 0 {
		size := int64(len(g.z.Name)) + 1 // as Latin-1; the library returns UTF-8
		for _, r := range g.z.Name {
			if r >= 0x80 {
				size--
			}
		}
		if !listIn([]byte(g.z.Name)) {
			g.file.Claim(scan.UseStructure, off, size)
		}
		off += size
	}
	if flags&comment != 0 {
		off += int64(len([]rune(g.z.Comment)))
	}
	g.file.Claim(scan.UseStructure, g.start, 12)
	g.file.Claim(scan.UseRead, off, end-off)
}

func (g *gzipReader) Close() error { return g.z.Close() }
