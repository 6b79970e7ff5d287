package format

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/ooxml"
	"github.com/kagiban/kagiban/scan/format/internal/xlsb"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// xlsbFormat is the workbook with binary parts in an OOXML package (MS-XLSB).
func xlsbFormat() scan.Format {
	return scan.Format{
		Name: "xlsb", Version: 5, Match: isXlsb, Open: openXlsb,
		About: scan.About{Names: "xlsb", Verdict: "yes", Content: scan.CoverageFull, Limits: "16,777,216 shared strings"},
	}
}

func isXlsb(f *scan.File) bool {
	if !hasPrefix(f, "PK") {
		return false
	}
	r, err := readZip(f)
	if err != nil || anyEncrypted(r) { // then an archiver wrapped it
		return false
	}
	types := bytes.ToLower(zipText(f, ooxmlTypes(r), 1<<20))
	return bytes.Contains(types, []byte("ms-excel.sheet.binary.macroenabled.main")) || zipPart(r, "xl/workbook.bin") != nil
}

func openXlsb(_ context.Context, f *scan.File) (scan.Document, error) {
	r, err := openPackage(f)
	if err != nil {
		return nil, err
	}
	d := &xlsbFile{ooxmlText: ooxmlText{file: f, zip: r, p: scan.Protection{Verdict: scan.VerdictNone}}, names: map[string]string{}}
	return document{func() scan.Protection { return d.p }, d.content}, nil
}

type xlsbFile struct {
	ooxmlText
	book  *xlsb.Workbook
	names map[string]string // part → sheet
}

// content reads the parts in the order in which one needs the other, and in
// the end those that are XML in this format too.
func (d *xlsbFile) content(_ context.Context, out scan.Sink) error {
	d.book = xlsb.New(d.file, out)
	rest := newPartsRest(d.file, out)
	steps := []struct {
		is   func(name string) bool
		read func(io.Reader, string) error
	}{
		{func(n string) bool { return n == "xl/workbook.bin" }, func(r io.Reader, _ string) error { return d.book.ReadWorkbook(r) }},
		{func(n string) bool { return n == "xl/_rels/workbook.bin.rels" }, func(r io.Reader, _ string) error { return d.relations(r) }},
		{func(n string) bool { return n == "xl/styles.bin" }, func(r io.Reader, _ string) error { return d.book.ReadStyles(r) }},
		{func(n string) bool { return path.Base(n) == "sharedstrings.bin" }, func(r io.Reader, _ string) error { return d.book.ReadStrings(r) }},
		{d.isSheet, d.sheet},
	}
	for _, step := range steps {
		for _, e := range d.zip.File {
			if name := xlsbName(e.Name); step.is(name) {
				if err := d.part(rest, e, func(r io.Reader, _ string) error { return step.read(r, name) }); err != nil {
					out.Problem(fmt.Errorf("part %s: %w", path.Base(e.Name), err))
				}
			}
		}
	}
	for _, n := range d.book.Notes() {
		d.p.AddNote(n)
	}
	d.book.Close()
	return d.rest(rest, out)
}

// xlsbNames bounds the parts that have the name of a sheet.
const xlsbNames = 1 << 16

func xlsbName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// relations finds the name of each sheet part.
func (d *xlsbFile) relations(r io.Reader) error {
	sheets := map[string]string{} // relationship → sheet
	for _, s := range d.book.Sheets {
		sheets[s.Rel] = s.Name
	}
	t := xmltok.New(xmltok.Decode(r))
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if kind != xmltok.Start || string(t.Name()) != "Relationship" {
			continue
		}
		target := t.AttrString("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		if name, ok := sheets[t.AttrString("Id")]; ok && len(d.names) < xlsbNames {
			d.names[xlsbName(target)] = name
		}
	}
}

// isSheet selects the parts that hold cells or texts of sheets, whether the
// workbook names them or not.
func (d *xlsbFile) isSheet(name string) bool {
	if d.names[name] != "" {
		return true
	}
	folder, base := path.Base(path.Dir(name)), path.Base(name)
	return path.Ext(base) == ".bin" && (slices.Contains([]string{"worksheets", "chartsheets", "dialogsheets", "macrosheets"}, folder) ||
		strings.HasPrefix(base, "comments") || strings.HasPrefix(base, "pivotcachedefinition"))
}

func (d *xlsbFile) sheet(r io.Reader, part string) error {
	name := d.names[part]
	if name == "" {
		name = strings.TrimSuffix(path.Base(part), ".bin")
	}
	return d.book.ReadSheet(r, name)
}

// rest reads what is no sheet: XML, embedded files, and binary parts, of which the
// caches of pivot tables and of other workbooks are copies of cells.
func (d *xlsbFile) rest(rest *partsRest, out scan.Sink) error {
	r := ooxml.New(d.file, out)
	r.Aside = rest.text.add
	for _, e := range d.zip.File {
		name := xlsbName(e.Name)
		base := path.Base(name)
		switch kind := ooxmlPart(e.Name); {
		case kind == partVBA:
			if vbaPartLocked(d.file, e) {
				d.p.AddNote(scan.NoteVBAPassword)
			}
			if err := rest.part(kind, e); err != nil {
				return err
			}
		case kind == partText || kind == partLeaves:
			read := r.Leaves
			if strings.Contains(name, "/drawings/") && kind == partText {
				read = r.Read
			}
			if err := d.part(rest, e, read); err != nil {
				out.Problem(fmt.Errorf("part %s: %w", base, err))
			}
		case path.Ext(base) != ".bin" || kind != partFile || strings.Contains(name, "/embeddings/"):
			if err := rest.part(kind, e); err != nil {
				return err
			}
		case d.isSheet(name) || name == "xl/workbook.bin" || name == "xl/styles.bin" || base == "sharedstrings.bin" || base == "calcchain.bin":
		default:
			if strings.HasPrefix(base, "pivotcacherecords") || strings.HasPrefix(base, "externallink") {
				out.Problem(fmt.Errorf("part %s was searched for text, best effort: %w", base, scan.ErrUnsupported))
			}
			if err := rest.part(partRaw, e); err != nil {
				return err
			}
		}
	}
	return rest.text.hand(out)
}
