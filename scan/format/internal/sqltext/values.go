package sqltext

import "bytes"

// A derived table is rows that stand in a query: (VALUES (…), (…)) AS t (a, b), or
// WITH t (a, b) AS (VALUES …). Its columns may be named behind them.
type derived struct {
	rows [][][]byte
	size int
}

// maxDerived bounds the bytes of rows that wait for the names of their columns.
const maxDerived = 1 << 20

// derived takes such rows; before is the list of names that stood before them.
func (r *reader) derived(before listed) error {
	var d derived
	var columns []int
	t := r.t.table(before.owner)
	handed := false
	for r.k == '(' || r.k == ',' || r.is("row") {
		if r.k != '(' {
			r.next()
			continue
		}
		row := r.arguments(nil)
		for i := range row {
			d.size += len(row[i]) + 32
		}
		if d.rows = append(d.rows, row); d.size > maxDerived {
			if !handed {
				columns, handed = r.t.columns(t, before.names), true
			}
			if err := r.hand(&d, t, columns); err != nil {
				return err
			}
		}
	}
	if handed {
		return r.hand(&d, t, columns)
	}
	names := before
	if r.k == ')' {
		r.next()
		if r.is("as") {
			r.next()
		}
		if !r.is("select", "on", "when", "insert", "update", "delete", "merge", "with", "union", "order") {
			if owner := r.qualified(); owner != "" && r.k == '(' {
				names = listed{owner, r.names()}
			}
		}
	}
	t = r.t.table(names.owner)
	return r.hand(&d, t, r.t.columns(t, names.names))
}

func (r *reader) hand(d *derived, t *table, columns []int) error {
	for _, row := range d.rows {
		if err := r.row(t, columns, row); err != nil {
			return err
		}
	}
	d.rows, d.size = d.rows[:0], 0
	return nil
}

// A listed is a name with a list of names in brackets behind it.
type listed struct {
	owner string
	names []string
}

// A lister finds such lists among tokens.
type lister struct {
	last  listed // the latest that is whole
	open  listed
	ident string
	in    bool
	comma bool // a name may come
}

// see takes a token.
func (l *lister) see(k kind, val []byte) {
	switch {
	case k == '(':
		l.open, l.in, l.comma = listed{owner: l.ident}, l.ident != "", true
	case k == ')':
		if l.in && len(l.open.names) > 0 {
			l.last = l.open
		}
		l.in, l.ident = false, ""
	case k == ',':
		l.comma = true
	case k == word || k == name:
		l.ident = string(val[:min(len(val), maxName)])
		if l.in = l.in && l.comma && len(l.open.names) < maxColumns; l.in {
			l.open.names, l.comma = append(l.open.names, l.ident), false
		}
	default:
		l.in, l.ident = false, ""
	}
}

// signature takes the names of parameters that a remark or a definition lists.
func (r *tokens) signature(remark []byte) {
	head, rest, ok := bytes.Cut(remark, []byte("("))
	list, _, closed := bytes.Cut(rest, []byte(")"))
	words := bytes.Fields(head)
	if !ok || !closed || len(words) == 0 || len(words) > 3 || len(remark) > 4*maxName {
		return
	}
	var names []string
	for part := range bytes.SplitSeq(list, []byte(",")) {
		if part = bytes.TrimSpace(part); len(part) == 0 || len(bytes.Fields(part)) > 2 {
			return
		}
		names = append(names, string(bytes.Fields(part)[0]))
	}
	if len(names) < 2 {
		return
	}
	if t := r.t.table(string(words[len(words)-1])); len(t.names) == 0 {
		r.t.columns(t, names)
	}
}
