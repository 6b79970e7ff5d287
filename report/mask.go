package report

import (
	"regexp"
	"slices"

	"github.com/kagiban/kagiban/scan"
)

// Masked returns a file as reports show it. Names of files, folders, members,
// tables and accounts may hold pension numbers themselves, whether or not the file
// was read: what has their shape is masked in them, as it is in samples, and in
// what problems say. The state keeps them sealed: a scan needs
// the names to know a file again.
func Masked(f File) File {
	f = maskHits(f)
	result := *f.Result
	result.Entry.Target = MaskName(result.Entry.Target)
	result.Entry.Path = MaskName(result.Entry.Path)
	result.Entry.Owner = MaskName(result.Entry.Owner)
	result.Access = maskAccess(result.Access)
	result.Items = slices.Clone(result.Items)
	for i := range result.Items {
		item := &result.Items[i]
		item.Inner = slices.Clone(item.Inner)
		for k := range item.Inner {
			item.Inner[k] = MaskName(item.Inner[k])
		}
		item.Problems = slices.Clone(item.Problems)
		for k := range item.Problems {
			item.Problems[k].Detail = MaskName(item.Problems[k].Detail)
		}
	}
	f.Result = &result
	return f
}

// shownBefore is how earlier versions masked a sample; the state may hold such.
var shownBefore = regexp.MustCompile(`^[0-9]{4}(-\*{4}[0-9]{2})$`)

// maskHits masks samples as this version does.
func maskHits(f File) File {
	result := *f.Result
	result.Items = slices.Clone(result.Items)
	for i := range result.Items {
		hits := slices.Clone(result.Items[i].Findings.Hits)
		for k := range hits {
			h := &hits[k]
			h.Masked = shownBefore.ReplaceAllString(h.Masked, "****$1")
			h.Table, h.Column = MaskName(h.Table), MaskName(h.Column)
		}
		result.Items[i].Findings.Hits = hits
	}
	f.Result = &result
	return f
}

// maskAccess masks the names of accounts and groups.
func maskAccess(a *scan.Access) *scan.Access {
	if a == nil {
		return nil
	}
	masked := scan.Access{Owner: MaskName(a.Owner), Group: MaskName(a.Group), Grants: slices.Clone(a.Grants)}
	for i := range masked.Grants {
		masked.Grants[i].Name = MaskName(masked.Grants[i].Name)
	}
	return &masked
}

// MaskName hides all but the last two digits of what has the shape of a pension
// number.
func MaskName(name string) string { return scan.MaskName(name) }
