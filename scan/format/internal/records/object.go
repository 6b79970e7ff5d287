package records

import "slices"

// Keys that say nothing of what an object is about: two objects that share but
// these are not alike.
func common(key string) bool {
	switch key {
	case "", each, again, "id", "ID", "Id", "_id", "uuid", "type", "code", "no", "No", "key", "url", "href", "self", "status", "order", "sort", "memo", "備考",
		"created_at", "updated_at", "createdAt", "updatedAt", "enabled", "active", "version":
		return true
	}
	return false
}

// likelyAlike is after how many objects without a value of its own an object is a
// list of records.
const likelyAlike = 16

// endObject ends an object: a record, a part of one, or a key with its value.
func (b *Builder) endObject(f *frame) error {
	p := b.top()
	if p == nil {
		return b.end(f)
	}
	if !f.record && b.property(f, p) {
		return b.spill()
	}
	if p.list {
		if len(p.titles) < maxCells {
			p.titles = append(p.titles, b.title(f))
		}
	}
	if p.list && len(b.frames) > 1 && !b.frames[len(b.frames)-2].list && p.objects == 1 && p.values == 0 && !f.record {
		return b.hold(p, f)
	}
	if p.list || f.record {
		return b.end(f)
	}
	return b.part(p, f)
}

// hold keeps the first object of a list that is a value: if it stays the only one, it
// is a part of the object around.
func (b *Builder) hold(p, f *frame) error {
	if err := b.split(f); err != nil {
		return err
	}
	p.held = len(b.cells) > f.start
	return nil
}

// unhold hands out the object that was held as a record: it is not the only one.
func (r *rows) unhold(p *frame) error {
	p.held = false
	err := r.record(r.cells[p.start:])
	r.drop(p.start)
	return err
}

// part takes an object, or the only one of a list, that may be a part of the object
// around.
func (b *Builder) part(p, f *frame) error {
	key := b.nodes[f.node].key
	if p.repeats[key] {
		return b.end(f)
	}
	for i := range p.kids {
		if b.nodes[f.node].seen != p.serial {
			break // it is the first with that key
		}
		if p.kids[i].node != f.node {
			continue
		}
		if p.repeats == nil {
			p.repeats = map[string]bool{}
		}
		if len(p.repeats) < maxCells {
			p.repeats[key] = true
		}
		if err := b.release(p, i, f); err != nil {
			return err
		}
		return b.end(f)
	}
	if p.alike || p.values == 0 && len(p.kids) > 0 && (len(p.kids) >= likelyAlike || b.alike(p.kids[len(p.kids)-1], f)) {
		return b.becomeAlike(p, f, key)
	}
	if len(b.cells) > f.start {
		p.kids = append(p.kids, kid{f.node, f.start, len(b.cells)})
		b.nodes[f.node].seen = p.serial
	}
	return nil
}

// end hands out an object as a record of its own, and before it those objects in it
// that are persons or things of their own.
func (r *rows) end(f *frame) error {
	if err := r.split(f); err != nil {
		return err
	}
	err := r.record(r.cells[f.start:])
	r.drop(f.start)
	return err
}

// split hands out those objects in an object that are persons or things of their
// own: they have keys that it has too.
func (r *rows) split(f *frame) error {
	clear(r.keys)
	if len(f.kids) > 0 {
		for _, c := range r.cells[f.start:] {
			if at := &r.nodes[c.node]; at.parent == f.node && !common(at.key) {
				r.keys[at.key] = true
			}
		}
	}
	for i := len(f.kids) - 1; i >= 0 && len(r.keys) > 0; i-- {
		k := f.kids[i]
		for _, c := range r.cells[k.from:k.to] {
			if at := &r.nodes[c.node]; at.parent == k.node && r.keys[at.key] {
				if err := r.record(r.cells[k.from:k.to]); err != nil {
					return err
				}
				r.cells = append(r.cells[:k.from], r.cells[k.to:]...)
				break
			}
		}
	}
	return nil
}

// release hands out a kid as a record of its own. What was kept behind it, down to
// the cells of f, moves up.
func (r *rows) release(p *frame, i int, f *frame) error {
	k := p.kids[i]
	if err := r.record(r.cells[k.from:k.to]); err != nil {
		return err
	}
	n := k.to - k.from
	r.cells = append(r.cells[:k.from], r.cells[k.to:]...)
	p.kids = append(p.kids[:i], p.kids[i+1:]...)
	for j := range p.kids {
		if p.kids[j].from >= k.to {
			p.kids[j].from -= n
			p.kids[j].to -= n
		}
	}
	for j := range f.kids {
		f.kids[j].from -= n
		f.kids[j].to -= n
	}
	f.start -= n
	return nil
}

// alike reports whether two objects side by side have most of their keys in common.
func (r *rows) alike(k kid, f *frame) bool {
	keys := map[string]bool{}
	was, is, both := 0, 0, 0
	for _, c := range r.cells[k.from:k.to] {
		if at := &r.nodes[c.node]; at.parent == k.node && !keys[at.key] {
			keys[at.key] = true
			was++
		}
	}
	for _, c := range r.cells[f.start:] {
		if at := &r.nodes[c.node]; at.parent == f.node {
			is++
			if keys[at.key] {
				both++
			}
		}
	}
	return both > 0 && both*2 >= min(was, is)
}

// becomeAlike makes records of the objects in p, of which f is the latest: they are
// alike, and their keys are values.
func (b *Builder) becomeAlike(p, f *frame, key string) error {
	p.alike = true
	star := b.child(p.node, []byte(each))
	for len(p.kids) > 0 {
		k := &p.kids[0]
		b.move(b.cells[k.from:k.to], k.node, star)
		b.text = append(b.text, b.nodes[k.node].key...)
		name := cell{b.child(star, nil), len(b.text) - len(b.nodes[k.node].key), len(b.text)}
		b.cells = slices.Insert(b.cells, k.from, name)
		for i := range p.kids[1:] {
			p.kids[1+i].from++
			p.kids[1+i].to++
		}
		for i := range f.kids {
			f.kids[i].from++
			f.kids[i].to++
		}
		f.start++
		k.to++
		if err := b.release(p, 0, f); err != nil {
			return err
		}
	}
	b.move(b.cells[f.start:], f.node, star)
	for i := range f.kids {
		f.kids[i].node = b.moved(f.kids[i].node, f.node, star)
	}
	f.node = star
	b.text = append(b.text, key...)
	name := cell{b.child(star, nil), len(b.text) - len(key), len(b.text)}
	b.cells = slices.Insert(b.cells, f.start, name)
	return b.end(f)
}

// property takes an object that is nothing but a value with what it is: a label and
// a value, as lists of fields have them, or a value with its type.
func (b *Builder) property(f, p *frame) bool {
	if f.values > maxProperty || f.objects > 0 {
		return false
	}
	label, value := -1, -1
	for i, c := range b.cells[f.start:] {
		at := &b.nodes[c.node]
		if at.parent != f.node {
			return false
		}
		switch at.key {
		case "value", "Value", "VALUE", "text", "content", "値", "":
			value = f.start + i
		case "label", "field", "title", "caption", "fieldName", "field_name", "項目", "項目名", "ラベル", "key", "property":
			label = f.start + i
		case "name", "Name":
			if label < 0 {
				label = f.start + i
			}
		case "type", "id", "code", "unit", "required", "order":
		default:
			if !wrapper(at.key) {
				return false
			}
		}
	}
	if n := len(b.cells) - f.start; value < 0 && n == 1 && wrapper(b.nodes[b.cells[f.start].node].key) {
		value = f.start
	}
	switch {
	case value < 0:
		return false
	case !p.list:
		b.cells[value].node = f.node
		return true
	case label < 0 || len(b.frames) < 2:
		return false
	}
	around := &b.frames[len(b.frames)-2]
	if around.list {
		return false
	}
	l, v := b.cells[label], b.cells[value]
	if l.to-l.from > maxKey {
		return false
	}
	v.node = b.fresh(around, b.child(around.node, b.text[l.from:l.to]))
	b.cells = append(b.cells[:f.start], v)
	return true
}

// wrapper reports whether a key says of what type the value under it is, as
// databases write it: {"S": "x"}, {"$numberLong": "1"}.
func wrapper(key string) bool {
	switch key {
	case "S", "N", "B", "SS", "NS", "BOOL", "#text", "_text", "$t", "@value", "_value", "v", "stringValue", "integerValue":
		return true
	}
	return len(key) > 1 && key[0] == '$'
}

// title returns what an object of a list is called, for the lists in a list that may
// follow: a program tells of its columns so.
func (r *rows) title(f *frame) string {
	for _, c := range r.cells[f.start:] {
		at := &r.nodes[c.node]
		if at.parent != f.node {
			continue
		}
		switch at.key {
		case "name", "label", "title", "field", "header", "caption", "headerName", "column", "column_name", "項目名", "見出し":
			return string(r.text[c.from:c.to])
		}
	}
	return ""
}

// maxProperty is how many values an object may have that is one value.
const maxProperty = 6
