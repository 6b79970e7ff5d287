package format

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/odf"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// odsFormat is the OpenDocument spreadsheet and its template.
func odsFormat() scan.Format { return odfFormat("ods", "ods, ots", "spreadsheet") }

// odtFormat is the OpenDocument text, also in its variants for the web and as a master.
func odtFormat() scan.Format { return odfFormat("odt", "odt", "text") }

// odpFormat is the OpenDocument presentation, and the drawing.
func odpFormat() scan.Format {
	return odfFormat("odp", "odp", "presentation", "graphics", "chart", "formula")
}

func odfFormat(name, names string, kinds ...string) scan.Format {
	return scan.Format{
		Name: name, Version: 6, Open: openODF,
		About: scan.About{Names: names, Verdict: "yes", Content: scan.CoverageFull},
		Match: func(f *scan.File) bool { return slices.Contains(kinds, odfKind(f)) },
	}
}

// odfKindOf returns the kind of document of a media type: "text" for text and its templates.
// OpenOffice.org 1 had names of its own for what became OpenDocument (sxw, sxc, sxi).
func odfKindOf(mime string) string {
	mime, _, _ = strings.Cut(strings.TrimSpace(mime), "\"")
	if kind, ok := strings.CutPrefix(mime, "application/vnd.oasis.opendocument."); ok {
		kind, _, _ = strings.Cut(kind, "-")
		return kind
	}
	kind, _ := strings.CutPrefix(mime, "application/vnd.sun.xml.")
	switch kind, _, _ = strings.Cut(kind, "."); kind {
	case "calc":
		return "spreadsheet"
	case "writer":
		return "text"
	case "impress", "draw":
		return "presentation"
	}
	return ""
}

type odfKey struct{}

// odfKind determines the kind by the media type that an OpenDocument package begins
// with (part 2, section 3.3); without it the manifest says so.
func odfKind(f *scan.File) string {
	if !hasPrefix(f, "PK") {
		return ""
	}
	v, _ := f.Once(odfKey{}, func() (any, error) {
		r, err := readZip(f)
		if err != nil || anyEncrypted(r) { // then an archiver wrapped it
			return "", nil
		}
		if kind := odfKindOf(string(zipText(f, zipPart(r, "mimetype"), 200))); kind != "" {
			return kind, nil
		}
		manifest := zipText(f, zipPart(r, odfManifest), 1<<16)
		_, root, _ := bytes.Cut(manifest, []byte("media-type=\"application/vnd."))
		return odfKindOf("application/vnd." + string(root)), nil
	})
	return v.(string)
}

// odfMimeMax is longer than any media type, bytes.
const odfMimeMax = 80

// odfMime reports whether the entry of the media type holds one.
func odfMime(f *scan.File, e *zip.File) bool {
	return e.UncompressedSize64 < odfMimeMax && bytes.HasPrefix(zipText(f, e, odfMimeMax), []byte("application/"))
}

// readableTail reports whether text stands at the end of encrypted data. So many
// readable characters in a row do not come by chance.
func readableTail(f *scan.File, off, size int64) bool {
	const least = 24
	tail := make([]byte, min(size, 512))
	n, err := f.ReadExactly(tail, off+size-int64(len(tail)))
	if err != nil && err != io.EOF {
		return false
	}
	run := 0
	for _, c := range tail[:n] {
		if run++; c < ' ' && c != '\r' && c != '\n' || c > '~' {
			run = 0
		}
		if run >= least {
			return true
		}
	}
	return false
}

const odfManifest = "META-INF/manifest.xml"

func openODF(_ context.Context, f *scan.File) (scan.Document, error) {
	r, err := openPackage(f)
	if err != nil {
		return nil, err
	}
	d := &odfFile{file: f, zip: r, p: scan.Protection{Verdict: scan.VerdictNone}}
	var sealed map[string]bool
	stray := newLeftover(f) // of the manifest
	defer stray.room.Close()
	if m := zipPart(r, odfManifest); m != nil {
		rc, err := zipOpen(f, m)
		if err != nil {
			return nil, err
		}
		defer rc.Close()
		if d.p, sealed, err = odf.Judge(&strayReader{r: rc, aside: stray.add}); err != nil {
			return nil, fmt.Errorf("manifest: %w", err)
		}
	}
	if d.p.Verdict.Closed() && plainODF(f, r) {
		d.p = scan.Protection{Verdict: scan.VerdictNone, Notes: []scan.Note{scan.NoteFalseFlag}}
	}
	if d.p.Verdict.Closed() {
		unclaimOpen(f, r, sealed, stray.digits >= leftoverDigits)
		return closed(d.p), nil
	}
	return document{func() scan.Protection { return d.p }, d.content}, nil
}

// unclaimOpen leaves to the engine what is not encrypted in an encrypted package:
// entries that the manifest does not say are, and those that do not look so.
func unclaimOpen(f *scan.File, r *zip.Reader, sealed map[string]bool, stray bool) {
	for _, e := range r.File {
		off, err := e.DataOffset()
		if err != nil || e.CompressedSize64 == 0 || e.Name == "mimetype" && odfMime(f, e) || e.Name == odfManifest && !stray {
			continue
		}
		head := make([]byte, min(e.CompressedSize64, 512))
		n, err := f.ReadExactly(head, off)
		if err != nil && err != io.EOF || sealed[e.Name] && e.Method == zip.Store && scrambled(head[:n]) && !readableTail(f, off, int64(e.CompressedSize64)) {
			continue
		}
		if !sealed[e.Name] && pictureEntry(f, e) {
			continue
		}
		f.Ledger().Unclaim(off, int64(e.CompressedSize64))
	}
}

// plainODF reports whether the content stands in the clear, whatever the manifest
// says of other entries: LibreOffice then opens the file without asking.
func plainODF(f *scan.File, r *zip.Reader) bool {
	return bytes.HasPrefix(bytes.TrimLeft(zipText(f, zipPart(r, "content.xml"), 64), "\uFEFF \t\r\n"), []byte("<"))
}

type odfFile struct {
	file *scan.File
	zip  *zip.Reader
	p    scan.Protection
}

// content reads the parts: those of the document itself and of the objects in
// it, which lie in folders of their own.
func (d *odfFile) content(_ context.Context, out scan.Sink) error {
	r := odf.New(d.file, out, d.p.AddNote)
	rest := newPartsRest(d.file, out)
	r.Aside = rest.text.add
	found := false
	for _, e := range d.zip.File {
		dir, base := path.Split(e.Name)
		switch {
		case strings.HasSuffix(e.Name, "/") || e.Name == "mimetype" && odfMime(d.file, e):
		case base == "content.xml" || base == "styles.xml":
			found = found || e.Name == "content.xml"
			prefix := dir
			if base == "styles.xml" {
				prefix += "!styles"
			}
			if err := rest.read(e, func(rd io.Reader) error { return r.Read(rd, prefix) }); err != nil {
				out.Problem(fmt.Errorf("part %s: %w", base, err))
			}
		case base == "settings.xml":
			if err := rest.read(e, d.settings); err != nil {
				out.Problem(fmt.Errorf("part %s: %w", base, err))
			}
		default:
			if err := rest.part(odfPart(dir, base), e); err != nil {
				return err
			}
		}
	}
	if err := rest.text.hand(out); err != nil {
		return err
	}
	if !found {
		out.Problem(malformed("OpenDocument without content.xml"))
	}
	if r.Lost() {
		out.Problem(fmt.Errorf("tables nested too deeply: %w", &scan.LimitError{Limit: "depth"}))
	}
	return nil
}

// odfPart classifies an entry that is no text of the document (OpenDocument part 2,
// section 3.2, and what LibreOffice adds).
func odfPart(dir, base string) int {
	ext := path.Ext(base)
	switch {
	case ext == ".xml" || ext == ".rdf" || ext == ".xlb" || ext == ".xlc":
		return partAside // the manifest, properties, macros, dialogs
	case strings.Contains(dir, "Pictures/") || strings.Contains(dir, "Thumbnails/") || strings.Contains(dir, "ObjectReplacements/") ||
		strings.Contains(dir, "Configurations2/") || strings.Contains(dir, "Fonts/"):
		return partMedia
	case base == "layout-cache":
		return partNone
	}
	return partFile
}

// settings looks for what LibreOffice does when it opens the file.
func (d *odfFile) settings(r io.Reader) error {
	t := xmltok.New(xmltok.Decode(r))
	item := ""
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case kind == xmltok.Start:
			if item = t.AttrString("name"); item == "ModifyPasswordInfo" {
				d.p.AddNote(scan.NoteWriteReservation)
			}
		case kind == xmltok.End:
			item = ""
		case item == "LoadReadonly" && string(t.Text()) == "true":
			d.p.AddNote(scan.NoteReadOnlyRecommended)
		}
	}
}

// fodsFormat is an OpenDocument file of any kind as one XML document. The format
// knows no encryption.
func fodsFormat() scan.Format {
	return scan.Format{
		Name: "fods", Version: 4, Match: isFods, Open: openFods,
		About: scan.About{Names: "fods", Verdict: "always open", Content: scan.CoverageFull},
	}
}

func openFods(_ context.Context, f *scan.File) (scan.Document, error) {
	f.ClaimAll(scan.UseRead)
	d := &odfFile{file: f, p: scan.Protection{Verdict: scan.VerdictNone}}
	return document{func() scan.Protection { return d.p }, func(_ context.Context, out scan.Sink) error {
		r := odf.New(f, out, d.p.AddNote)
		rest := newLeftover(f)
		r.Aside = rest.add
		err := r.Read(&strayReader{r: f.Bound(f.Reader()), aside: rest.add}, "")
		if werr := rest.hand(out); werr != nil {
			return werr
		}
		if err != nil {
			return err
		}
		if r.Lost() {
			out.Problem(fmt.Errorf("tables nested too deeply: %w", &scan.LimitError{Limit: "depth"}))
		}
		return nil
	}}, nil
}

func isFods(f *scan.File) bool {
	head := xmlHead(f)
	return bytes.Contains(head, []byte("urn:oasis:names:tc:opendocument:xmlns:office")) && bytes.Contains(head, []byte(":document"))
}

// xmlHead is the beginning of a file that looks like XML, in UTF-8; nil for others.
func xmlHead(f *scan.File) []byte {
	head := bytes.TrimPrefix(f.Head, []byte("\xEF\xBB\xBF"))
	if hasPrefix(f, "\xFF\xFE", "\xFE\xFF", "<\x00", "\x00<") {
		head = bytes.ReplaceAll(head[min(2, len(head)):], []byte{0}, nil)
		if hasPrefix(f, "<\x00", "\x00<") {
			head = append([]byte("<"), head...)
		}
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<")) {
		return nil
	}
	return head
}
