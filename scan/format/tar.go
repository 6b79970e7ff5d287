package format

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// tarFormat is the tape archive: ustar, pax, GNU and the first form without a magic
// (POSIX.1-2017, pax, "ustar Interchange Format"). It knows no password.
func tarFormat() scan.Format {
	return scan.Format{
		Name: "tar", Version: 1, Match: isTar, Open: openTar,
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
	if err != nil || head[0] == 0 {
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
		r := tar.NewReader(f.Bound(f.Reader()))
		for {
			h, err := r.Next()
			if err == io.EOF {
				return tarEnd(f)
			}
			if err != nil {
				return err
			}
			if h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse {
				continue // folders, links and devices have no content of their own
			}
			m := scan.Member{Name: japaneseName(h.Name), Size: h.Size, Open: func() (io.ReadCloser, error) { return io.NopCloser(tarContent(f, h, r)), nil }}
			if err := out.Member(m); err != nil {
				return err
			}
		}
	}), nil
}

// tarContent bounds a file with holes: these are no bytes of the archive.
func tarContent(f *scan.File, h *tar.Header, r io.Reader) io.Reader {
	holes := h.Typeflag == tar.TypeGNUSparse
	for key := range h.PAXRecords {
		holes = holes || strings.HasPrefix(key, "GNU.sparse.")
	}
	if holes {
		return f.Bound(r)
	}
	return r
}

// tarEnd distinguishes an archive that was cut between two members from a whole one,
// which ends in two blocks of zeros.
func tarEnd(f *scan.File) error {
	if f.Size() < 1024 {
		return malformed("tar: file breaks off")
	}
	tail := make([]byte, 1024)
	if _, err := f.ReadAt(tail, f.Size()-f.Size()%512-1024); err != nil && err != io.EOF {
		return err
	}
	if len(bytes.Trim(tail[512:], "\x00")) > 0 {
		return malformed("tar: file breaks off")
	}
	return nil
}
