package policy

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/scan"
)

// places finds exceptions by where they may hold: the folders of a pattern
// before its first wildcard, or the whole of one without. A report asks for each
// file, and a ledger grows over the years.
type places map[string][]int // indexes of Policy.Exceptions, ascending

// Ready is p, ready to judge many results: its exceptions are arranged once.
func (p Policy) Ready() Policy {
	p.places = places{}
	for i, x := range p.Exceptions {
		place := placeOf(x.Pattern)
		p.places[place] = append(p.places[place], i)
	}
	return p
}

func placeOf(pattern string) string {
	i := strings.IndexAny(pattern, `*?[{\\`)
	if i < 0 {
		return pattern
	}
	return pattern[:max(strings.LastIndexByte(pattern[:i], '/'), 0)]
}

// candidates are the exceptions that may cover a name, ascending.
func (p places) candidates(name string) []int {
	list := slices.Clone(p[name])
	for at := name; at != ""; {
		at = at[:max(strings.LastIndexByte(at, '/'), 0)]
		list = append(list, p[at]...)
	}
	slices.Sort(list)
	return list
}

// exception finds the first active exception that covers a file, and where there
// is none the first that would if it had not expired.
func (p Policy) exception(e scan.Entry) (active, expired *scan.Exception) {
	if len(p.Exceptions) == 0 {
		return nil, nil
	}
	if p.places == nil {
		p = p.Ready()
	}
	best, past := -1, -1
	for _, name := range []string{e.Path, e.Target + "/" + e.Path} {
		for _, i := range p.places.candidates(name) {
			if best >= 0 && i >= best {
				break
			}
			x := &p.Exceptions[i]
			if ok, err := doublestar.Match(x.Pattern, name); err != nil || !ok {
				continue
			}
			switch {
			case x.Active(p.At):
				best = i
			case past < 0 && x.Removal.At.IsZero() && !p.At.Before(x.Expires):
				past = i
			}
		}
	}
	switch {
	case best >= 0:
		return &p.Exceptions[best], nil
	case past >= 0:
		return nil, &p.Exceptions[past]
	}
	return nil, nil
}
