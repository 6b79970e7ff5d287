package sqltext

import (
	"bytes"
	"strings"
)

// copy takes COPY a (b, c) FROM stdin; and the lines below it.
func (r *reader) copy() error {
	r.next()
	t := r.t.table(r.qualified())
	var columns []int
	if r.k == '(' {
		columns = r.t.columns(t, r.names())
	}
	if !r.is("from") {
		return nil
	}
	if r.next(); !r.is("stdin") {
		return nil
	}
	for r.k != ';' && r.k != end {
		r.next()
	}
	r.s.rawLine()
	for {
		line, ok := r.s.rawLine()
		if !ok || string(line) == `\.` {
			break
		}
		if err := r.t.begin(t); err != nil {
			return err
		}
		for i, field := range bytes.Split(line, []byte{'\t'}) {
			col := i
			if len(columns) > 0 { // a list of none names nothing
				col = columns[min(i, len(columns)-1)]
			}
			if string(field) != `\N` {
				r.t.value(col, unescaped(field))
			}
		}
		if err := r.t.flush(); err != nil {
			return err
		}
	}
	r.next()
	return nil
}

// unescaped resolves the backslashes of COPY.
func unescaped(field []byte) []byte {
	if bytes.IndexByte(field, '\\') < 0 {
		return field
	}
	return []byte(strings.NewReplacer(`\\`, `\`, `\t`, " ", `\n`, "\n", `\r`, "").Replace(string(field)))
}
