package vocab

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Vocabulary is all the words that a detector knows. It may be used from
// several goroutines.
type Vocabulary struct {
	fields []Field
	index  index // of the fields' words
	number Number
	labels []label
	hints  [][]byte
}

// New joins the words of a kind of number, those of other fields and those of an
// organisation.
func New(number Number, own Own) *Vocabulary {
	own.Headings, own.StopWords = words(own.Headings), words(own.StopWords)
	v := &Vocabulary{
		fields: slices.Concat(number.Fields, Fields()), number: number,
		labels: labelsOf(number, own), hints: hintsOf(number, own),
	}
	stops := FoldAll(own.StopWords)
	first := &v.fields[0]
	first.Headings = slices.Concat(first.Headings, Within(FoldAll(own.Headings)...))
	first.Not = slices.Concat(first.Not, stops)
	if others := slices.Concat(stops, own.Others); len(others) > 0 {
		v.fields = append(v.fields, Field{Role: Other, Headings: Within(others...)})
	}
	v.index = indexFields(v.fields)
	return v
}

// words leaves out what has no letter and no digit.
func words(texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return Fold(text) == "" })
}

// Names reports whether a name of a file, of one of its containers or of a table
// speaks of the number. The folder does not count: a whole department may be
// called 年金課.
func (v *Vocabulary) Names(names ...string) bool {
	for _, name := range names {
		if holdsOne(Fold(name[strings.LastIndexByte(name, '/')+1:]), v.number.Files) {
			return true
		}
	}
	return false
}

// Role returns what a folded heading announces. exact: the words are the whole of
// it, so that it is no title that merely mentions them.
func (v *Vocabulary) Role(folded string) (r Role, exact bool) {
	if folded == "" {
		return None, false
	}
	if named, ok := v.fields[0].named(folded); named && ok {
		_, exact := v.fields[0].Matches(folded)
		return v.fields[0].Role, exact
	}
	if r := endRole(folded); r != None && !v.forbids(r, folded) {
		return r, utf8.RuneCountInString(folded) <= 8
	}
	if i, exact := v.field(folded); i >= 0 {
		return v.fields[i].Role, exact
	}
	if foreignNumber(folded) {
		return Other, false
	}
	return None, false
}

// field returns the place of the first field whose a folded heading is, or -1.
func (v *Vocabulary) field(folded string) (place int, exact bool) {
	held := v.index.in(folded)
	for i := range v.fields {
		if held&(1<<i) == 0 && !v.fields[i].distorted(folded) {
			continue
		}
		if ok, exact := v.fields[i].Matches(folded); ok {
			return i, exact
		}
	}
	return -1, false
}

func endRole(folded string) Role {
	for _, end := range endings() {
		if strings.HasSuffix(folded, end.text) {
			return end.role
		}
	}
	return None
}

// forbids reports whether a heading holds a word that the field of a role forbids.
func (v *Vocabulary) forbids(r Role, folded string) bool {
	for i := range v.fields {
		if v.fields[i].Role == r {
			return holdsOne(folded, v.fields[i].Not)
		}
	}
	return false
}

// A Reader reads the headings of one document. The words of a table come again in
// its rows, so that a few are remembered.
type Reader struct {
	*Vocabulary
	headings map[string]heading
	columns  map[string]column
}

type heading struct {
	role  Role
	exact bool
}

type column struct {
	role   Role
	barred Roles
}

const maxRemembered = 4096

// NewReader returns a reader that remembers nothing yet.
func (v *Vocabulary) NewReader() *Reader {
	return &Reader{Vocabulary: v, headings: map[string]heading{}, columns: map[string]column{}}
}

// Heading returns what a text announces as a heading.
func (r *Reader) Heading(text []byte) (Role, bool) {
	if len(text) > MaxHeading || bytes.IndexByte(text, '=') >= 0 || sentence(text) || !utf8.Valid(text) {
		return None, false
	}
	if known, ok := r.headings[string(text)]; ok {
		return known.role, known.exact
	}
	role, exact := r.Role(Fold(string(text)))
	if len(r.headings) >= maxRemembered {
		clear(r.headings)
	}
	r.headings[string(text)] = heading{role, exact}
	return role, exact
}

// Column returns the role of a column by the whole of its heading, and the roles
// that the heading forbids.
func (r *Reader) Column(text string) (Role, Roles) {
	if known, ok := r.columns[text]; ok {
		return known.role, known.barred
	}
	folded := Fold(text)
	var barred Roles
	for i := range r.fields {
		if holdsOne(folded, r.fields[i].Not) {
			barred |= 1 << r.fields[i].Role
		}
	}
	role, _ := r.Role(folded)
	if role == Pension {
		role = PartOf(folded)
	}
	if len(r.columns) >= maxRemembered {
		clear(r.columns)
	}
	r.columns[text] = column{role, barred}
	return role, barred
}

// Private reports whether a heading is that of some number in a spelling that only
// its program knows: in Latin letters, and of no field.
func (v *Vocabulary) Private(heading string) bool {
	folded := Fold(heading)
	for i := range len(folded) {
		if folded[i] >= utf8.RuneSelf {
			return false
		}
	}
	if i, _ := v.field(folded); i >= 0 {
		return false
	}
	return foreignNumber(folded)
}

// Explicit reports whether a heading has the name of the number in full.
func (v *Vocabulary) Explicit(heading string) bool {
	full := v.number.Fields[0].Full
	return full != "" && strings.Contains(Fold(heading), full)
}

// sentence reports whether a text is one and no heading.
func sentence(text []byte) bool {
	if bytes.Contains(text, []byte("。")) {
		return true
	}
	for _, end := range [...]string{"です", "ます", "した", "せん", "ください", "下さい", "願います"} {
		if bytes.HasSuffix(text, []byte(end)) {
			return true
		}
	}
	return false
}
