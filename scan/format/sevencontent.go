package format

import (
	"context"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"runtime"
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
	u := &sevenUnpacker{file: f, archive: a, p: a.protection()}
	if u.p.Verdict.Closed() || len(a.folders) == 0 {
		return lockable{closed(u.p), u.unlock}, nil
	}
	if a.files > sevenFilesMax {
		return nil, fmt.Errorf("7z: %d files: %w", a.files, &scan.LimitError{Limit: "memory"})
	}
	if u.r, err = sevenzip.NewReader(f, f.Size()); err != nil {
		return nil, sevenError(err)
	}
	return lockable{u.document(), u.unlock}, nil
}

// A sevenUnpacker is an archive as the library reads it.
type sevenUnpacker struct {
	file    *scan.File
	archive *sevenZip
	p       scan.Protection
	r       *sevenzip.Reader
	opened  bool // by a declared password
	stream  int  // folder that was opened last
	large   bool // its decoder took much
}

// unlock tries a password on the smallest encrypted file; the sum of its
// content tells, since the format has no other check.
func (u *sevenUnpacker) unlock(_ context.Context, password string) (scan.Document, error) {
	r, err := sevenzip.NewReaderWithPassword(u.file, u.file.Size(), password)
	if err != nil {
		return nil, nil // a header that does not decrypt is no header
	}
	var smallest *sevenzip.File
	for _, e := range r.File {
		if e.UncompressedSize > 0 && e.CRC32 != 0 && (u.archive.sealed || u.encrypted(e)) && (smallest == nil || e.UncompressedSize < smallest.UncompressedSize) {
			smallest = e
		}
	}
	if smallest == nil {
		return nil, nil
	}
	rc, err := u.open(smallest)
	if err != nil {
		return nil, nil
	}
	defer rc.Close()
	if _, err := io.Copy(io.Discard, u.file.Bound(rc)); err != nil {
		return nil, nil
	}
	opened := *u
	opened.opened = true
	// Anew: the library keeps the decoder that was used above for other files.
	if opened.r, err = sevenzip.NewReaderWithPassword(u.file, u.file.Size(), password); err != nil {
		return nil, sevenError(err)
	}
	return opened.document(), nil
}

// encrypted tells whether the folder of a file is, where the header can be read.
func (u *sevenUnpacker) encrypted(e *sevenzip.File) bool {
	return e.Stream < len(u.archive.folders) && u.archive.folders[e.Stream].encrypted()
}

func (u *sevenUnpacker) document() scan.Document {
	return document{func() scan.Protection { return u.p }, func(ctx context.Context, out scan.Sink) error {
		for _, e := range u.r.File {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if e.FileInfo().IsDir() {
				continue
			}
			m := scan.Member{Name: japaneseName(e.Name), Size: int64(e.UncompressedSize), Open: func() (io.ReadCloser, error) { return u.open(e) }}
			if e.UncompressedSize > 0 && (u.archive.sealed || u.encrypted(e)) {
				m.Protection, m.Unlocked = sevenAES(), u.opened
			}
			if err := out.Member(m); err != nil {
				return err
			}
		}
		return nil
	}}
}

// open opens a file unless its folder is one that the library would not survive.
func (u *sevenUnpacker) open(e *sevenzip.File) (io.ReadCloser, error) {
	if e.UncompressedSize > 0 && e.Stream < len(u.archive.folders) {
		folder := u.archive.folders[e.Stream]
		if err := folder.fits(); err != nil {
			return nil, err
		}
		u.collect(e.Stream, folder)
	}
	r, err := e.Open()
	if err != nil {
		return nil, sevenError(err)
	}
	return &sevenFile{ReadCloser: r, want: e.CRC32, left: e.UncompressedSize, sum: crc32.NewIEEE()}, nil
}

// collect frees the window of the folder before, if that was large, before the
// next is made.
func (u *sevenUnpacker) collect(stream int, f sevenFolder) {
	if stream != u.stream && u.large {
		runtime.GC()
	}
	u.stream, u.large = stream, f.memory+min(uint64(f.window), f.most) >= collectFrom
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
