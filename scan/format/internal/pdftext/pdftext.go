// Package pdftext reads the text of a pdf (ISO 32000-2) as lines. Objects come
// from pdfcpu, which also decrypts what opens without a password; what a page
// shows is worked out here. Read it in this order: pdftext.go (the document),
// page.go (what a page shows), lex.go (its language), font.go and cmap.go (from
// codes to characters), line.go (from places to lines).
//
// It is for a worker process: pdfcpu holds a file in memory.
package pdftext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/kagiban/kagiban/scan"
)

const (
	pagesMax  = 100_000
	depthMax  = 32       // of trees and of forms in forms
	streamMax = 32 << 20 // bytes of one stream, and of all of one page, unpacked; the library keeps up to three copies
	toldPages = 20       // pages named in one problem
)

// Read returns the text of each page as the rows of a table named after it, what
// was filled in or annotated behind it, and attached files as members. What
// shows no text that can be read is reported as a problem. Errors wrap
// scan.ErrMalformed. Password is that of the user, "" for none.
func Read(ctx context.Context, r io.ReadSeeker, password string, out scan.Sink) error {
	doc, err := load(ctx, r, password)
	if err != nil {
		return libraryError("objects", err)
	}
	all := objects{doc, map[int]bool{}, map[string]bool{}}
	d := &document{objects: all, ctx: ctx, out: out, fonts: &fonts{objects: all, made: map[string]*font{}}, seen: map[string]bool{}}
	root, err := doc.Catalog()
	if err != nil || root == nil {
		return fmt.Errorf("pdf: no catalog: %w", scan.ErrMalformed)
	}
	if err := d.pages(root["Pages"], inherited{}, 0); err != nil {
		return err
	}
	if d.number == 0 {
		out.Problem(fmt.Errorf("pdf: no page: %w", scan.ErrMalformed))
	}
	if names := d.dict(root["Names"]); names != nil {
		if err := d.attached(names["EmbeddedFiles"], 0); err != nil {
			return err
		}
	}
	if form := d.dict(root["AcroForm"]); form != nil {
		if err := d.xfa(form["XFA"]); err != nil {
			return err
		}
	}
	d.gaps()
	return d.unseen()
}

// xfa hands out an XML form (section 12.7.8): its template and what was filled in,
// in one stream or in pieces with names.
func (d *document) xfa(o types.Object) error {
	var parts []types.Object
	if list := d.array(o); list != nil {
		for i := 1; i < len(list); i += 2 {
			parts = append(parts, list[i])
		}
	} else if _, ok := d.get(o).(types.StreamDict); ok {
		parts = append(parts, o)
	}
	if len(parts) == 0 {
		return nil
	}
	var all []byte
	for _, part := range parts {
		b, err := d.stream(part)
		if err != nil {
			d.out.Problem(fmt.Errorf("pdf: XFA form: %w", err))
			continue
		}
		if all = append(all, b...); len(all) > streamMax {
			d.out.Problem(fmt.Errorf("pdf: XFA form of more than %d bytes: %w", streamMax, scan.ErrUnsupported))
			break
		}
	}
	return d.out.Member(scan.Member{Name: "form.xml", Size: int64(len(all)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(all)), nil
	}})
}

// inherited is what a page has of the nodes above it (section 7.7.3.4).
type inherited struct {
	resources types.Dict
	box       []float64
}

// Opens reports whether a password opens the file.
func Opens(ctx context.Context, r io.ReadSeeker, password string) bool {
	_, err := load(ctx, r, password)
	return err == nil
}

func load(ctx context.Context, r io.ReadSeeker, password string) (*model.Context, error) {
	return pdfcpu.ReadWithContext(ctx, r, &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Offline: true, Limits: model.DefaultResourceLimits(), UserPW: password,
	})
}

// libraryError classes an error of the library. Its words may quote the file.
func libraryError(what string, err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, filter.ErrUnsupportedFilter):
		return fmt.Errorf("pdf: %s: filter: %w", what, scan.ErrUnsupported)
	case errors.Is(err, filter.ErrDecodeLimitExceeded):
		return fmt.Errorf("pdf: %s of more than %d bytes: %w", what, streamMax, scan.ErrUnsupported)
	}
	return fmt.Errorf("pdf: %s cannot be read (%T): %w", what, err, scan.ErrMalformed)
}

// A document is being read.
type document struct {
	objects
	ctx     context.Context
	out     scan.Sink
	number  int // of the page
	fonts   *fonts
	seen    map[string]bool // nodes of trees, by reference: a loop ends
	blind   []int           // pages that show pictures and no text
	garbled []int           // pages whose content is none
	mute    []int           // pages with text in a font that does not tell its characters
}

// once reports whether a node of a tree is met for the first time.
func (d *document) once(o types.Object) bool {
	ref, ok := o.(types.IndirectRef)
	if !ok {
		return true
	}
	key := ref.PDFString()
	if d.seen[key] {
		return false
	}
	d.seen[key] = true
	return true
}

// pages walks the page tree (section 7.7.3).
func (d *document) pages(o types.Object, from inherited, depth int) error {
	if d.ctx.Err() != nil {
		return context.Cause(d.ctx)
	}
	node := d.dict(o)
	if node == nil || depth > depthMax || d.number >= pagesMax || !d.once(o) {
		d.out.Problem(fmt.Errorf("pdf: page tree: %w", scan.ErrMalformed))
		return nil
	}
	if own := d.dict(node["Resources"]); own != nil {
		from.resources = own
	}
	if box := d.floats(node["MediaBox"]); len(box) == 4 {
		from.box = box
	}
	if kids := d.array(node["Kids"]); kids != nil {
		for _, kid := range kids {
			if err := d.pages(kid, from, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	d.number++
	return d.page(node, from)
}

// page returns the rows of one page.
func (d *document) page(node types.Dict, from inherited) error {
	p := &page{document: d, area: areaOf(from.box)}
	content, err := d.content(node["Contents"])
	if err != nil {
		d.out.Problem(fmt.Errorf("page %d: %w", d.number, err))
	}
	p.run(content, from.resources, identity(), 0)
	for _, a := range d.array(node["Annots"]) {
		if err := p.annotation(d.dict(a)); err != nil {
			return err
		}
	}
	if p.garbled() || len(bytes.TrimSpace(content)) > pageNumber && p.sense == 0 {
		d.garbled = append(d.garbled, d.number)
	}
	if p.mute() {
		d.mute = append(d.mute, d.number)
	}
	lines := append(p.lines(), p.notes...)
	if !p.mute() && (len(lines) == 0 && p.pictures || p.filled() && letters(lines) < pageNumber) {
		d.blind = append(d.blind, d.number)
	}
	for i, cells := range lines {
		row := scan.Row{Table: strconv.Itoa(d.number), N: i + 1}
		for col, text := range cells {
			row.Cells = append(row.Cells, scan.Cell{Col: col, Text: []byte(text)})
		}
		if err := d.out.Row(row); err != nil {
			return err
		}
	}
	return nil
}

// pageNumber is how many characters beside a picture that fills the page are taken
// for text of the page: fewer are a page number or a date of a scanner.
const pageNumber = 40

func letters(lines [][]string) int {
	n := 0
	for _, cells := range lines {
		for _, text := range cells {
			n += len([]rune(text))
		}
	}
	return n
}

// areaOf is the area of a rectangle.
func areaOf(box []float64) float64 {
	if len(box) < 4 {
		return 612 * 792 // letter paper, which readers assume
	}
	return math.Abs((box[2] - box[0]) * (box[3] - box[1]))
}

// content joins the streams of a page: they are cut anywhere between tokens.
func (d *document) content(o types.Object) ([]byte, error) {
	parts := d.array(o)
	if parts == nil && d.get(o) != nil {
		parts = types.Array{o}
	}
	var all [][]byte
	left := int64(streamMax)
	for _, part := range parts {
		if left <= 0 {
			return nil, fmt.Errorf("pdf: content of more than %d bytes: %w", streamMax, scan.ErrUnsupported)
		}
		b, err := d.streamUpTo(part, left)
		if len(parts) == 1 {
			return b, err
		}
		if err != nil {
			return bytes.Join(all, []byte{'\n'}), err
		}
		all = append(all, b)
		left -= int64(len(b)) + 1
	}
	return bytes.Join(all, []byte{'\n'}), nil
}

// attached walks the name tree of attached files (sections 7.9.6 and 7.11.4).
func (d *document) attached(o types.Object, depth int) error {
	node := d.dict(o)
	if node == nil || depth > depthMax || !d.once(o) {
		return nil
	}
	for _, kid := range d.array(node["Kids"]) {
		if err := d.attached(kid, depth+1); err != nil {
			return err
		}
	}
	names := d.array(node["Names"])
	for i := 1; i < len(names); i += 2 {
		spec := d.dict(names[i])
		if err := d.attachment(spec); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) attachment(spec types.Dict) error {
	files := d.dict(spec["EF"])
	file, ok := files["UF"]
	if !ok {
		file, ok = files["F"]
	}
	if !ok {
		return nil
	}
	name := d.text(spec["UF"])
	if name == "" {
		name = d.text(spec["F"])
	}
	if name = path.Base("/" + name); name == "/" {
		name = "attachment"
	}
	return d.out.Member(scan.Member{Name: name, Size: -1, Open: func() (io.ReadCloser, error) {
		b, err := d.stream(file)
		return io.NopCloser(bytes.NewReader(b)), err
	}})
}

// gaps reports pages of which nothing, or not all, could be read.
func (d *document) gaps() {
	for _, gap := range []struct {
		pages []int
		what  string
		kind  error
	}{
		{d.blind, "pictures without text", scan.ErrUnsupported},
		{d.mute, "text in fonts that do not tell their characters", scan.ErrUnsupported},
		{d.garbled, "content that is none", scan.ErrMalformed},
	} {
		if n := len(gap.pages); n > 0 {
			d.out.Problem(fmt.Errorf("pdf: %d pages with %s, the first are %v: %w",
				n, gap.what, gap.pages[:min(n, toldPages)], gap.kind))
		}
	}
}
