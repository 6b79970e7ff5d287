package sqltext

import (
	"bytes"
	"slices"
)

// An item is one of the list behind SELECT.
type item struct {
	value []byte
	args  [][]byte // of the function that it is the call of
	alias string
	fixed bool // it is a literal, or a function of some
}

// maxEcho bounds the words of a statement that are kept until it is known whether it
// holds a row.
const maxEcho = 4 << 10

// query takes rows that are selected as they stand, SELECT 'a' AS x, 'b' AS y UNION
// ALL SELECT 'c', 'd', and the call of a function with its arguments. Any other query
// is a line.
func (r *reader) query() error {
	var columns []int
	t := r.t.table("")
	for r.is("select") {
		r.echo, r.echoes = r.echo[:0], true
		items := r.items()
		r.echoes = false
		switch {
		case !slices.ContainsFunc(items, func(it item) bool { return it.fixed }), len(items) == 1 && len(items[0].args) < 2:
			r.t.say(r.echo)
			return nil
		case len(items) == 1 && len(items[0].args) > 1:
			if err := r.row(r.t.table(items[0].alias), nil, items[0].args); err != nil {
				return err
			}
		default:
			if columns == nil {
				columns = r.aliases(t, items)
			}
			if err := r.row(t, columns, values(items)); err != nil {
				return err
			}
		}
		for r.k == word && !r.is("select", "insert", "go", "where") {
			r.next() // FROM dual UNION ALL
		}
	}
	return nil
}

func values(items []item) [][]byte {
	out := make([][]byte, len(items))
	for i := range items {
		out[i] = items[i].value
	}
	return out
}

// aliases returns the columns of items by the names that they are selected as; nil if
// they have none.
func (r *reader) aliases(t *table, items []item) []int {
	names := make([]string, len(items))
	for i := range items {
		if names[i] = items[i].alias; names[i] == "" {
			return nil
		}
	}
	return r.t.columns(t, names)
}

// items takes the list behind SELECT.
func (r *tokens) items() (items []item) {
	for r.next(); r.is("distinct", "all"); {
		r.next()
	}
	size := 0
	for r.k != end && len(items) < maxColumns && size < maxDerived {
		it := r.item()
		items, size = append(items, it), size+2*len(it.value)
		if r.k != ',' {
			break
		}
		r.next()
	}
	return items
}

func (r *tokens) item() (it item) {
	name := ""
	if r.k == word && r.s.Peek() == '(' || r.s.Peek() == '.' {
		if name = r.qualified(); r.k == '(' {
			it.args = r.arguments(nil)
			it.value = bytes.Join(it.args, []byte(" "))
			it.fixed = r.literal
		} else {
			it.value = []byte(name)
		}
	}
	r.literal = false
	if more := r.expression(true); len(more) > 0 {
		if len(it.value) > 0 {
			it.value, it.args = append(it.value, ' '), nil
		}
		it.value = append(it.value, more...)
	}
	it.fixed = it.fixed || r.literal
	switch {
	case r.is("as"):
		r.next()
		it.alias = r.qualified()
	case r.alias != "":
		it.alias = r.alias
	case len(it.args) > 0:
		it.alias = name
	}
	return it
}

// expression takes a value: the texts in it, else its words. Whole: up to a key word
// that ends a list of assignments too.
func (r *tokens) expression(whole bool) []byte {
	out, texts := r.t.room[:0], false
	r.literal, r.alias, r.parameter = false, "", ""
	was := kind(0)
	for depth := 0; r.k != end && r.k != ';'; r.next() {
		switch {
		case r.k == '(':
			depth++
			continue
		case r.k == ')' && depth > 0:
			depth--
			continue
		case depth == 0 && (r.k == ')' || r.k == ','), whole && depth == 0 && r.is("where", "and", "on", "returning", "from", "go", "union", "as", "exec", "execute", "call"):
			r.t.room = out
			return out
		case r.named && depth == 0 && r.k == '=' && !texts && len(out) > 0:
			r.parameter, out = string(bytes.Trim(out, "@:")), out[:0]
			continue
		case r.parameter != "" && r.k == word && string(r.s.val) == ">":
			continue
		case whole && depth == 0 && was == text && (r.k == word || r.k == name && !numbered(r.s.val)):
			r.alias, was = string(r.s.val[:min(len(r.s.val), maxName)]), r.k
			continue
		case r.k == text || r.k == name:
			if !texts { // words before it say how it is written
				texts, out = true, out[:0]
			}
			r.literal = true
		case r.k == word && numbered(r.s.val):
			r.literal = true
		case texts || r.k != word || r.is("null", "default"):
			continue
		}
		was = r.k
		if len(out) > 0 {
			out = append(out, ' ')
		}
		if len(out)+len(r.s.val) < r.s.most {
			out = append(out, r.s.val...)
		}
	}
	r.t.room = out
	return out
}

// numbered reports whether a word has so many digits that it may be a number that is
// searched, or a part of one.
func numbered(val []byte) bool {
	n := 0
	for _, c := range val {
		if c-'0' <= 9 {
			n++
		}
	}
	return n >= 4
}

// arguments takes what stands in brackets behind the name of a function. Names of
// parameters go to names if the caller wants them.
func (r *tokens) arguments(names *[]string) (args [][]byte) {
	r.literal = false
	literal, size := false, 0
	for r.next(); r.k != end && r.k != ';'; r.next() {
		if names != nil {
			*names = append(*names, "")
		}
		r.named = names != nil
		args = append(args, bytes.Clone(r.expression(false)))
		r.named = false
		if literal = literal || r.literal; names != nil {
			(*names)[len(*names)-1] = r.parameter
		}
		if size += len(args[len(args)-1]); r.k != ',' || len(args) >= maxColumns || size > maxDerived {
			break
		}
	}
	if r.literal = literal; r.k == ')' {
		r.next()
	}
	return args
}

// call takes the call of a procedure, as a row of the table of its name: CALL f('a',
// 'b'), EXEC f 'a', @b = 'c'.
func (r *reader) call() error {
	exec := r.is("exec", "execute")
	for r.next(); r.k == word && len(r.s.val) > 0 && r.s.val[0] == '@'; r.next() { // EXEC @result = f
		if r.next(); r.k != '=' {
			return nil
		}
	}
	t := r.t.table(r.qualified())
	var names []string
	var args [][]byte
	size := 0
	switch {
	case t.name == "":
		return nil
	case r.k == '(':
		args = r.arguments(&names)
	case !exec:
		return nil
	default:
		for r.k != end && r.k != ';' && !r.is("go") && len(args) < maxColumns && size < maxDerived {
			r.named = true
			args = append(args, bytes.Clone(r.expression(true)))
			r.named = false
			size += len(args[len(args)-1])
			if names = append(names, r.parameter); r.k != ',' {
				break
			}
			r.next()
		}
	}
	var columns []int
	if len(names) > 0 && !slices.Contains(names, "") {
		columns = r.t.columns(t, names)
	}
	return r.row(t, columns, args)
}

// row hands out a row; without columns its values stand in their order.
func (r *reader) row(t *table, columns []int, values [][]byte) error {
	if err := r.t.begin(t); err != nil {
		return err
	}
	for i, v := range values {
		col := i
		if len(columns) > 0 {
			col = columns[min(i, len(columns)-1)]
		}
		r.t.value(col, v)
	}
	return r.t.flush()
}
