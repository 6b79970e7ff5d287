package format

import (
	"context"
	"hash"
	"hash/crc32"
	"io"
	"strings"

	"github.com/bodgit/sevenzip"
	"github.com/kagiban/kagiban/scan"
)

// unpackSevenZip opens an archive for its content, in a worker: the library
// believes counts and window sizes of the file.
func unpackSevenZip(ctx context.Context, f *scan.File) (scan.Document, error) {
	a, err := readSevenZip(f) // refuses headers that lie
	if err != nil {
		return nil, err
	}
	if a.missing {
		return volume("7z: the header lies in another volume"), nil
	}
	p := a.protection()
	if p.Verdict.Closed() || len(a.folders) == 0 {
		return closed(p), nil
	}
	r, err := sevenzip.NewReader(f, f.Size())
	if err != nil {
		return nil, sevenError(err)
	}
	return document{func() scan.Protection { return p }, func(ctx context.Context, out scan.Sink) error {
		for _, e := range r.File {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if e.FileInfo().IsDir() {
				continue
			}
			m := scan.Member{Name: japaneseName(e.Name), Size: int64(e.UncompressedSize), Open: func() (io.ReadCloser, error) { return openSevenFile(e) }}
			if e.UncompressedSize > 0 && e.Stream < len(a.folders) && a.folders[e.Stream].encrypted() {
				m.Protection = sevenAES()
			}
			if err := out.Member(m); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

func openSevenFile(e *sevenzip.File) (io.ReadCloser, error) {
	r, err := e.Open()
	if err != nil {
		return nil, sevenError(err)
	}
	return &sevenFile{ReadCloser: r, want: e.CRC32, left: e.UncompressedSize, sum: crc32.NewIEEE()}, nil
}

// A sevenFile checks what the library does not: the length and the sum.
type sevenFile struct {
	io.ReadCloser
	want uint32 // 0: none is given
	left uint64
	sum  hash.Hash32
}

func (s *sevenFile) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	_, _ = s.sum.Write(p[:n])
	s.left -= uint64(n)
	switch {
	case err == io.EOF && s.left != 0:
		return n, malformed("7z: file breaks off")
	case err == io.EOF && s.want != 0 && s.sum.Sum32() != s.want:
		return n, malformed("7z: sum of a file")
	case err != nil && err != io.EOF:
		return n, sevenError(err)
	}
	return n, err
}

// sevenError classes an error of the library, which has no exported ones.
func sevenError(err error) error {
	if text := err.Error(); strings.Contains(text, "unsupported") {
		return unsupported("%s", text)
	}
	return malformed("%s", err)
}
