package format

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"

	"github.com/bodgit/sevenzip"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/checked"
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
// content decides, since the format has no other check.
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

// encrypted reports whether the folder of a file is, where the header can be read.
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
	return struct {
		io.Reader
		io.Closer
	}{&checked.Reader{ // the library checks neither length nor sum
		R: sevenReader{r}, Left: int64(min(e.UncompressedSize, math.MaxInt64)), Want: e.CRC32, Unsummed: e.CRC32 == 0,
		Fail: func(what string) error { return malformed("7z: %s", what) },
	}, r}, nil
}

// collect frees the window of the folder before, if that was large, before the
// next is made.
func (u *sevenUnpacker) collect(stream int, f sevenFolder) {
	if stream != u.stream && u.large {
		runtime.GC()
	}
	u.stream, u.large = stream, f.memory+min(uint64(f.window), f.most) >= collectFrom
}

// A sevenReader classes the errors of the library.
type sevenReader struct{ io.ReadCloser }

func (s sevenReader) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = sevenError(err)
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
