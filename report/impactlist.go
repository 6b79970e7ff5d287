package report

import (
	"cmp"
	"slices"
	"strings"
)

// foundTable lists the files with numbers, those with most records first.
func (i *Impact) foundTable(w words) impactTable {
	t := impactTable{
		ID: "found", Title: w.text("impact.head-found"), Note: w.text("impact.note-found"), List: true,
		Heads: []string{w.text("col.path"), w.text("impact.col-protection"), w.text("col.records"), w.text("col.persons"), w.code("class", "four"), w.code("class", "three"), w.code("class", "two"), w.code("class", "number"),
			w.text("impact.review"), w.text("col.department"), w.text("impact.col-readers"), w.text("impact.col-since"), w.text("impact.col-until"), w.text("impact.col-how"), w.text("impact.col-remark")},
		Widths: []float64{60, 24, 12, 12, 12, 12, 12, 12, 12, 20, 24, 18, 18, 24, 40},
	}
	var files []*ImpactFile
	for n := range i.Files {
		if i.Files[n].Kind == "found" {
			files = append(files, &i.Files[n])
		}
	}
	slices.SortStableFunc(files, func(a, b *ImpactFile) int { return cmp.Compare(b.Records.Records, a.Records.Records) })
	for _, f := range files {
		c := f.Records.Classes
		t.Rows = append(t.Rows, []any{w.place(f), w.code("impact-protection", f.Protection), f.Records.Records, f.Persons.High, c.Four, c.Three, c.Two, c.Number,
			f.Review, visible(f.Department), w.readersOf(f), i.at(f.Since), i.at(f.Until), w.howOf(f), w.remarks(f)})
	}
	return t
}

// unknownTable lists the files of which nobody knows what they held.
func (i *Impact) unknownTable(w words) impactTable {
	t := impactTable{
		ID: "unknown", Title: w.text("impact.head-unknown"), Note: w.text("impact.note-unknown"), List: true,
		Heads:  []string{w.text("col.path"), w.text("impact.col-kind"), w.text("impact.col-reason"), w.text("impact.col-protection"), w.text("col.department"), w.text("impact.col-since"), w.text("impact.col-how"), w.text("impact.col-remark")},
		Widths: []float64{60, 30, 30, 24, 20, 18, 24, 40},
	}
	for n := range i.Files {
		f := &i.Files[n]
		if !f.unknown() {
			continue
		}
		kind := w.code("impact-kind", f.Kind)
		if f.Kind == "found" {
			kind = w.text("impact.partial")
		}
		protection := ""
		if f.Kind == "protected" {
			protection = w.code("impact-protection", f.Protection)
		}
		t.Rows = append(t.Rows, []any{w.place(f), kind, w.code("reason", f.Reason), protection, visible(f.Department), i.at(f.Since), w.howOf(f), w.remarks(f)})
	}
	return t
}

// place is where a file lay.
func (w words) place(f *ImpactFile) string {
	return visible(MaskName(strings.TrimSuffix(f.Entry.Target, "/") + "/" + f.Entry.Path))
}

func (w words) readersOf(f *ImpactFile) string {
	if f.Readers == "" {
		return w.code("audience", audienceUnknown)
	}
	return w.code("audience", f.Readers)
}

// howOf says how a line of the list was matched.
func (w words) howOf(f *ImpactFile) string {
	if f.Line == "" {
		return ""
	}
	text := w.code("impact-how", f.How)
	if f.Fold {
		text += w.text("separator") + w.text("impact.fold")
	}
	if f.Several {
		text += w.text("separator") + w.text("impact.several")
	}
	return text
}

func (w words) remarks(f *ImpactFile) string {
	var list []string
	for _, r := range []struct {
		is bool
		id string
	}{
		{f.Guessable, "impact.guessable"}, {f.Partial && f.Kind == "found", "impact.partial"}, {f.Gone, "impact.gone"}, {len(f.Versions) > 1, "impact.versions"},
	} {
		if r.is {
			list = append(list, w.text(r.id))
		}
	}
	return strings.Join(list, w.text("separator"))
}
