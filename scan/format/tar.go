package format

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
)

// tarFormat is the tape archive: ustar, pax, GNU and the first form without a magic
// (POSIX.1-2017, pax, "ustar Interchange Format"). It knows no password.
func tarFormat() scan.Format {
	return scan.Format{
		Name: "tar", Version: 4, Match: isTar, Open: openTar,
		About: scan.About{Names: "tar", Verdict: "always open", Content: scan.CoverageFull},
	}
}

// isTar checks the sum of the first header, which all forms have.
func isTar(f *scan.File) bool {
	if len(f.Head) < 512 {
		return false
	}
	head := f.Head[:512]
	stated, err := strconv.ParseInt(strings.Trim(string(head[148:156]), " \x00"), 8, 32)
	if err != nil || head[0] == 0 && string(head[257:262]) != "ustar" {
		return false
	}
	sum := int64(8 * ' ') // the sum's own field counts as blanks
	for i, c := range head {
		if i < 148 || i >= 156 {
			sum += int64(c)
		}
	}
	return sum == stated
}

func openTar(_ context.Context, f *scan.File) (scan.Document, error) {
	return open(func(_ context.Context, out scan.Sink) error {
		in := &counted{r: f.Bound(f.Reader())}
		r := tar.NewReader(in)
		names := 0
		slack := newTarSlack(f, out)
		holes := false
		for {
			h, err := r.Next()
			f.Claim(scan.UseRead, 0, in.n)
			if holes { // how much of the member lies in the archive is not known
				slack.at = in.n
			} else if err := slack.headers(in.n); err != nil {
				return err
			}
			if err == io.EOF {
				return tarEnd(f, in.n)
			}
			if err != nil {
				return err
			}
			holes = tarSparse(h)
			slack.content(h)
			if err := tarTexts(h, out); err != nil {
				return err
			}
			if err := tarOdd(h); err != nil {
				out.Problem(err)
			}
			switch h.Typeflag {
			case tar.TypeDir, tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
				names++ // these have no content of their own
				row := scan.Row{Table: "names", N: names, Cells: []scan.Cell{{Text: []byte(japaneseText(tarName(h) + " " + h.Linkname))}}}
				if err := out.Row(row); err != nil {
					return err
				}
				continue
			}
			m := scan.Member{Name: japaneseName(tarName(h)), Size: h.Size, Open: func() (io.ReadCloser, error) { return io.NopCloser(tarContent(f, h, r)), nil }}
			if err := out.Member(m); err != nil {
				return err
			}
		}
	}), nil
}

// tarNameMax is how long a name may be that is shown as one, bytes.
const tarNameMax = 4 << 10

func tarName(h *tar.Header) string { return h.Name[:min(len(h.Name), tarNameMax)] }

// tarTexts hands out what a header has room for besides names: comments, and
// names that are too long to be some (POSIX.1-2017, pax, "pax Extended Header").
func tarTexts(h *tar.Header, out scan.Sink) error {
	texts := []string{h.Name[len(tarName(h)):], h.Linkname[min(len(h.Linkname), tarNameMax):]}
	for key, value := range h.PAXRecords {
		switch key {
		case "path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime", "atime", "ctime":
		default:
			texts = append(texts, value)
		}
	}
	n := 0
	for _, text := range texts {
		for line := range strings.Lines(text) {
			n++
			row := scan.Row{Table: "header", N: n, Cells: []scan.Cell{{Text: []byte(japaneseText(strings.TrimSpace(line)))}}}
			if err := out.Row(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// tarNameLongest is how many characters a name in a folder has at the most, on every
// file system in use (NTFS, APFS, ext4).
const tarNameLongest = 255

// tarOdd returns what is wrong with a header that no program writes for a file of
// its own: it was made to hold something else than a name.
func tarOdd(h *tar.Header) error {
	for _, name := range []string{h.Name, h.Linkname} {
		for part := range strings.SplitSeq(name, "/") {
			if len(part) > tarNameLongest && utf8.RuneCountInString(part) > tarNameLongest {
				return malformed("tar: name of %d bytes, which no file can have", len(part))
			}
		}
	}
	if (h.Typeflag == tar.TypeLink || h.Typeflag == tar.TypeSymlink) && h.Linkname == "" {
		return malformed("tar: link to nothing")
	}
	return nil
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// tarContent bounds a file with holes: these are no bytes of the archive.
func tarContent(f *scan.File, h *tar.Header, r io.Reader) io.Reader {
	if tarSparse(h) {
		return f.Bound(r)
	}
	return r
}

func tarSparse(h *tar.Header) bool {
	holes := h.Typeflag == tar.TypeGNUSparse
	for key := range h.PAXRecords {
		holes = holes || strings.HasPrefix(key, "GNU.sparse.")
	}
	return holes
}

// tarEnd distinguishes an archive that was cut between two members from a whole
// one, which ends in two blocks of zeros, or, of some writers, in one.
func tarEnd(f *scan.File, end int64) error {
	tail := make([]byte, 512)
	if end < 512 {
		return malformed("tar: file breaks off")
	}
	if _, err := f.ReadAt(tail, end-512); err != nil && err != io.EOF {
		return err
	}
	if len(bytes.Trim(tail, "\x00")) > 0 {
		return malformed("tar: file breaks off")
	}
	return nil
}
