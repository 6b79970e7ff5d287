package format

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/cfb"
	"github.com/kagiban/kagiban/scan/format/internal/codepage"
	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/oleps"
	"github.com/kagiban/kagiban/scan/format/internal/rawtext"
)

// What binary Office documents share beside the compound file itself: objects
// embedded in them, and the password of a Visual Basic project.

// oleObjectFormat is an embedded object as a file of its own, as OOXML and
// PowerPoint keep them (MS-OLEDS 2.1): a file in a wrapping, or an equation.
func oleObjectFormat() scan.Format {
	return scan.Format{
		Name: "ole-object", Version: 2, Match: isOleObject, Open: openOleObject,
		About: scan.About{Names: "objects embedded in documents", Verdict: "always open", Content: scan.CoverageFull,
			Limits: "an object of an unknown program is reported as not read"},
	}
}

func isOleObject(f *scan.File) bool {
	if !hasPrefix(f, cfb.Magic) {
		return false
	}
	c, err := readCFB(f)
	if err != nil {
		return false
	}
	for _, name := range []string{"Ole10Native", "Package", "CONTENTS", "EmbeddedOdf", "package_stream", "Equation Native"} {
		if c.stream(name) != nil {
			return true
		}
	}
	return false
}

func openOleObject(_ context.Context, f *scan.File) (scan.Document, error) {
	c, err := openCFB(f)
	if err != nil {
		return nil, err
	}
	return open(func(_ context.Context, out scan.Sink) error {
		if err := c.packages("object", out); err != nil {
			return err
		}
		return cfbSpare(c, out)
	}), nil
}

// objects hands on what is embedded in a document (MS-OLEDS 2.1): each object
// lies in a storage of its own.
func (c *compound) objects(out scan.Sink) error {
	type object struct {
		*compound
		storage *cfb.Entry
	}
	var order []object
	byStorage := map[*cfb.Entry]*compound{}
	for _, e := range c.entries {
		storage, depth := c.objectOf(e)
		if storage == nil {
			continue
		}
		inner := byStorage[storage]
		if inner == nil {
			inner = &compound{file: c.file, cfb: c.cfb, depth: c.depth + depth, touched: c.touched}
			byStorage[storage], order = inner, append(order, object{inner, storage})
		}
		inner.entries = append(inner.entries, e)
	}
	clear(byStorage)
	for i, inner := range order {
		order[i] = object{} // of no use any more
		dir := strings.Join(inner.entries[0].Path[c.depth:inner.depth], "/")
		if err := inner.object(inner.storage, dir, out); err != nil {
			return err
		}
	}
	return nil
}

// objectOf returns the outermost storage of an embedded object that an entry
// belongs to, and how many names its path has: MBD… in workbooks, ObjectPool in
// documents, Object … elsewhere. Nil if the entry is in none.
func (c *compound) objectOf(e *cfb.Entry) (*cfb.Entry, int) {
	dir := c.dir(e)
	for i, name := range dir {
		if strings.HasPrefix(name, "MBD") || strings.HasPrefix(name, "Object ") || i > 0 && dir[i-1] == "ObjectPool" {
			return e.Within(len(dir) - 1 - i), i + 1
		}
	}
	return nil, 0
}

// sub is the compound file that a storage would be by itself.
func (c *compound) sub(dir string) *compound {
	depth := strings.Count(dir, "/") + 1
	inner := &compound{file: c.file, cfb: c.cfb, depth: c.depth + depth, touched: c.touched}
	for _, e := range c.entries {
		if in := c.dir(e); len(in) >= depth && strings.Join(in[:depth], "/") == dir {
			inner.entries = append(inner.entries, e)
		}
	}
	return inner
}

// object hands on one object. A document of Office goes back to the engine as the
// file that its storage would be, so do files that were put into the object.
func (c *compound) object(storage *cfb.Entry, name string, out scan.Sink) error {
	if !c.holdsDocument() {
		return c.packages(name, out)
	}
	return c.member(storage, name, out)
}

// member hands out what lies in a storage as a file of its own.
func (c *compound) member(storage *cfb.Entry, name string, out scan.Sink) error {
	cfbTouch(c, c.entries...)
	return out.Member(scan.Member{Name: name, Size: -1, Open: func() (io.ReadCloser, error) {
		r, _, err := c.cfb.Export(storage, c.entries)
		if err != nil {
			return nil, err
		}
		return io.NopCloser(c.file.Bound(r)), nil
	}})
}

// holdsDocument reports whether a storage holds a document of Office or a message.
func (c *compound) holdsDocument() bool {
	for _, e := range c.entries {
		if e.Dir || len(c.dir(e)) > 0 {
			continue
		}
		for _, name := range []string{"EncryptedPackage", "WordDocument", pptStream, msgProperties} {
			if strings.EqualFold(e.Name, name) {
				return true
			}
		}
		if isBookStream(e) {
			return true
		}
	}
	return false
}

// packages hands on the files that were put into an object. The data of
// programs whose objects hold no text of a table, equations and links, is
// none; what else a program keeps beside is searched for text, as all of it is.
func (c *compound) packages(name string, out scan.Sink) error {
	known, strange := false, 0
	var texts []*cfb.Entry
	cfbTouch(c, c.entries...)
	for _, e := range c.entries {
		var err error
		switch {
		case e.Dir:
		case e.Name == "Package" || e.Name == "CONTENTS" || e.Name == "EmbeddedOdf" || e.Name == "package_stream":
			known = true
			err = out.Member(scan.Member{Name: name, Size: e.Size, Open: func() (io.ReadCloser, error) {
				return io.NopCloser(c.file.Bound(c.open(e))), nil
			}})
		case e.Name == "Ole10Native":
			known = true
			err = c.native(out, name, e)
		case e.Name == "Equation Native" || e.Name == "LinkInfo":
			known = true
			texts = append(texts, e)
		default:
			texts = append(texts, e)
			if !objectHousehold(e.Name) {
				strange++
			}
		}
		if err != nil {
			return err
		}
	}
	if !known && strange > 0 {
		out.Problem(fmt.Errorf("embedded object of a program that is not known was searched for text, best effort: %w", scan.ErrUnsupported))
	}
	w := grid.New(c.file, out)
	w.Table = name
	for _, e := range texts {
		if e.Size == 0 {
			continue
		}
		if err := rawtext.Scan(c.file.Bound(c.open(e)), w, rawtext.All); err != nil {
			return err
		}
	}
	return nil
}

// objectHousehold selects the streams that are about an object (MS-OLEDS 2.3):
// its class, and pictures of it.
func objectHousehold(name string) bool {
	switch name {
	case "Ole", "CompObj", "ObjInfo", "EPRINT", "META", "PIC", "PRINT", "OCXNAME", "Ole10ItemName":
		return true
	}
	return strings.HasPrefix(name, "OlePres")
}

// native hands on a file that was put into a document as a package (MS-OLEDS
// 2.3.6; the layout of the data is that of the Packager program).
func (c *compound) native(out scan.Sink, name string, e *cfb.Entry) error {
	head := make([]byte, min(e.Size, 4096))
	n, err := io.ReadFull(c.open(e), head)
	if err != nil {
		out.Problem(fmt.Errorf("embedded file: %w", err))
		return nil
	}
	label, from, size, ok := packaged(head[:n], e.Size)
	if !ok { // no package: the data of some program
		from, size = 4, max(e.Size-4, 0)
	} else if label != "" {
		name = label
	}
	return out.Member(scan.Member{Name: name, Size: size, Open: func() (io.ReadCloser, error) {
		r := c.open(e)
		if _, err := io.CopyN(io.Discard, r, from); err != nil {
			return nil, err
		}
		return io.NopCloser(c.file.Bound(io.LimitReader(r, size))), nil
	}})
}

// packaged reads the head of a package: total size, type 2, label, path, 8
// bytes, path, size of the data.
func packaged(b []byte, total int64) (label string, from, size int64, ok bool) {
	if len(b) < 6 || b[4] != 2 || b[5] != 0 {
		return "", 0, 0, false
	}
	rest := b[6:]
	text, rest, ok1 := bytes.Cut(rest, []byte{0})
	_, rest, ok2 := bytes.Cut(rest, []byte{0})
	if !ok1 || !ok2 || len(rest) < 8 {
		return "", 0, 0, false
	}
	n := int64(le32(rest[4:]))
	at := int64(len(b)-len(rest)) + 8 + n
	if n < 0 || at+4 > int64(len(b)) {
		return "", 0, 0, false
	}
	size = int64(le32(b[at:]))
	if size > total-at-4 {
		return "", 0, 0, false
	}
	return string(codepage.New(codepage.Japanese).Append(nil, text)), at + 4, size, true
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// vbaLocked reports whether a Visual Basic project has a password (MS-OVBA
// 2.3.1.16). The value is encrypted with its first byte as the seed; its length
// is then known without decrypting: one byte says that there is none.
func vbaLocked(c *compound, path string) bool {
	project, err := c.text(path, 1<<20)
	if err != nil {
		return false
	}
	return vbaPassword(project)
}

func vbaPassword(project []byte) bool {
	_, rest, found := bytes.Cut(project, []byte("DPB=\""))
	value, _, closed := bytes.Cut(rest, []byte("\""))
	raw, err := hex.DecodeString(string(value))
	if !found || !closed || err != nil || len(raw) == 0 {
		return false
	}
	ignored := int(raw[0]&6) / 2
	return len(raw)-3-ignored-4 > 1
}

// propertyMax bounds a property set; pictures of the first page make it long.
const propertyMax = 8 << 20

// aside hands out what stands beside the text of a binary document: its
// properties, and the objects embedded in it.
func (c *compound) aside(f *scan.File, out scan.Sink) error {
	for _, name := range []string{"SummaryInformation", "DocumentSummaryInformation"} {
		e := c.stream(name)
		if e == nil || e.Size == 0 {
			continue
		}
		cfbTouch(c, e)
		b, err := c.text(name, propertyMax)
		if err == nil {
			w := grid.New(f, out)
			w.Table = "!properties"
			err = oleps.Texts(b, func(text []byte) error { return w.Lines(string(text)) })
		}
		if errors.Is(err, scan.ErrMalformed) {
			out.Problem(fmt.Errorf("properties: %w", err))
		} else if err != nil {
			return err
		}
	}
	return c.objects(out)
}
