package format

import (
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/kagiban/kagiban/scan"
	"github.com/nwaples/rardecode/v2"
)

// unpackRar opens an archive for its content, in a worker.
func unpackRar(ctx context.Context, f *scan.File) (scan.Document, error) {
	a := newRarArchive(f, f.Size())
	if err := a.walk(ctx); err != nil {
		return nil, err
	}
	u := &rarUnpacker{file: f, archive: a, p: a.protection()}
	if u.p.Verdict.Closed() {
		return lockable{closed(u.p), u.unlock}, nil
	}
	if a.missing() {
		return volume("rar: volume of several"), nil
	}
	return lockable{u.document(), u.unlock}, nil
}

// A rarUnpacker is an archive as the library reads it.
type rarUnpacker struct {
	file     *scan.File
	archive  *rarArchive
	p        scan.Protection
	password *string // one that opens it
}

func (u *rarUnpacker) reader(password *string) (*rardecode.Reader, error) {
	options := []rardecode.Option{rardecode.MaxDictionarySize(workerMemory)}
	if password != nil {
		options = append(options, rardecode.Password(*password))
	}
	return rardecode.NewReader(u.file.Reader(), options...)
}

// unlock tries a password on the first encrypted file; its sum decides, since
// RAR 4 has no other check.
func (u *rarUnpacker) unlock(ctx context.Context, password string) (scan.Document, error) {
	r, err := u.reader(&password)
	for err == nil && ctx.Err() == nil {
		var h *rardecode.FileHeader
		if h, err = r.Next(); err != nil || h.IsDir || !h.Encrypted && !u.archive.sealed || h.UnPackedSize == 0 {
			continue
		}
		if _, err = io.Copy(io.Discard, u.file.Bound(r)); err == nil {
			opened := *u
			opened.password = &password
			return opened.document(), nil
		}
	}
	return nil, context.Cause(ctx) // whatever the library says: it does not open
}

func (u *rarUnpacker) document() scan.Document {
	return document{func() scan.Protection { return u.p }, func(ctx context.Context, out scan.Sink) error {
		r, err := u.reader(u.password)
		if err != nil {
			return rarError(err)
		}
		for ctx.Err() == nil {
			h, err := r.Next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return rarError(err)
			}
			if h.IsDir {
				continue
			}
			m := scan.Member{Name: japaneseName(rarName(h.Name)), Size: h.UnPackedSize, Open: func() (io.ReadCloser, error) { return rarFile{r}, nil }}
			if h.UnKnownSize {
				m.Size = -1
			}
			if h.Encrypted || u.archive.sealed {
				m.Protection = scan.Protection{Verdict: scan.VerdictPassword, Scheme: u.archive.scheme, Strength: scan.StrengthStrong}
				m.Unlocked = u.password != nil
			}
			if err := out.Member(m); err != nil {
				return err
			}
		}
		return context.Cause(ctx)
	}}
}

// rarName undoes a harm: the library makes every backslash a slash, even one
// that is the second byte of a CP932 character. A slash never is one.
func rarName(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	b := []byte(name)
	for i := 0; i+1 < len(b); i++ {
		if b[i] >= 0x81 && b[i] <= 0x9F || b[i] >= 0xE0 && b[i] <= 0xFC {
			if i++; b[i] == '/' {
				b[i] = 0x5C
			}
		}
	}
	return string(b)
}

// A rarFile is the member at which the reader stands.
type rarFile struct{ r *rardecode.Reader }

func (f rarFile) Close() error { return nil }

func (f rarFile) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		err = rarError(err)
	}
	return n, err
}

// rarError classes an error of the library.
func rarError(err error) error {
	switch {
	case errors.Is(err, rardecode.ErrMultiVolume):
		return incomplete("%s", err)
	case errors.Is(err, rardecode.ErrDictionaryTooLarge):
		return fmt.Errorf("rar: dictionary: %w", &scan.LimitError{Limit: "memory"})
	case errors.Is(err, rardecode.ErrUnknownVersion),
		errors.Is(err, rardecode.ErrUnsupportedDecoder), errors.Is(err, rardecode.ErrUnknownDecoder), errors.Is(err, rardecode.ErrMultipleDecoders):
		return unsupported("%s", err)
	}
	return malformed("%s", err)
}
