package pdftext

import (
	"bytes"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/kagiban/kagiban/scan"
)

// What no page shows: strings of bookmarks, properties and scripts, and streams to
// which nothing leads. They are searched for numbers. That there are some is nothing to
// report, since programs leave what they no longer use.

const (
	unseenStream = 4 << 20 // bytes of one stream that are looked at
	unseenDepth  = 16
	unseenDigits = 10 // of a number
	unseenText   = 64 << 10
)

// unseen hands out text of objects that has digits for a number and has not been
// handed out.
func (d *document) unseen() error {
	u := &unseen{document: d}
	for _, number := range slices.Sorted(maps.Keys(d.doc.Table)) {
		if d.ctx.Err() != nil {
			return nil // the pages are through, and whoever cancelled knows
		}
		if entry := d.doc.Table[number]; entry != nil && !entry.Free {
			u.object(entry, number)
		}
		if u.err != nil {
			return u.err
		}
	}
	return nil
}

type unseen struct {
	*document
	rows int
	err  error
}

func (u *unseen) object(entry *model.XRefTableEntry, number int) {
	switch o := entry.Object.(type) {
	case types.StreamDict:
		u.strings(o.Dict, 0)
		if !u.read[number] && !standsForItself(u.objects, o.Dict) {
			u.stream(o)
		}
	default:
		u.strings(o, 0)
	}
}

// strings looks at the strings in an object.
func (u *unseen) strings(o types.Object, depth int) {
	if depth > unseenDepth || u.err != nil {
		return
	}
	switch v := o.(type) {
	case types.Dict:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			u.strings(v[key], depth+1)
		}
	case types.Array:
		for _, item := range v {
			u.strings(item, depth+1)
		}
	case types.StringLiteral, types.HexLiteral:
		taken := len(u.told)
		if text := u.objects.text(v); len(u.told) > taken {
			u.text([]byte(text))
		}
	}
}

// stream looks at the bytes of a stream.
func (u *unseen) stream(sd types.StreamDict) {
	if sd.Content == nil && sd.DecodeWithLimit(unseenStream) != nil {
		return
	}
	u.text(sd.Content[:min(len(sd.Content), unseenStream)])
}

// text hands out the lines of a text that have digits enough, and the line before each,
// which may announce them.
func (u *unseen) text(text []byte) {
	if digits(text) < unseenDigits {
		return
	}
	var before []byte
	waiting := false
	for line := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r < 0x20 }) {
		line = line[:min(len(line), unseenText)]
		if digits(line) >= unseenDigits && printable(line) {
			if waiting {
				u.row(before)
			}
			u.row(line)
			waiting = false
			continue
		}
		before, waiting = line, printable(line)
	}
}

func (u *unseen) row(text []byte) {
	if u.err != nil {
		return
	}
	u.rows++
	u.err = u.out.Row(scan.Row{Table: "!objects", N: u.rows, Cells: []scan.Cell{{Text: text}}})
}

func digits(text []byte) (n int) {
	for _, c := range text {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// printable reports whether a line is text: in UTF-8, without controls.
func printable(line []byte) bool {
	return !bytes.ContainsFunc(line, func(r rune) bool { return r < 0x20 || r == 0x7F || r == 0xFFFD })
}

// standsForItself selects streams that hold no text by their specification: pictures,
// fonts and what describes them, profiles of colours, tables of objects.
func standsForItself(d objects, dict types.Dict) bool {
	switch d.name(dict["Type"]) {
	case "XRef", "ObjStm", "XObject":
		return d.name(dict["Subtype"]) != "Form"
	case "CMap", "Pattern":
		return true
	}
	switch d.name(dict["Subtype"]) {
	case "Image", "Type1C", "CIDFontType0C", "OpenType":
		return true
	}
	for _, key := range []string{"Length1", "N", "FunctionType", "ShadingType", "CMapName"} {
		if dict[key] != nil {
			return true
		}
	}
	return false
}

// known says that streams are read already.
func (p *page) known(o types.Object, depth int) {
	if ref, is := o.(types.IndirectRef); is {
		p.read[ref.ObjectNumber.Value()] = true
	}
	const deep = 3 // the state, and what it shows
	if _, stream := p.get(o).(types.StreamDict); stream || depth == deep {
		return
	}
	for _, inner := range p.dict(o) {
		p.known(inner, depth+1)
	}
}
