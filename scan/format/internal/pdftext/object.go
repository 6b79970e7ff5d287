package pdftext

import (
	"fmt"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/kagiban/kagiban/scan"
)

// objects are the objects of a file, by what is expected of them.
type objects struct {
	doc  *model.Context
	read map[int]bool    // streams that were read, by number
	told map[string]bool // text strings that were taken and have digits
}

// get follows a reference; what cannot be had is nil.
func (d objects) get(o types.Object) types.Object {
	for range 4 {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return o
		}
		var err error
		if o, err = d.doc.Dereference(ref); err != nil {
			return nil
		}
	}
	return nil
}

func (d objects) dict(o types.Object) types.Dict {
	switch v := d.get(o).(type) {
	case types.Dict:
		return v
	case types.StreamDict:
		return v.Dict
	}
	return nil
}

func (d objects) array(o types.Object) types.Array {
	a, _ := d.get(o).(types.Array)
	return a
}

func (d objects) name(o types.Object) string {
	n, _ := d.get(o).(types.Name)
	return string(n)
}

// stream returns the bytes of a stream.
func (d objects) stream(o types.Object) ([]byte, error) { return d.streamUpTo(o, streamMax) }

// streamUpTo is stream with a limit of its own.
func (d objects) streamUpTo(o types.Object, most int64) ([]byte, error) {
	if ref, is := o.(types.IndirectRef); is && d.read != nil {
		d.read[ref.ObjectNumber.Value()] = true
	}
	sd, ok := d.get(o).(types.StreamDict)
	if !ok {
		return nil, fmt.Errorf("pdf: stream is missing: %w", scan.ErrMalformed)
	}
	if sd.Content == nil {
		if err := sd.DecodeWithLimit(most); err != nil {
			return nil, libraryError("stream", err)
		}
	}
	return sd.Content, nil
}

// text returns a text string (section 7.9.2.2).
func (d objects) text(o types.Object) string {
	var s string
	var err error
	switch v := d.get(o).(type) {
	case types.StringLiteral:
		s, err = types.StringLiteralToString(v)
	case types.HexLiteral:
		s, err = types.HexLiteralToString(v)
	}
	if err != nil {
		return ""
	}
	if d.told != nil && strings.ContainsAny(s, "0123456789") {
		d.told[s] = true
	}
	return s
}

func (d objects) floats(o types.Object) []float64 {
	var out []float64
	for _, v := range d.array(o) {
		out = append(out, d.float(v))
	}
	return out
}

func (d objects) float(o types.Object) float64 {
	switch n := d.get(o).(type) {
	case types.Integer:
		return float64(n)
	case types.Float:
		return float64(n)
	}
	return 0
}
