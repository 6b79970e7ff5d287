package xlsx

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/format/internal/xmltok"
)

// contentTypes holds what each part is (ECMA-376 part 2, section 10.1.2).
type contentTypes struct {
	parts      map[string]string // by canonical name
	extensions map[string]string // by lower-case extension without the dot
}

// canonical makes part names comparable: they are case-insensitive and may be
// written with a leading slash or with backslashes.
func canonical(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// of returns the content type of a part; where the directory of types is
// missing or silent, the customary folder decides.
func (c contentTypes) of(name string) string {
	name = canonical(name)
	if t, ok := c.parts[name]; ok {
		return t
	}
	if t, ok := c.extensions[strings.TrimPrefix(path.Ext(name), ".")]; ok && t != "application/xml" {
		return t
	}
	if path.Ext(name) != ".xml" {
		return ""
	}
	switch dir := path.Base(path.Dir(name)); {
	case dir == "worksheets" || dir == "macrosheets" || dir == "dialogsheets" || dir == "chartsheets":
		return "worksheet+xml"
	case path.Base(name) == "sharedstrings.xml":
		return "sharedStrings+xml"
	case path.Base(name) == "styles.xml":
		return "styles+xml"
	}
	return ""
}

func isWorkbook(t string) bool { return strings.HasSuffix(t, ".main+xml") }
func isStrings(t string) bool  { return strings.HasSuffix(t, "sharedStrings+xml") }
func isStyles(t string) bool   { return strings.HasSuffix(t, "styles+xml") }
func isSheet(t string) bool {
	for _, kind := range []string{"worksheet+xml", "chartsheet+xml", "dialogsheet+xml", "macrosheet+xml", "intlmacrosheet+xml"} {
		if strings.HasSuffix(t, kind) {
			return true
		}
	}
	return false
}

func (b *Workbook) find(kind func(string) bool) *zip.File {
	for _, p := range b.zip.File {
		if kind(b.types.of(p.Name)) {
			return p
		}
	}
	return nil
}

func (b *Workbook) named(name string) *zip.File {
	for _, p := range b.zip.File {
		if canonical(p.Name) == canonical(name) {
			return p
		}
	}
	return nil
}

func (b *Workbook) readTypes() contentTypes {
	c := contentTypes{parts: map[string]string{}, extensions: map[string]string{}}
	told := false
	for _, p := range b.zip.File {
		if canonical(p.Name) != "[content_types].xml" {
			continue
		}
		b.small(p, "", func(t *xmltok.Tokenizer) {
			switch string(t.Name()) {
			case "Override":
				if len(c.parts) >= maxListed {
					b.listed(&told)
					return
				}
				c.parts[canonical(t.AttrString("PartName"))] = t.AttrString("ContentType")
			case "Default":
				if len(c.extensions) >= maxListed {
					b.listed(&told)
					return
				}
				c.extensions[strings.ToLower(t.AttrString("Extension"))] = t.AttrString("ContentType")
			}
		})
	}
	return c
}

const (
	// maxSmall bounds the parts that Open reads: they list what is in the book.
	maxSmall = 16 << 20
	// maxListed bounds the entries of such a list.
	maxListed = 20_000
)

// listed notes, once, that a list is longer than it is read.
func (b *Workbook) listed(told *bool) {
	if !*told {
		*told = true
		b.broken = append(b.broken, fmt.Errorf("list of more than %d parts: %w", maxListed, scan.ErrMalformed))
	}
}

// small goes through the start tags of a small part, all or those of one name.
func (b *Workbook) small(p *zip.File, name string, each func(*xmltok.Tokenizer)) {
	err := b.part(p, func(_ *zip.File, r io.Reader) error {
		limited := &io.LimitedReader{R: r, N: maxSmall}
		t := xmltok.New(xmltok.Decode(limited))
		for {
			kind, err := t.Next()
			if limited.N == 0 {
				return fmt.Errorf("list of parts of more than %d bytes: %w", maxSmall, scan.ErrMalformed)
			}
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if kind == xmltok.Start && (name == "" || string(t.Name()) == name) {
				each(t)
			}
		}
	})
	if err != nil {
		b.broken = append(b.broken, fmt.Errorf("part %s: %w", path.Base(p.Name), err))
	}
}
