package pdftext

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// A font knows which characters its codes are, and how wide.
type font struct {
	vertical  bool
	symbols   bool // pictures for characters: what they mean is not missed
	toUnicode *cmap
	codes     func(s string) int                       // length of the first code in bytes
	chars     func(code string) (text string, ok bool) // by the encoding
	width     func(code string) float64                // in parts of the size
}

// A glyph is one code of a string.
type glyph struct {
	text  string
	width float64
	blank bool // a code to which word spacing applies
	known bool
}

// glyphs shows the codes of a string until show has had enough.
func (f *font) glyphs(s string, show func(glyph) bool) {
	for len(s) > 0 {
		n := max(1, min(f.codes(s), len(s)))
		code := s[:n]
		s = s[n:]
		g := glyph{width: f.width(code), blank: code == " "}
		g.text, g.known = f.toUnicode.lookup(codeOf(code))
		if !g.known {
			g.text, g.known = f.chars(code)
		}
		g.known = g.known || f.symbols
		if g.text == "\x00" || g.text == "\uFFFD" {
			g.text = ""
		}
		if !show(g) {
			return
		}
	}
}

// fonts are the fonts of a document.
type fonts struct {
	objects
	made   map[string]*font // by reference
	mapped int              // entries of the maps of all of them
}

// named returns a font of the resources, made once.
func (d *fonts) named(resources types.Dict, key string) *font {
	o := d.dict(resources["Font"])[key]
	id := ""
	if ref, ok := o.(types.IndirectRef); ok {
		id = ref.PDFString()
		if f, ok := d.made[id]; ok {
			return f
		}
	}
	dict := d.dict(o)
	if dict == nil {
		return nil
	}
	f := d.newFont(dict)
	if id != "" {
		d.made[id] = f
	}
	return f
}

func (d *fonts) newFont(dict types.Dict) *font {
	f := &font{}
	base := d.name(dict["BaseFont"])
	for _, name := range []string{"Symbol", "Wingdings", "Webdings", "Dingbats"} {
		f.symbols = f.symbols || strings.Contains(base, name)
	}
	if data, err := d.stream(dict["ToUnicode"]); err == nil && d.mapped < mappedMax {
		f.toUnicode = parseCMap(data)
		d.mapped += f.toUnicode.size()
	}
	if d.name(dict["Subtype"]) == "Type0" {
		d.composite(f, dict)
	} else {
		d.simple(f, dict)
	}
	return f
}

// simple is a font of one byte a code (section 9.6).
func (d *fonts) simple(f *font, dict types.Dict) {
	table := d.encoding(dict["Encoding"])
	descriptor := d.dict(dict["FontDescriptor"])
	const nonsymbolic = 1 << 5
	_, trueType := descriptor["FontFile2"] // its own codes are anything; those of Type 1 are mostly ASCII
	table.sure = table.sure || !trueType || int(d.float(descriptor["Flags"]))&nonsymbolic != 0
	f.codes = func(string) int { return 1 }
	f.chars = func(code string) (string, bool) {
		c := code[0]
		return table.text[c], table.sure && (table.text[c] != "" || table.named[c])
	}
	first, widths := int(d.float(dict["FirstChar"])), d.floats(dict["Widths"])
	unit := 1.0 / 1000
	if d.name(dict["Subtype"]) == "Type3" {
		if m, ok := matrixOf(d.floats(dict["FontMatrix"])); ok {
			unit = m.a
		}
	}
	f.width = func(code string) float64 {
		if i := int(code[0]) - first; i >= 0 && i < len(widths) {
			return widths[i] * unit
		}
		return 0.5
	}
}

// A table is the encoding of a simple font.
type table struct {
	text  [256]string
	named [256]bool // the name says that it is no digit
	sure  bool      // the font says so; else it is a guess
}

// encoding makes the table of an encoding (section 9.6.5 and annex D).
func (d *fonts) encoding(o types.Object) *table {
	t := &table{}
	base, dict := d.name(o), d.dict(o)
	if dict != nil {
		base = d.name(dict["BaseEncoding"])
	}
	t.sure = base != "" || dict != nil
	dec := charmap.Windows1252
	if base == "MacRomanEncoding" {
		dec = charmap.Macintosh
	}
	for i := range t.text {
		if r := dec.DecodeByte(byte(i)); r >= ' ' && r != '\uFFFD' {
			t.text[i] = string(r)
		}
	}
	code := 0
	for _, v := range d.array(dict["Differences"]) {
		switch v := d.get(v).(type) {
		case types.Integer:
			code = int(v)
		case types.Name:
			if code >= 0 && code < 256 {
				t.text[code] = glyphNamed(string(v))
				t.named[code] = !strings.ContainsAny(string(v), "0123456789")
			}
			code++
		}
	}
	return t
}

// asciiGlyphs are the names of the characters from 0x20 to 0x7E (annex D.2).
const asciiGlyphs = "space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma hyphen period slash " +
	"zero one two three four five six seven eight nine colon semicolon less equal greater question at " +
	"A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore grave " +
	"a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde"

// glyphNamed returns the character of a glyph's name; "" if the name does not say.
func glyphNamed(name string) string {
	name, _, _ = strings.Cut(name, ".")
	if i := strings.Index(" "+asciiGlyphs+" ", " "+name+" "); i >= 0 && name != "" && !strings.Contains(name, " ") {
		return string(rune(' ' + strings.Count(asciiGlyphs[:i], " ")))
	}
	switch name {
	case "minus", "endash", "sfthyphen", "hyphenminus":
		return "-"
	case "quoteright", "quoteleft":
		return "'"
	case "nbspace", "nonbreakingspace":
		return " "
	case "yen":
		return "¥"
	}
	for _, prefix := range []string{"uni", "u"} {
		if hex, ok := strings.CutPrefix(name, prefix); ok && len(hex) >= 4 {
			if n, err := strconv.ParseUint(hex, 16, 21); err == nil {
				return string(rune(n))
			}
		}
	}
	return ""
}

// composite is a font of CIDs (section 9.7). Of the predefined CMaps those are
// known whose codes are a Japanese character set, or Unicode.
func (d *fonts) composite(f *font, dict types.Dict) {
	enc := d.name(dict["Encoding"])
	f.vertical = strings.HasSuffix(enc, "V")
	f.codes, f.chars = predefined(enc)
	if data, err := d.stream(dict["Encoding"]); err == nil {
		embedded := &cmap{spaces: parseCMap(data).spaces}
		if len(embedded.spaces) > 0 {
			f.codes = embedded.length
		}
	}
	var cid types.Dict
	if list := d.array(dict["DescendantFonts"]); len(list) > 0 {
		cid = d.dict(list[0])
	}
	widths, normal := d.cidWidths(cid["W"]), 1.0
	if _, ok := cid["DW"]; ok {
		normal = d.float(cid["DW"]) / 1000
	}
	f.width = func(code string) float64 {
		if !strings.HasPrefix(enc, "Identity") {
			return normal * float64(min(len(code), 2)) / 2 // a half-width character has a code of one byte
		}
		if w, ok := widths[codeOf(code)]; ok {
			return w
		}
		return normal
	}
}

const (
	widthSteps = 1 << 20 // codes to which ranges of one array may give a width, over and over
	mappedMax  = 1 << 21 // entries of the maps of all fonts together
)

// cidWidths reads the array W (section 9.7.4.3).
func (d *fonts) cidWidths(o types.Object) map[uint32]float64 {
	widths := map[uint32]float64{}
	list := d.array(o)
	steps := 0
	for i := 0; i+1 < len(list) && len(widths) < cmapMax && steps < widthSteps; {
		first := d.float(list[i])
		if each := d.array(list[i+1]); each != nil {
			for k, w := range each[:min(len(each), cmapMax)] {
				widths[uint32(first)+uint32(k)] = d.float(w) / 1000
			}
			i += 2
			continue
		}
		if i+2 >= len(list) {
			break
		}
		for c := max(first, 0); c <= min(d.float(list[i+1]), 1<<16); c++ {
			steps++
			widths[uint32(c)] = d.float(list[i+2]) / 1000
		}
		i += 3
	}
	return widths
}

// predefined returns the codes of a predefined CMap (section 9.7.5.2) and their
// characters.
func predefined(enc string) (func(string) int, func(string) (string, bool)) {
	two := func(string) int { return 2 }
	by := func(e encoding.Encoding, prepare func(string) string) func(string) (string, bool) {
		return func(code string) (string, bool) {
			s, err := e.NewDecoder().String(prepare(code))
			return s, err == nil && !strings.ContainsRune(s, '\uFFFD')
		}
	}
	same := func(s string) string { return s }
	switch {
	case strings.Contains(enc, "RKSJ"):
		return func(s string) int {
			if c := s[0]; c >= 0x81 && c <= 0x9F || c >= 0xE0 && c <= 0xFC {
				return 2
			}
			return 1
		}, by(japanese.ShiftJIS, same)
	case enc == "EUC-H", enc == "EUC-V":
		return func(s string) int {
			if s[0] >= 0xA1 || s[0] == 0x8E {
				return 2
			}
			return 1
		}, by(japanese.EUCJP, same)
	case enc == "H", enc == "V", enc == "Add-H", enc == "Add-V", enc == "Ext-H", enc == "Ext-V":
		return two, by(japanese.EUCJP, func(s string) string {
			b := []byte(s)
			for i := range b {
				b[i] |= 0x80
			}
			return string(b)
		})
	case strings.HasPrefix(enc, "Uni") && (strings.Contains(enc, "UCS2") || strings.Contains(enc, "UTF16")):
		return func(s string) int {
				if s[0]&0xFC == 0xD8 {
					return 4
				}
				return 2
			}, func(code string) (string, bool) {
				return string(utf16.Decode(units(code))), true
			}
	}
	return two, func(string) (string, bool) { return "", false }
}
