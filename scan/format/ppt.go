package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/msppt"
	"github.com/kagiban/kagiban/scan/format/internal/offcrypto"
)

// Ppt is PowerPoint's binary presentation (MS-PPT).
func Ppt() scan.Format {
	return scan.Format{Name: "ppt", Version: 1, Match: isPpt, Open: openPpt}
}

const (
	pptStream = "PowerPoint Document"
	// pptDefault opens a presentation without PowerPoint asking for it: what is
	// encrypted with it is only reserved for its author.
	pptDefault = "/01Hannes Ruescher/01"
)

func isPpt(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return false
	}
	c, err := readCFB(f)
	return err == nil && c.stream(pptStream) != nil
}

func openPpt(_ context.Context, f *scan.File) (scan.Document, error) {
	c, err := readCFB(f)
	if err != nil {
		return nil, err
	}
	if rightsManaged(c) {
		return closed(scan.Protection{Verdict: scan.VerdictOther, Scheme: "irm"}), nil
	}
	user, err := c.text("Current User", 64)
	if err != nil {
		return nil, err
	}
	encrypted, ok := msppt.Encrypted(user)
	if !ok {
		return nil, malformed("presentation without a current user")
	}
	if encrypted {
		return openClosedPpt(c)
	}
	return open(func(_ context.Context, out scan.Sink) error {
		return msppt.Read(f.Bound(c.open(c.stream(pptStream))), grid.New(f, out), func(n int, unpack func() io.Reader, data []byte) error {
			m := scan.Member{Name: fmt.Sprintf("object %d", n), Size: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(f.Bound(unpack())), nil }}
			if unpack == nil {
				m.At, m.Size = bytes.NewReader(data), int64(len(data))
			}
			return out.Member(m)
		})
	}), nil
}

// openClosedPpt forms the verdict on an encrypted presentation. One that opens
// by the default password is open, though this version does not read it.
func openClosedPpt(c *compound) (scan.Document, error) {
	p := scan.Protection{Verdict: scan.VerdictPassword, Strength: scan.StrengthWeak}
	header := msppt.Crypt(c.open(c.stream(pptStream)))
	if len(header) < 4 || binary.LittleEndian.Uint16(header[2:]) != 2 {
		return closed(p), nil
	}
	scheme, err := offcrypto.ParseBinary(header)
	if err != nil {
		return closed(p), nil // its verdict does not hang on the scheme
	}
	p.Scheme = scheme.Name
	if scheme.Blocks(pptDefault) == nil {
		return closed(p), nil
	}
	p.Verdict, p.Strength = scan.VerdictNone, ""
	p.Notes = []scan.Note{scan.NoteDefaultPassword}
	return document{func() scan.Protection { return p }, func(context.Context, scan.Sink) error {
		return fmt.Errorf("presentation encrypted with the default password: %w", scan.ErrUnsupported)
	}}, nil
}
