package format

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/ooxml"
)

// docxFormat is the OOXML text document: docx, docm, dotx, dotm (ECMA-376 part 1,
// section 17).
func docxFormat() scan.Format {
	return scan.Format{
		Name: "docx", Version: 6, Open: openOOXMLText,
		About: scan.About{Names: "docx, docm, dotx", Verdict: "yes", Content: scan.CoverageFull},
		Match: func(f *scan.File) bool { return isOOXML(f, "word/document.xml", "wordprocessingml.", "ms-word.") },
	}
}

// pptxFormat is the OOXML presentation: pptx, ppsx, potx and those with macros
// (ECMA-376 part 1, section 19).
func pptxFormat() scan.Format {
	return scan.Format{
		Name: "pptx", Version: 5, Open: openOOXMLText,
		About: scan.About{Names: "pptx, ppsx", Verdict: "yes", Content: scan.CoverageFull},
		Match: func(f *scan.File) bool {
			return isOOXML(f, "ppt/presentation.xml", "presentationml.", "ms-powerpoint.")
		},
	}
}

// isOOXML recognises a kind of document by the content type of its main part, or
// where the types are damaged by the customary name of that part.
func isOOXML(f *scan.File, main string, kinds ...string) bool {
	if !hasPrefix(f, "PK") {
		return false
	}
	r, err := readZip(f)
	if err != nil || anyEncrypted(r) { // then an archiver wrapped it
		return false
	}
	types := bytes.ToLower(zipText(f, ooxmlTypes(r), 1<<20))
	for rest := types; ; {
		i := bytes.Index(rest, []byte("main+xml"))
		if i < 0 {
			break
		}
		start := bytes.LastIndexByte(rest[:i], '"')
		for _, kind := range kinds {
			if bytes.Contains(rest[start+1:i], []byte(kind)) {
				return true
			}
		}
		rest = rest[i+8:]
	}
	return zipPart(r, main) != nil
}

func openOOXMLText(_ context.Context, f *scan.File) (scan.Document, error) {
	r, err := openPackage(f)
	if err != nil {
		return nil, err
	}
	d := &ooxmlText{file: f, zip: r, p: scan.Protection{Verdict: scan.VerdictNone}}
	return document{func() scan.Protection { return d.p }, d.content}, nil
}

type ooxmlText struct {
	file *scan.File
	zip  *zip.Reader
	p    scan.Protection
}

func (d *ooxmlText) content(ctx context.Context, out scan.Sink) error {
	r := ooxml.New(d.file, out)
	r.Note = d.p.AddNote
	rest := newPartsRest(d.file, out)
	r.Aside = rest.text.add
	texts := 0
	for _, e := range d.zip.File {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var err error
		switch kind := ooxmlPart(e.Name); kind {
		case partText, partLeaves:
			read := r.Read
			if kind == partLeaves {
				read = r.Leaves
			} else {
				texts++
			}
			if err := d.part(rest, e, read); err != nil {
				out.Problem(fmt.Errorf("part %s: %w", path.Base(e.Name), err))
			}
		case partVBA:
			if vbaPartLocked(d.file, e) {
				d.p.AddNote(scan.NoteVBAPassword)
			}
			err = rest.part(kind, e)
		default:
			err = rest.part(kind, e)
		}
		if err != nil {
			return err
		}
	}
	if texts == 0 {
		out.Problem(malformed("OOXML document without a part that holds text"))
	}
	return rest.text.hand(out)
}

// part reads an entry to its end, so that its sum is checked.
func (d *ooxmlText) part(rest *partsRest, e *zip.File, read func(io.Reader, string) error) error {
	rc, err := rest.open(e)
	if err != nil {
		return err
	}
	defer rc.Close()
	if err := read(rc, strings.TrimSuffix(path.Base(e.Name), ".xml")); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, rc)
	return err
}

// vbaPartLocked reports whether a Visual Basic project in a package has a password.
func vbaPartLocked(f *scan.File, e *zip.File) bool {
	rc, err := zipOpen(f, e)
	if err != nil {
		return false
	}
	defer rc.Close()
	room := f.Scratch()
	defer room.Close()
	if _, err := io.Copy(room, rc); err != nil {
		return false
	}
	c, err := cfb.Open(room, room.Size())
	if err != nil {
		return false
	}
	for _, p := range c.Entries {
		if strings.EqualFold(p.Name, "PROJECT") && len(p.Path) == 0 && !p.Dir {
			b, _ := io.ReadAll(io.LimitReader(c.Reader(p), 1<<20))
			return vbaPassword(b)
		}
	}
	return false
}
