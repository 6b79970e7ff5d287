package records

import "strconv"

// longList is from how many values on a list is a column of its own and no part of
// its record.
const longList = 64

// element takes a value of a list.
func (b *Builder) element(f *frame, text []byte) error {
	inList := len(b.frames) > 1 && b.frames[len(b.frames)-2].list
	if inList {
		p := &b.frames[len(b.frames)-2]
		for len(p.heads) < f.values && len(p.heads) < maxCells {
			p.heads = append(p.heads, b.child(p.node, append([]byte{position}, strconv.Itoa(len(p.heads))...)))
		}
		b.push(p.heads[min(f.values, len(p.heads))-1], text)
		return b.spill()
	}
	if f.long {
		return b.single(f.node, text)
	}
	n := f.node
	if len(b.frames) == 1 {
		n = b.child(n, nil)
	}
	b.push(b.fresh(f, n), text)
	if len(b.cells)-f.start < longList {
		return b.spill()
	}
	f.long = true
	for _, c := range b.cells[f.start:] {
		if err := b.single(f.node, b.text[c.from:c.to]); err != nil {
			return err
		}
	}
	b.drop(f.start)
	return nil
}

// single hands out a value of a long list as a row of its own.
func (b *Builder) single(n int32, text []byte) error {
	from := len(b.text)
	b.text = append(b.text, b.w.Cut(text)...)
	one := [1]cell{{n, from, len(b.text)}}
	err := b.record(one[:])
	b.text = b.text[:from]
	return err
}

// endList ends a list. One in a list is a row; one under a key is a part of its
// object.
func (b *Builder) endList(f *frame) error {
	p := b.top()
	if len(f.titles) > 0 {
		b.titles = f.titles
	}
	switch {
	case p == nil:
		err := b.record(b.cells[f.start:])
		b.drop(f.start)
		return err
	case f.held:
		return b.part(p, f)
	case !p.list:
		return nil
	case f.objects > 0: // its objects were records
		err := b.record(b.cells[f.start:])
		b.drop(f.start)
		return err
	}
	b.name(p)
	err := b.positional(b.cells[f.start:])
	b.drop(f.start)
	return err
}

// name looks, at the first list in a list, for a list of its headings: as many
// texts as it has values, under another key of the object around them.
func (b *Builder) name(p *frame) {
	if p.objects != 1 || len(b.frames) < 2 || len(p.heads) < 2 {
		return
	}
	around := b.frames[len(b.frames)-2]
	if around.list {
		return
	}
	want := len(p.heads)
	cells := b.cells[around.start:p.start]
	for from := 0; from+want <= len(cells); from++ {
		n := cells[from].node
		run := 1
		for run < want && from+run < len(cells) && b.nodes[cells[from+run].node].key == again && b.nodes[cells[from+run].node].parent == cells[from+run-1].node {
			run++
		}
		next := from + run
		if run != want || b.nodes[n].key == again || next < len(cells) && b.nodes[cells[next].node].key == again {
			continue
		}
		titles := make([]string, want)
		for i := range want {
			c := cells[from+i]
			titles[i] = string(b.text[c.from:c.to])
		}
		b.head(p, titles)
		return
	}
	if len(b.titles) == want {
		b.head(p, b.titles)
	}
}

// head sets the headings of the lists in a list. The row at hand has its columns by
// position.
func (b *Builder) head(p *frame, titles []string) {
	was := map[int32]int32{}
	for i, title := range titles {
		n := b.child(p.node, []byte(title))
		was[p.heads[i]] = n
		p.heads[i] = n
	}
	for i := range b.cells[p.start:] {
		c := &b.cells[p.start+i]
		if n, ok := was[c.node]; ok {
			c.node = n
		}
	}
}
