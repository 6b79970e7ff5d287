package policy

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/scan"
)

// A Department answers for the files that match a pattern.
type Department struct {
	Pattern string // glob over path, or over target + "/" + path; "**" spans folders
	Name    string
	Contact string
	Site    string
	Days    int // in which a finding is to be put right; 0: as its class says
}

// Departments are looked through in their order: the first that matches counts.
type Departments []Department

// Of returns the department of a file; nil if no pattern matches.
func (d Departments) Of(e scan.Entry) *Department {
	for i := range d {
		for _, name := range []string{e.Path, e.Target + "/" + e.Path} {
			if ok, err := doublestar.Match(d[i].Pattern, name); err == nil && ok {
				return &d[i]
			}
		}
	}
	return nil
}

// departmentColumns are the headings of a list of departments, in any order; the
// first two are needed.
func departmentColumns() [][]string {
	return [][]string{{"pattern", "パターン"}, {"department", "部署", "所管部署"}, {"contact", "連絡先"}, {"site", "拠点"}, {"days", "期限日数"}}
}

// ReadDepartments reads a list of departments: CSV in UTF-8 with headings
// pattern, department, contact, site and days, or the Japanese ones.
func ReadDepartments(r io.Reader) (Departments, error) {
	rows, err := readTable(r, departmentColumns(), 2)
	if err != nil {
		return nil, err
	}
	var list Departments
	for i, row := range rows {
		d := Department{Pattern: row[0], Name: row[1], Contact: row[2], Site: row[3]}
		switch {
		case d.Name == "":
			return nil, scan.Errorf("line %d names no department; write one into its column", i+2)
		case d.Pattern == "" || !doublestar.ValidatePattern(d.Pattern):
			return nil, scan.Errorf("line %d: %q is no valid pattern; write 総務部/**", i+2, d.Pattern)
		}
		if row[4] != "" {
			if d.Days, err = strconv.Atoi(row[4]); err != nil || d.Days <= 0 {
				return nil, scan.Errorf("line %d: %q is no number of days; write 14, or nothing", i+2, row[4])
			}
		}
		list = append(list, d)
	}
	return list, nil
}

// readTable reads CSV with headings, and returns its rows in the order of the
// columns; each column goes by one of several names. The first of them are needed.
func readTable(r io.Reader, columns [][]string, needed int) ([][]string, error) {
	text, err := io.ReadAll(io.LimitReader(r, 16<<20))
	if err != nil {
		return nil, err
	}
	dec := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\uFEFF")))
	dec.FieldsPerRecord = -1
	all, err := dec.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("it is empty; its first line names the columns")
	}
	places := make([]int, len(columns))
	for i, names := range columns {
		places[i] = slices.IndexFunc(all[0], func(h string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(h))) })
		if places[i] < 0 && i < needed {
			return nil, scan.Errorf("its first line has no column %q; add it there", strings.Join(names, " / "))
		}
	}
	var rows [][]string
	for _, cells := range all[1:] {
		row := make([]string, len(columns))
		for i, at := range places {
			if at >= 0 && at < len(cells) {
				row[i] = strings.TrimSpace(cells[at])
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// A Declaration is what a department said of itself.
type Declaration struct{ Period, Department, Answer string }

// ReadDeclarations reads what departments said of themselves: CSV in UTF-8 with
// the headings period, department and answer, or the Japanese ones.
func ReadDeclarations(r io.Reader) ([]Declaration, error) {
	rows, err := readTable(r, [][]string{{"department", "部署", "所管部署"}, {"answer", "回答", "自己点検の回答"}, {"period", "時期", "点検時期"}}, 2)
	if err != nil {
		return nil, err
	}
	var list []Declaration
	for _, row := range rows {
		list = append(list, Declaration{Department: row[0], Answer: row[1], Period: row[2]})
	}
	return list, nil
}
