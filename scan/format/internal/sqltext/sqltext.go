package sqltext

import (
	"bytes"
	"io"
	"strings"

	"github.com/kagiban/kagiban/scan/format/internal/grid"
	"github.com/kagiban/kagiban/scan/format/internal/refill"
)

// Read hands the rows of a text to a writer. Text is UTF-8.
func Read(in io.Reader, most int, w *grid.Writer) (cut bool, err error) {
	r := reader{
		tokens: tokens{s: &scanner{Window: refill.NewWindow(in), most: most}, t: &tables{w: w, by: map[string]*table{}}},
		w:      w,
	}
	for err == nil && r.k != end || !r.begun {
		if !r.begun {
			r.begun = true
			r.next()
			continue
		}
		err = r.statement()
	}
	if err == nil {
		err = r.s.Err
	}
	if err == nil {
		err = r.t.flushLine()
	}
	return r.s.cut || r.t.cut, err
}

// A reader puts tokens together to statements.
type reader struct {
	tokens
	w     *grid.Writer
	begun bool
	lists lister
}

// tokens are those of a text, and what they are put together to within a statement.
type tokens struct {
	s *scanner
	t *tables
	k kind // of the token at hand

	echoes bool   // the tokens of the statement at hand are kept
	echo   []byte // here

	// Of the latest expression:
	literal   bool   // it holds a text, or a number of some digits
	alias     string // behind it
	parameter string // of a procedure, to which it goes
	named     bool   // parameters are looked for
}

// next takes the next token. What remarks say comes as lines: MySQL hides statements
// in them, people hide lists.
func (r *tokens) next() {
	if r.echoes && len(r.echo) < maxEcho {
		r.echo = append(append(r.echo, r.said()...), ' ')
	}
	for r.k = r.s.next(); r.k == remark; r.k = r.s.next() {
		r.signature(r.s.val)
		r.t.say(r.s.val)
		r.t.endLine()
	}
}

// said returns the token at hand as a line has it.
func (r *tokens) said() []byte {
	switch r.k {
	case text, name, word:
		return r.s.val
	}
	return []byte{byte(r.k)}
}

// is reports whether the token at hand is a key word.
func (r *tokens) is(words ...string) bool {
	if r.k != word {
		return false
	}
	for _, w := range words {
		if len(r.s.val) == len(w) && strings.EqualFold(string(r.s.val), w) {
			return true
		}
	}
	return false
}

// statement takes one statement.
func (r *reader) statement() error {
	var err error
	switch {
	case r.is("insert", "replace"):
		err = r.insert()
	case r.is("update"):
		err = r.update()
	case r.is("copy"):
		err = r.copy()
	case r.is("create"):
		err = r.create()
	case r.is("call", "exec", "execute", "perform"):
		err = r.call()
	}
	if err != nil {
		return err
	}
	return r.rest()
}

// rest hands out what is left of a statement as lines.
func (r *reader) rest() error {
	r.lists = lister{}
	for r.k != end && r.k != ';' && !r.is("insert", "go", "exec", "execute", "call") {
		if r.is("select") {
			if err := r.query(); err != nil {
				return err
			}
			continue
		}
		values := r.is("values")
		r.lists.see(r.k, r.s.val)
		r.t.say(r.said())
		if len(r.t.line) > r.s.most/2 {
			if err := r.t.flushLine(); err != nil {
				return err
			}
		}
		if r.next(); values && r.k == '(' {
			if err := r.derived(r.lists.last); err != nil {
				return err
			}
		}
	}
	r.t.endLine()
	if r.k == ';' || r.is("go") {
		r.next()
	}
	return r.t.flushLine()
}

// qualified takes a name and returns the last part of it.
func (r *tokens) qualified() string {
	last := ""
	for r.k == name || r.k == word {
		last = string(r.s.val[:min(len(r.s.val), maxName)])
		if r.next(); r.k != '.' {
			break
		}
		r.next()
	}
	return last
}

const maxName = 256

// insert takes INSERT INTO a (b, c) VALUES (…), (…), and with SET in their place.
func (r *reader) insert() error {
	r.next()
	for r.is("low_priority", "delayed", "high_priority", "ignore", "or", "abort", "fail", "rollback", "replace", "overwrite", "all", "first") {
		r.next()
	}
	for again := true; again; {
		if r.is("into", "table") {
			r.next()
		}
		t := r.t.table(r.qualified())
		var columns []int
		if r.k == '(' {
			columns = r.t.columns(t, r.names())
		}
		for r.is("overriding", "system", "user", "default") {
			r.next()
		}
		if r.is("value") { // MySQL has both words
			r.s.val = append(r.s.val, 's')
		}
		switch {
		case r.is("values"):
			r.next()
			if err := r.tuples(t, columns); err != nil {
				return err
			}
		case r.is("set"):
			r.next()
			return r.assignments(t)
		case r.is("select"):
			if err := r.selected(t, columns); err != nil {
				return err
			}
		default:
			return nil
		}
		again = r.is("into") // INSERT ALL of Oracle
	}
	return nil
}

// names takes a list of names in brackets.
func (r *tokens) names() (names []string) {
	for r.next(); r.k != ')' && r.k != end && r.k != ';'; {
		if r.k == ',' {
			r.next()
			continue
		}
		if n := r.qualified(); n != "" {
			if len(names) < maxColumns {
				names = append(names, n)
			}
			continue
		}
		r.next()
	}
	if r.k == ')' {
		r.next()
	}
	return names
}

// tuples takes rows of values in brackets.
func (r *reader) tuples(t *table, columns []int) error {
	for r.k == '(' || r.k == ',' || r.is("row") {
		if r.k != '(' {
			r.next()
			continue
		}
		r.next()
		if err := r.t.begin(t); err != nil {
			return err
		}
		for i := 0; r.k != end; i++ {
			col := i
			if columns != nil {
				col = columns[min(i, len(columns)-1)]
			}
			r.t.value(col, r.expression(false))
			if r.k != ',' {
				break
			}
			r.next()
		}
		if r.k == ')' {
			r.next()
		}
		if err := r.t.flush(); err != nil {
			return err
		}
	}
	return nil
}

// selected takes rows that are selected as they stand: SELECT 'a', 'b' FROM dual
// UNION ALL SELECT 'c', 'd'.
func (r *reader) selected(t *table, columns []int) error {
	for r.is("select") {
		items := r.items()
		if len(columns) == 0 {
			columns = r.aliases(t, items)
		}
		if err := r.row(t, columns, values(items)); err != nil {
			return err
		}
		for r.k == word && !r.is("select", "insert", "go") {
			r.next() // FROM dual UNION ALL
		}
	}
	return nil
}

// update takes UPDATE a SET b = …, c = … WHERE d = …
func (r *reader) update() error {
	r.next()
	for r.is("low_priority", "ignore", "only") {
		r.next()
	}
	t := r.t.table(r.qualified())
	if !r.is("set") {
		return nil
	}
	r.next()
	return r.assignments(t)
}

// assignments takes names with their values, those of a condition too.
func (r *reader) assignments(t *table) error {
	type pair struct {
		col   int
		value []byte
	}
	var pairs []pair
	size := 0
	for r.k != end && r.k != ';' && !r.is("go") && len(pairs) < maxColumns && size < maxDerived {
		if r.k == ',' || r.is("where", "and") {
			r.next()
			continue
		}
		n := r.qualified()
		if n == "" || r.k != '=' {
			break
		}
		r.next()
		value := bytes.Clone(r.expression(true))
		size += len(value)
		pairs = append(pairs, pair{r.t.columns(t, []string{n})[0], value})
	}
	if err := r.t.begin(t); err != nil {
		return err
	}
	for _, p := range pairs {
		r.t.value(p.col, p.value)
	}
	return r.t.flush()
}

// create takes the names of the columns of CREATE TABLE a (b …, c …).
func (r *reader) create() error {
	r.next()
	for r.is("or", "replace", "global", "local", "temporary", "temp", "unlogged", "external", "foreign", "memory", "cached", "text", "virtual", "column", "row") {
		r.next()
	}
	routine := r.is("function", "procedure", "proc")
	if !routine && !r.is("table") {
		return nil
	}
	r.next()
	for r.is("if", "not", "exists") {
		r.next()
	}
	t := r.t.table(r.qualified())
	if r.k != '(' {
		return nil
	}
	r.t.create(t)
	depth, first, remarks := 1, true, false
	for r.next(); r.k != end && r.k != ';' && depth > 0; r.next() {
		switch {
		case r.k == '(':
			depth++
		case r.k == ')':
			depth--
		case depth == 1 && r.k == ',':
			first = true
			continue
		case routine && depth == 1 && first && r.is("in", "out", "inout"):
			continue
		case depth == 1 && first && (r.k == name || r.k == word):
			if r.k == name || !r.is("primary", "key", "unique", "index", "constraint", "foreign", "check", "fulltext", "spatial", "exclude", "like", "period") {
				r.t.columns(t, []string{string(r.s.val[:min(len(r.s.val), maxName)])})
			}
		case r.k == text && remarks:
			t.describe(r.s.val)
		case r.k == text:
			r.t.say(r.s.val)
		}
		first, remarks = false, r.is("comment")
	}
	return nil
}
