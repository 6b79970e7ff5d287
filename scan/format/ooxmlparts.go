package format

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// What the parts of an OOXML package are. The list names those that hold nothing a
// person wrote; what it does not know goes back to the engine.

// What to do with a part.
const (
	partNone   = iota // by the specification without text of a user
	partText          // paragraphs and tables
	partLeaves        // text in elements of any name
	partAside         // XML that is not shown as text: settings, connections, lists of forms
	partMedia         // a picture or a sound, if it is one
	partRaw           // values of controls in a binary form
	partFile          // a file of its own, or of a kind that is not known
	partVBA
)

// ooxmlPart classifies a part by its name: programs keep to the customary ones,
// and a part that is read although it holds no text costs little.
func ooxmlPart(name string) int {
	lower := strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	dir, base := path.Split(lower)
	folder := path.Base(dir)
	ext := path.Ext(base)
	switch {
	case strings.HasSuffix(lower, "/"):
		return partNone
	case base == "vbaproject.bin":
		return partVBA
	case ext == ".rels":
		return partAside
	case folder == "embeddings":
		return partFile
	case folder == "media" || folder == "thumbnail" || strings.HasPrefix(base, "thumbnail."):
		return partMedia
	case folder == "fonts" || folder == "printersettings" && ext == ".bin" || ext == ".odttf" || ext == ".fntdata" || base == "vbaprojectsignature.bin":
		return partNone
	case folder == "activex" && ext == ".bin":
		return partRaw
	case ext == ".vml":
		return partLeaves
	case ext != ".xml":
		return partFile
	case strings.HasPrefix(dir, "docprops") || strings.HasPrefix(dir, "customxml") || folder == "charts":
		return partLeaves
	}
	for _, prefix := range []string{"styles", "fonttable", "websettings", "numbering", "tablestyles", "viewprops", "presprops", "vbadata", "theme", "calcchain"} {
		if strings.HasPrefix(base, prefix) {
			return partAside
		}
	}
	for _, prefix := range []string{"document", "header", "footer", "footnotes", "endnotes", "comment", "settings", "slide", "notes", "handout",
		"presentation", "data", "drawing", "modernComment", "threadedcomment"} {
		if strings.HasPrefix(base, prefix) && folder != "activex" {
			return partText
		}
	}
	return partAside
}

// partsRest reads the parts of a package that are no text of the document.
type partsRest struct {
	file *scan.File
	out  scan.Sink
	text *leftover
	raw  *grid.Writer
}

func newPartsRest(f *scan.File, out scan.Sink) *partsRest {
	return &partsRest{file: f, out: out, text: newLeftover(f), raw: grid.New(f, out)}
}

// part handles one part; what is wrong with it is its own problem.
func (p *partsRest) part(kind int, e *zip.File) error {
	var err error
	switch kind {
	case partAside, partLeaves:
		err = p.read(e, p.aside)
	case partRaw:
		p.raw.Table = path.Base(e.Name)
		err = p.read(e, func(r io.Reader) error { return rawtext.Scan(r, p.raw, rawtext.All) })
	case partVBA:
		if !bytes.HasPrefix(zipText(p.file, e, 8), []byte(cfb.Magic)) {
			return p.member(e) // no project
		}
	case partMedia, partFile:
		if pictureEntry(p.file, e) {
			return nil
		}
		return p.member(e)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		p.out.Problem(fmt.Errorf("part %s: %w", path.Base(e.Name), err))
	}
	return nil
}

// open starts reading a part; what of XML is in no element is kept aside.
func (p *partsRest) open(e *zip.File) (io.ReadCloser, error) {
	rc, err := zipOpen(p.file, e)
	if err != nil || !isXML(e.Name) {
		return rc, err
	}
	return struct {
		io.Reader
		io.Closer
	}{&strayReader{r: rc, aside: p.text.add}, rc}, nil
}

func (p *partsRest) member(e *zip.File) error {
	return p.out.Member(scan.Member{Name: e.Name, Size: int64(e.UncompressedSize64), Open: func() (io.ReadCloser, error) { return zipOpen(p.file, e) }})
}

// read reads an entry to its end, so that its sum is checked.
func (p *partsRest) read(e *zip.File, read func(io.Reader) error) error {
	rc, err := p.open(e)
	if err != nil {
		return err
	}
	defer rc.Close()
	if err := read(rc); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, rc)
	return err
}

// aside keeps the text and the attributes of XML that is not shown as text, and
// hands out files that stand in it.
func (p *partsRest) aside(r io.Reader) error {
	t := xmltok.New(xmltok.Decode(r)) // comments are kept by open
	run := newEncodedRun(p.file)
	var text []byte
	titles := false // of sheets (ECMA-376 part 1, section 22.2.2.27), which are handed on with their rows
	for {
		kind, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if kind != xmltok.Text && string(t.Name()) == "TitlesOfParts" {
			titles = kind == xmltok.Start
		}
		if kind == xmltok.Text && titles {
			continue
		}
		if kind == xmltok.Text {
			if len(text) < p.file.MaxCell() {
				text = t.AppendText(text)
			}
			if err := run.add(t.Text()); err != nil {
				return err
			}
			continue
		}
		p.text.add(text)
		text = text[:0]
		if err := run.hand("data in XML", p.out); err != nil {
			return err
		}
		run.not = false
		if kind == xmltok.Start && string(t.Name()) != "sheet" { // so are the names of sheets here
			p.text.attributes(t.Attrs())
		}
	}
}

// attributes keeps the attributes of an element if one of them may hold a number.
func (l *leftover) attributes(list []byte) {
	if len(list) < leftoverDigits {
		return
	}
	if line := xmltok.AttrTexts(list, numberLike); line != nil {
		l.add(line)
	}
}

// numberLike reports whether a value has as many digits as a number, and is no
// GUID and no date.
func numberLike(v []byte) bool {
	digits := 0
	for _, c := range v {
		if c >= '0' && c <= '9' || c >= 0x80 { // a digit of another width takes three bytes
			digits++
		}
	}
	return digits >= leftoverDigits && !(len(v) == 38 && v[0] == '{') && !(digits == 14 && bytes.IndexByte(v, 'T') == 10)
}

// pictureEntry reports whether an entry is a picture, a sound or a film.
func pictureEntry(f *scan.File, e *zip.File) bool {
	head := zipText(f, e, encodedHead)
	if bytes.HasPrefix(head, []byte("VCLMTF")) {
		return true // a metafile of StarOffice
	}
	if len(head) > 44 && (string(head[40:44]) == " EMF" || string(head[:4]) == "\xD7\xCD\xC6\x9A" || string(head[:6]) == "\x01\x00\x09\x00\x00\x03") {
		return true // a metafile of Windows (MS-EMF 2.3.4.2, MS-WMF 2.3.2)
	}
	rule := ruleOf(mimetype.Detect(head).String())
	return rule == "picture" || rule == "media" || rule == "font"
}
