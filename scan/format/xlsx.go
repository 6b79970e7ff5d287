package format

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xlsx"
)

// xlsxFormat is the OOXML workbook: xlsx, xlsm, xltx, xltm (ECMA-376). A password to
// open makes it another file (EncryptedOOXML); what is left here are
// protections that stop nobody from reading, which are noted.
func xlsxFormat() scan.Format {
	return scan.Format{
		Name: "xlsx", Version: 9, Match: isXlsx, Open: openXlsx,
		About: scan.About{Names: "xlsx, xlsm, xltx, xltm", Verdict: "yes", Content: scan.CoverageFull, Limits: "16,777,216 shared strings"},
	}
}

// xlsxRest reads the parts of a workbook that hold no cells: lists of its form,
// connections, logs of changes, files that were put into it.
func xlsxRest(rest *partsRest, parts []*zip.File) error {
	for _, e := range parts {
		kind := ooxmlPart(e.Name)
		if kind == partText {
			kind = partAside
		}
		if err := rest.part(kind, e); err != nil {
			return err
		}
	}
	return rest.text.hand(rest.out)
}

// isXlsx looks for a SpreadsheetML part by content type; where the types are
// damaged, for the customary name of a sheet.
func isXlsx(f *scan.File) bool {
	if !hasPrefix(f, "PK") {
		return false
	}
	r, err := readZip(f)
	if err != nil || anyEncrypted(r) { // then an archiver wrapped it, and the archive is what is judged
		return false
	}
	types := bytes.ToLower(zipText(f, ooxmlTypes(r), 1<<20))
	if bytes.Contains(types, []byte("spreadsheetml.sheet.main+xml")) || bytes.Contains(types, []byte("spreadsheetml.template.main+xml")) ||
		bytes.Contains(types, []byte("ms-excel.sheet.macroenabled.main+xml")) || bytes.Contains(types, []byte("ms-excel.template.macroenabled.main+xml")) ||
		bytes.Contains(types, []byte("ms-excel.addin.macroenabled.main+xml")) {
		return true
	}
	return zipPart(r, "xl/workbook.xml") != nil
}

// ooxmlTypes finds the directory of content types, the mark of OOXML.
func ooxmlTypes(r *zip.Reader) *zip.File {
	for _, e := range r.File {
		if strings.EqualFold(e.Name, "[Content_Types].xml") {
			return e
		}
	}
	return nil
}

func openXlsx(_ context.Context, f *scan.File) (scan.Document, error) {
	r, err := openPackage(f)
	if err != nil {
		return nil, err
	}
	var rest *partsRest // of the content
	book := xlsx.Open(f, r, func(e *zip.File) (io.ReadCloser, error) {
		if rest != nil {
			return rest.open(e)
		}
		return zipOpen(f, e)
	})
	var vba []scan.Note
	return document{
		func() scan.Protection {
			return scan.Protection{Verdict: scan.VerdictNone, Notes: append(book.Notes(), vba...)}
		},
		func(_ context.Context, out scan.Sink) error {
			rest = newPartsRest(f, out)
			for _, e := range r.File {
				if ooxmlPart(e.Name) == partVBA && vbaPartLocked(f, e) {
					vba = []scan.Note{scan.NoteVBAPassword}
				}
			}
			if err := book.Read(out); err != nil {
				return err
			}
			return xlsxRest(rest, book.Unread())
		},
	}, nil
}
