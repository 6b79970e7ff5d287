package format

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/lzfu"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
	"github.com/kagiban/kagiban/scan/format/internal/tnef"
)

// tnefFormat is winmail.dat, in which Outlook wraps what a mail has besides its plain
// text (MS-OXTNEF). It opens for everyone; what is attached goes back to the engine.
func tnefFormat() scan.Format {
	return scan.Format{
		Name: "tnef", Version: 2, Open: openTNEF,
		Match: func(f *scan.File) bool { return hasPrefix(f, tnef.Magic) },
		About: scan.About{Names: "winmail.dat (TNEF)", Verdict: "always open", Content: scan.CoverageFull},
	}
}

// tnefListMax bounds a list of properties that is read as such.
const tnefListMax = 32 << 20

func openTNEF(_ context.Context, f *scan.File) (scan.Document, error) {
	return open(func(_ context.Context, out scan.Sink) error {
		t := &tnefReader{file: f, out: out, w: grid.New(f, out)}
		end, err := tnef.Attributes(f, f.Size(), t.attribute)
		f.Claim(scan.UseRead, 0, end)
		if errors.Is(err, scan.ErrMalformed) {
			out.Problem(err)
			err = nil
		}
		if err != nil {
			return err
		}
		return t.attached()
	}), nil
}

// A tnefReader hands out one stream.
type tnefReader struct {
	file *scan.File
	out  scan.Sink
	w    *grid.Writer
	name string // of the attachment
	long string // that its properties say
	data *io.SectionReader

	texts int // forms of the text that were handed out
}

func (t *tnefReader) attribute(a tnef.Attribute) error {
	section := io.NewSectionReader(t.file, a.Off, a.Size)
	switch a.ID {
	case tnef.RenderData:
		return t.attached()
	case tnef.Title:
		b, err := io.ReadAll(io.LimitReader(section, 1<<10))
		t.name = japaneseName(string(bytes.TrimRight(b, "\x00")))
		return err
	case tnef.AttachData:
		t.data = section
		return nil
	case tnef.Body, tnef.Subject:
		var last [1]byte // texts end with a zero
		for a.Size > 0 {
			if _, err := section.ReadAt(last[:], a.Size-1); err != nil || last[0] != 0 {
				break
			}
			a.Size--
		}
		if a.ID == tnef.Subject {
			return t.member("subject.txt", io.NewSectionReader(t.file, a.Off, a.Size))
		}
		return t.text("body.txt", io.NewSectionReader(t.file, a.Off, a.Size))
	case tnef.Properties, tnef.AttachProps:
		if a.Size <= tnefListMax {
			return t.properties(section)
		}
	}
	t.w.Table = "header"
	return rawtext.Scan(t.file.Bound(section), t.w, rawtext.All)
}

// attached hands out an attachment that is complete.
func (t *tnefReader) attached() error {
	data, name := t.data, cmp.Or(t.long, t.name, "attachment")
	t.data, t.name, t.long = nil, "", ""
	if data == nil {
		return nil
	}
	return t.member(name, data)
}

func (t *tnefReader) member(name string, data *io.SectionReader) error {
	return t.out.Member(scan.Member{Name: name, Size: data.Size(), At: data})
}

// text hands out one form of the text.
func (t *tnefReader) text(name string, data *io.SectionReader) error {
	t.texts++
	return t.out.Member(scan.Member{Name: name, Size: data.Size(), At: data, Again: t.texts > 1})
}

// properties hands out the text among properties, and messages that are attached.
func (t *tnefReader) properties(section *io.SectionReader) error {
	b := make([]byte, section.Size())
	if _, err := io.ReadFull(section, b); err != nil {
		return err
	}
	err := tnef.List(b, t.property)
	if errors.Is(err, scan.ErrMalformed) {
		t.out.Problem(err)
		return rawtext.Scan(bytes.NewReader(b), t.w, rawtext.All)
	}
	return err
}

func (t *tnefReader) property(p tnef.Property) error {
	const rtf, html, data, longName, guid = 0x1009, 0x1013, 0x3701, 0x3707, 16
	section := func(b []byte) *io.SectionReader { return io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))) }
	switch {
	case p.ID == rtf && p.Type == tnef.Binary:
		plain, err := lzfu.Unpack(p.Value)
		if err != nil {
			t.out.Problem(fmt.Errorf("tnef: %w", err))
		}
		return t.text("body.rtf", section(plain))
	case p.ID == html && p.Type == tnef.Binary:
		return t.text("body.html", section(p.Value))
	case p.ID == data && p.Type == tnef.Object && len(p.Value) > guid:
		return t.member("attached message", section(p.Value[guid:]))
	case p.ID == data && p.Type == tnef.Binary && t.data == nil:
		t.data = io.NewSectionReader(bytes.NewReader(bytes.Clone(p.Value)), 0, int64(len(p.Value)))
		return nil
	case p.ID == longName && p.Type == tnef.String8:
		t.long = japaneseName(string(bytes.TrimRight(p.Value, "\x00")))
		return nil
	}
	t.w.Table = "header"
	return rawtext.Scan(bytes.NewReader(p.Value), t.w, rawtext.All)
}
