package format

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/ooxml"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// wordMLFormat is a document as one XML file: Word 2003's own (WordprocessingML
// 2003), and an OOXML package written flat (Flat OPC). Both know no encryption.
func wordMLFormat() scan.Format {
	return scan.Format{
		Name: "wordml", Version: 4, Match: isWordML, Open: openWordML,
		About: scan.About{Names: "WordprocessingML 2003, Flat OPC", Verdict: "always open", Content: scan.CoverageFull,
			Limits: "objects of Word 2003 (.mso) are reported as not read"},
	}
}

func isWordML(f *scan.File) bool {
	head := xmlHead(f)
	return bytes.Contains(head, []byte("http://schemas.microsoft.com/office/word/2003/wordml")) && bytes.Contains(head, []byte("wordDocument")) ||
		bytes.Contains(head, []byte("http://schemas.microsoft.com/office/2006/xmlPackage"))
}

func openWordML(_ context.Context, f *scan.File) (scan.Document, error) {
	f.ClaimAll(scan.UseRead)
	p := scan.Protection{Verdict: scan.VerdictNone}
	return document{func() scan.Protection { return p }, func(_ context.Context, out scan.Sink) error {
		r := ooxml.New(f, out)
		r.Note = p.AddNote
		rest := newLeftover(f)
		r.Aside = rest.add
		text := &strayReader{r: f.Bound(f.Reader()), aside: rest.add}
		err := r.Read(text, "")
		if rerr := rest.hand(out); rerr != nil {
			return rerr
		}
		if err != nil {
			return err
		}
		return flatFiles(f, out)
	}}, nil
}

// flatFiles hands on the files that lie in the document in base64, under
// pkg:part (Flat OPC) or w:binData (Word 2003). Pictures are left out by name,
// as they are in a package.
func flatFiles(f *scan.File, out scan.Sink) error {
	t := xmltok.New(xmltok.Decode(f.Bound(f.Reader())))
	part, inside, take := "", false, false
	data, from := f.Scratch(), int64(0) // one room for all of them
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch name := string(t.Name()); {
		case kind == xmltok.Text && inside && take:
			if _, err := data.Write(t.Text()); err != nil {
				return err
			}
		case kind == xmltok.Start && name == "part":
			part = t.AttrString("name")
		case kind == xmltok.Start && (name == "binaryData" || name == "binData"):
			if name == "binData" {
				part = t.AttrString("name")
			}
			inside, take, from = true, flatFile(part), data.Size()
		case kind == xmltok.End && (name == "binaryData" || name == "binData"):
			if take {
				if err := handFlat(f, part, io.NewSectionReader(data, from, data.Size()-from), out); err != nil {
					return err
				}
			}
			inside, take = false, false
		}
	}
}

// flatFile selects the parts that are files of their own.
func flatFile(part string) bool {
	if path.Ext(part) == ".mso" { // Word 2003 keeps macros and objects there
		return true
	}
	return ooxmlPart(strings.TrimPrefix(part, "/")) == partFile
}

func handFlat(f *scan.File, part string, data *io.SectionReader, out scan.Sink) error {
	if path.Ext(part) == ".mso" {
		out.Problem(fmt.Errorf("objects or macros of Word 2003 in %s: %w", path.Base(part), scan.ErrUnsupported))
		return nil
	}
	return out.Member(scan.Member{Name: strings.TrimPrefix(part, "/"), Size: -1, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(f.Bound(base64.NewDecoder(base64.StdEncoding, io.NewSectionReader(data, 0, data.Size())))), nil
	}})
}
