package incident

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kagiban/kagiban/scan"
)

// A Sum is what files come to: records, which add up, and different persons, who
// do not.
type Sum struct {
	Files   int64
	Records scan.Counts
	Persons People
}

// People are different persons, each in the highest class that stands beside the
// number anywhere in these files.
type People struct {
	N       int64
	Classes scan.Classes
	Places  map[string]int64 // as scan.Counts.Places
	Lives   map[string]int64 // of those by address
}

func (p *People) add(person scan.Person) {
	p.N++
	p.Classes.Add(scan.ClassesOf(person.Class, 1))
	if p.Places == nil {
		p.Places, p.Lives = map[string]int64{}, map[string]int64{}
	}
	key := "other"
	if person.Place != 0 {
		key = fmt.Sprintf("%02d", person.Place)
	}
	p.Places[key]++
	if person.Address {
		p.Lives[key]++
	}
}

// A Group is a part of the files, by what they have in common.
type Group struct {
	Name string
	Sum
}

// An Impact is what leaked.
type Impact struct {
	Selection
	All    Sum // of high confidence
	Review Sum // of middling confidence: persons that are not in All
	// Protections has each person once, by the least that stood before the number
	// in any file. Departments and Readers have a person in each that holds it.
	Protections map[Protection]*Sum
	Departments []Group
	Readers     []Group
	Kinds       map[Kind]int64 // files
	Partial     int64          // of Found, those of which a part was not read
}

// Assess adds up what the files of a selection held.
func Assess(ctx context.Context, s Selection, history scan.HistoryReader) (*Impact, error) {
	i := &Impact{Selection: s, Kinds: map[Kind]int64{}, Protections: map[Protection]*Sum{}}
	for _, p := range Protections() {
		i.Protections[p] = &Sum{}
	}
	for kind, n := range s.Plain {
		i.Kinds[kind] += n
	}
	c := counting{impact: i, departments: map[string]*Group{}, readers: map[string]*Group{}, files: map[int64]*File{}}
	var versions []int64
	for at := range s.Files {
		f := &s.Files[at]
		c.file(f)
		for _, v := range f.Versions {
			c.files[v], versions = f, append(versions, v)
		}
	}
	if err := c.persons(history.Sightings(ctx, versions)); err != nil {
		return nil, err
	}
	i.Departments, i.Readers = sorted(c.departments), sorted(c.readers)
	return i, nil
}

// A counting is an impact under construction.
type counting struct {
	impact               *Impact
	departments, readers map[string]*Group
	files                map[int64]*File // by version
	seen                 []scan.Sighting // of the person at hand
	touched              map[*Group]scan.Person
}

func (c *counting) file(f *File) {
	i := c.impact
	if i.Kinds[f.Kind]++; f.Kind != Found {
		return
	}
	if f.Partial {
		i.Partial++
	}
	i.Review.Records.Add(f.Review)
	if f.Review.Records > 0 {
		i.Review.Files++
	}
	if f.Records.Records == 0 {
		return
	}
	for _, sum := range []*Sum{&i.All, &group(c.departments, f.Department).Sum, &group(c.readers, string(f.Readers)).Sum} {
		sum.Files++
		sum.Records.Add(f.Records)
	}
	i.Protections[f.Protection].Files++
	for p, counts := range f.ByStrength {
		i.Protections[p].Records.Add(counts)
	}
}

// persons goes over the sightings, which are sorted by person.
func (c *counting) persons(all func(func(scan.Sighting, error) bool)) error {
	c.touched = map[*Group]scan.Person{}
	for s, err := range all {
		if err != nil {
			return err
		}
		if len(c.seen) > 0 && c.seen[0].Hash != s.Hash {
			c.person()
		}
		c.seen = append(c.seen, s)
	}
	if len(c.seen) > 0 {
		c.person()
	}
	return nil
}

// person counts one person.
func (c *counting) person() {
	whole := c.seen[0].Person
	least := len(Protections()) - 1
	clear(c.touched)
	for _, s := range c.seen {
		whole = whole.Merged(s.Person)
		if s.Grade != scan.ConfidenceHigh {
			continue
		}
		f := c.files[s.Version]
		least = min(least, slices.Index(Protections(), f.Protection))
		for _, g := range []*Group{group(c.departments, f.Department), group(c.readers, string(f.Readers))} {
			if before, ok := c.touched[g]; ok {
				c.touched[g] = before.Merged(s.Person)
			} else {
				c.touched[g] = s.Person
			}
		}
	}
	c.seen = c.seen[:0]
	if whole.Grade != scan.ConfidenceHigh {
		c.impact.Review.Persons.add(whole)
		return
	}
	c.impact.All.Persons.add(whole)
	c.impact.Protections[Protections()[least]].Persons.add(whole)
	for g, person := range c.touched {
		g.Persons.add(person)
	}
}

func group(of map[string]*Group, name string) *Group {
	g := of[name]
	if g == nil {
		g = &Group{Name: name}
		of[name] = g
	}
	return g
}

// sorted are groups, those with most persons first.
func sorted(of map[string]*Group) []Group {
	var list []Group
	for _, g := range of {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Persons.N, a.Persons.N), strings.Compare(a.Name, b.Name))
	})
	return list
}
