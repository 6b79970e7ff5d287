package format

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/msppt"
	"github.com/kagiban/kagiban/scan/format/internal/offcrypto"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// pptFormat is PowerPoint's binary presentation (MS-PPT).
func pptFormat() scan.Format {
	return scan.Format{
		Name: "ppt", Version: 6, Match: isPpt, Open: openPpt,
		About: scan.About{Names: "ppt", Verdict: "yes", Content: scan.CoverageBest, Limits: "tables come as lines"},
	}
}

const (
	pptStream    = "PowerPoint Document"
	pptOldStream = "PP40" // PowerPoint 4
	// pptDefault opens a presentation without PowerPoint asking for it: what is
	// encrypted with it is only reserved for its author.
	pptDefault = "/01Hannes Ruescher/01"
)

func isPpt(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return false
	}
	c, err := readCFB(f)
	return err == nil && (c.stream(pptStream) != nil || c.stream(pptOldStream) != nil)
}

func openPpt(_ context.Context, f *scan.File) (scan.Document, error) {
	c, err := openCFB(f)
	if err != nil {
		return nil, err
	}
	all := c
	if dual := c.sub("PP97_DUALSTORAGE"); dual.stream(pptStream) != nil { // for PowerPoint 95 and 97 at once
		c = dual
	}
	if rightsManaged(c) {
		return closed(scan.Protection{Verdict: scan.VerdictOther, Scheme: "irm"}), nil
	}
	if c.stream(pptOldStream) != nil || c.stream("PersistentStorage Directory") != nil {
		return open(func(_ context.Context, out scan.Sink) error { return oldPresentation(c, out) }), nil
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
		if err := cfbSealedSpare(all); err != nil {
			return nil, err
		}
		return openClosedPpt(c)
	}
	return open(func(_ context.Context, out scan.Sink) error {
		room := f.Scratch()
		defer room.Close()
		err := msppt.Read(f.Bound(c.open(c.stream(pptStream))), grid.New(f, out), room, func(n int, unpack func() io.Reader, data *io.SectionReader) error {
			m := scan.Member{Name: fmt.Sprintf("object %d", n), Size: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(f.Bound(unpack())), nil }}
			if unpack == nil {
				m.At, m.Size = data, data.Size()
			}
			return out.Member(m)
		})
		if err != nil {
			return err
		}
		if err := c.aside(f, out); err != nil {
			return err
		}
		return cfbLeftovers(all, out)
	}), nil
}

// oldPresentation reads one of PowerPoint 4 or 95, which knew no passwords. Its
// records are not documented; its text stands in them as it is.
func oldPresentation(c *compound, out scan.Sink) error {
	w := grid.New(c.file, out)
	for _, e := range c.entries {
		if !e.Dir {
			if err := rawtext.Scan(c.file.Bound(c.open(e)), w, rawtext.All); err != nil {
				return err
			}
		}
	}
	out.Problem(fmt.Errorf("presentation of PowerPoint 95 or older was searched for text, best effort: %w", scan.ErrUnsupported))
	return nil
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
