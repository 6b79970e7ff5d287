package pdftext

import (
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/kagiban/kagiban/scan"
)

// A matrix maps text to the page (section 8.3.4): x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

func identity() matrix { return matrix{a: 1, d: 1} }

// then returns the map that does m first.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d, m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func matrixOf(args []float64) (matrix, bool) {
	if len(args) < 6 {
		return matrix{}, false
	}
	args = args[len(args)-6:]
	return matrix{args[0], args[1], args[2], args[3], args[4], args[5]}, true
}

// A state is the part of the graphics state that places text (section 9.3).
type state struct {
	ctm              matrix
	font             *font
	size             float64
	chars, words     float64 // spacing
	scale            float64 // horizontal
	leading, rise    float64
	text, lineMatrix matrix
	moved            bool // to a place of its own since text was last shown
}

// A page is being shown.
type page struct {
	*document
	runs     []run
	notes    [][]string // lines that have no place: fields and notes
	pictures bool
	area     float64 // of the page
	shown    float64 // area of the largest picture
	sense    int     // operators of the language of content,
	nonsense int     // and others
	unknown  int     // glyphs of which nobody knows the character
	forms    int
	deep     bool // a form lies too deep, or an array is too long
	cut      bool // there were too many runs
}

// filled reports whether a picture fills most of the page, as that of a scanner does.
func (p *page) filled() bool { return p.shown > p.area/2 }

// garbled reports whether the content of the page is none: it was decrypted with a
// wrong key, or is damaged.
func (p *page) garbled() bool { return p.nonsense > p.sense }

// operatorKnown selects the operators of content streams (annex A).
func operatorKnown(op operator) bool {
	switch op {
	case "b", "B", "b*", "B*", "BDC", "BI", "BMC", "BT", "BX", "c", "cm", "CS", "cs", "d", "d0", "d1", "Do", "DP", "EI", "EMC", "ET", "EX",
		"f", "F", "f*", "G", "g", "gs", "h", "i", "ID", "j", "J", "K", "k", "l", "m", "M", "MP", "n", "q", "Q", "re", "RG", "rg", "ri", "s", "S",
		"SC", "sc", "SCN", "scn", "sh", "T*", "Tc", "Td", "TD", "Tf", "Tj", "TJ", "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "v", "w", "W", "W*", "y", "'", `"`:
		return true
	}
	return false
}

// mute reports whether the page may show a number that cannot be read: it has
// ten digits.
func (p *page) mute() bool { return p.unknown >= 10 || p.deep }

const (
	runsMax   = 250_000 // on one page
	formsMax  = 10_000
	statesMax = 1_000
)

// An interpreter runs one content stream.
type interpreter struct {
	*page
	resources types.Dict
	state     state
	stack     []state
	depth     int
	operands  []any
	lexer     lexer
}

// run shows a content stream.
func (p *page) run(content []byte, resources types.Dict, ctm matrix, depth int) {
	in := &interpreter{page: p, resources: resources, depth: depth, state: state{ctm: ctm, scale: 1}, lexer: lexer{data: content}}
	in.state.text, in.state.lineMatrix = identity(), identity()
	for n := 0; ; n++ {
		if n%1024 == 0 && p.ctx.Err() != nil {
			return
		}
		v, ok := in.lexer.next(0)
		if p.deep = p.deep || in.lexer.cut; !ok || p.full() {
			return
		}
		op, is := v.(operator)
		if !is {
			if in.operands = append(in.operands, v); len(in.operands) > 64 {
				in.operands = in.operands[1:]
			}
			continue
		}
		if operatorKnown(op) {
			p.sense++
		} else {
			p.nonsense++
		}
		in.do(op)
		in.operands = in.operands[:0]
	}
}

// numbers returns the operands that are numbers, and at least n of them.
func (in *interpreter) numbers(n int) []float64 {
	var out []float64
	for _, v := range in.operands {
		if f, ok := v.(float64); ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
			out = append(out, f)
		}
	}
	for len(out) < n {
		out = append(out, 0)
	}
	return out
}

func (in *interpreter) last() any {
	if len(in.operands) == 0 {
		return nil
	}
	return in.operands[len(in.operands)-1]
}

// do follows one operator (annex A).
func (in *interpreter) do(op operator) {
	s := &in.state
	switch op {
	case "q":
		if len(in.stack) < statesMax {
			in.stack = append(in.stack, *s)
		}
	case "Q":
		if n := len(in.stack); n > 0 {
			*s, in.stack = in.stack[n-1], in.stack[:n-1]
		}
	case "cm":
		if m, ok := matrixOf(in.numbers(0)); ok {
			s.ctm = m.then(s.ctm)
		}
	case "BT":
		s.text, s.lineMatrix, s.moved = identity(), identity(), true
	case "BI":
		in.pictures = true
		in.lexer.inlineImage()
	case "Do":
		if n, ok := in.last().(name); ok {
			in.xobject(string(n))
		}
	case "Tf":
		s.size = in.numbers(1)[0]
		for _, v := range in.operands {
			if n, ok := v.(name); ok {
				s.font = in.fonts.named(in.resources, string(n))
			}
		}
	case "Tc":
		s.chars = in.numbers(1)[0]
	case "Tw":
		s.words = in.numbers(1)[0]
	case "Tz":
		s.scale = in.numbers(1)[0] / 100
	case "TL":
		s.leading = in.numbers(1)[0]
	case "Ts":
		s.rise = in.numbers(1)[0]
	default:
		in.show(op)
	}
}

// show follows the operators that move or show text (sections 9.4.2 and 9.4.3).
func (in *interpreter) show(op operator) {
	s := &in.state
	switch op {
	case "Td", "TD":
		n := in.numbers(2)
		if op == "TD" {
			s.leading = -n[1]
		}
		in.move(n[0], n[1])
	case "Tm":
		if m, ok := matrixOf(in.numbers(0)); ok {
			s.text, s.lineMatrix, s.moved = m, m, true
		}
	case "T*":
		in.move(0, -s.leading)
	case "Tj":
		in.put(in.last())
	case "'", `"`:
		if n := in.numbers(0); op == `"` && len(n) >= 2 {
			s.words, s.chars = n[0], n[1]
		}
		in.move(0, -s.leading)
		in.put(in.last())
	case "TJ":
		list, _ := in.last().(array)
		for _, v := range list {
			if shift, ok := v.(float64); ok {
				in.advance(-shift / 1000 * s.size)
			} else {
				in.put(v)
			}
		}
	}
}

func (in *interpreter) move(x, y float64) {
	in.state.lineMatrix = matrix{1, 0, 0, 1, x, y}.then(in.state.lineMatrix)
	in.state.text, in.state.moved = in.state.lineMatrix, true
}

// advance moves on in the direction of writing.
func (in *interpreter) advance(by float64) {
	s := &in.state
	move := matrix{1, 0, 0, 1, by * s.scale, 0}
	if s.font != nil && s.font.vertical {
		move = matrix{1, 0, 0, 1, 0, -by}
	}
	s.text = move.then(s.text)
}

// put shows one string.
func (in *interpreter) put(v any) {
	s := &in.state
	codes, ok := v.(string)
	if !ok || s.font == nil || codes == "" {
		return
	}
	s.font.glyphs(codes, func(g glyph) bool {
		at := matrix{s.size * s.scale, 0, 0, s.size, 0, s.rise}.then(s.text).then(s.ctm)
		before := s.text
		by := g.width*s.size + s.chars
		if g.blank {
			by += s.words
		}
		in.advance(by)
		if !g.known {
			in.unknown++
		}
		if g.text == "" {
			return true
		}
		end := matrix{1, 0, 0, 1, 0, s.rise}.then(s.text).then(s.ctm)
		start := matrix{1, 0, 0, 1, 0, s.rise}.then(before).then(s.ctm)
		in.runs = append(in.runs, run{
			text: g.text, x: start.e, y: start.f, endX: end.e, endY: end.f,
			size: math.Max(math.Hypot(at.c, at.d), 0.01), vertical: s.font.vertical, moved: s.moved,
		})
		s.moved = false
		return !in.full()
	})
}

// full reports that the page has more characters than are kept.
func (p *page) full() bool {
	if len(p.runs) < runsMax {
		return false
	}
	if !p.cut {
		p.cut = true
		p.out.Problem(fmt.Errorf("pdf: page %d has more than %d characters: %w", p.number, runsMax, &scan.LimitError{Limit: "row"}))
	}
	return true
}

// xobject shows a form, or notes a picture (sections 8.8 and 8.10).
func (in *interpreter) xobject(key string) {
	o := in.dict(in.resources["XObject"])[key]
	form := in.dict(o)
	switch in.name(form["Subtype"]) {
	case "Image":
		in.pictures = true
		m := in.state.ctm // of the unit square (section 8.9.5)
		in.shown = max(in.shown, math.Abs(m.a*m.d-m.b*m.c))
	case "Form":
		in.form(o, form, in.state.ctm, in.resources, in.depth)
	}
}

func (p *page) form(o types.Object, form types.Dict, ctm matrix, resources types.Dict, depth int) {
	if p.forms++; depth >= depthMax/4 || p.forms > formsMax {
		p.deep = true
		return
	}
	if own := p.dict(form["Resources"]); own != nil {
		resources = own
	}
	if m, ok := matrixOf(p.floats(form["Matrix"])); ok {
		ctm = m.then(ctm)
	}
	content, err := p.stream(o)
	if err != nil {
		p.out.Problem(err)
		return
	}
	p.run(content, resources, ctm, depth+1)
}

// annotation adds what was filled into a field, or noted, or else what a stamp
// shows (sections 12.5 and 12.7), and hands out a file that is attached to a place.
func (p *page) annotation(a types.Dict) error {
	found := false
	for _, key := range []string{"V", "Contents"} {
		field := a
		for range depthMax { // a field inherits its value
			if text := p.text(field[key]); text != "" {
				p.notes = append(p.notes, []string{text})
				found = true
				break
			}
			if field = p.dict(field["Parent"]); field == nil {
				break
			}
		}
	}
	p.choices(a)
	if !found {
		p.appearance(a)
	} else {
		p.known(a["AP"], 0) // shows the same
	}
	if p.name(a["Subtype"]) == "FileAttachment" {
		if spec := p.dict(a["FS"]); spec != nil {
			return p.attachment(spec)
		}
	}
	return nil
}

// choices adds what a field offers to choose from (section 12.7.5.4), and the
// values that are chosen.
func (p *page) choices(a types.Dict) {
	for _, key := range []string{"Opt", "V", "DV"} {
		list := p.array(a[key])
		for _, o := range list[:min(len(list), formsMax)] {
			if pair := p.array(o); len(pair) == 2 {
				o = pair[1]
			}
			if text := p.text(o); text != "" {
				p.notes = append(p.notes, []string{text})
			}
		}
	}
}

// appearance shows the normal appearance of an annotation, one of several states
// (section 12.5.5), at its place.
func (p *page) appearance(a types.Dict) {
	normal := p.dict(a["AP"])["N"]
	if _, ok := p.get(normal).(types.StreamDict); !ok {
		states := p.dict(normal)
		normal = states[p.name(a["AS"])]
		if _, ok := p.get(normal).(types.StreamDict); !ok {
			return
		}
	}
	place := identity()
	if rect := p.floats(a["Rect"]); len(rect) == 4 {
		place.e, place.f = rect[0], rect[1]
	}
	p.form(normal, p.dict(normal), place, nil, 0)
}
