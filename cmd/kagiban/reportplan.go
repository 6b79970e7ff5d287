package main

import (
	"context"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// What reports say besides the results: who answers for which folder, until
// when, what departments declared, and what is compared with what.

// planFlags are those of every command that writes reports.
func planFlags(f *pflag.FlagSet) {
	f.String("departments", "", "`FILE` that says who answers for which folder: csv with the columns pattern, department, contact, site, days")
	f.String("declared", "", "`FILE` of what departments said of themselves: csv with the columns period, department, answer")
	f.StringSlice("due-days", []string{"four=7", "three=14", "two=30", "number=30"}, "days in which a finding is to be put right, by its class")
	f.String("split", "", "department: besides, a workbook for each department that has findings")
	f.String("report-password-file", "", "`FILE` with a password: all reports go into one zip that is encrypted with it (AES-256)")
	f.String("diff", "", "compare with `RUN` (its number) or a day, such as 2026-04-01 (default: the run before)")
}

// A plan is what is read of them.
type plan struct {
	departments policy.Departments
	declared    []report.Declaration
	due         report.DueRule
	diff        string
	split       bool
	password    []byte
	again       bool // the latest run is rendered again: it is compared with the one before
}

func newPlan(v *viper.Viper) (plan, error) {
	p := plan{due: report.DueRule{Days: map[string]int{}}, diff: v.GetString("diff")}
	err := readFile(v, "departments", func(r io.Reader) (err error) {
		p.departments, err = policy.ReadDepartments(r)
		return err
	})
	if err != nil {
		return p, err
	}
	err = readFile(v, "declared", func(r io.Reader) error {
		list, err := policy.ReadDeclarations(r)
		for _, d := range list {
			p.declared = append(p.declared, report.Declaration(d))
		}
		return err
	})
	if err != nil {
		return p, err
	}
	switch v.GetString("split") {
	case "":
	case "department":
		p.split = true
	default:
		return p, usage("--split %q is not known; use department", v.GetString("split"))
	}
	if p.password, err = reportPassword(v.GetString("report-password-file")); err != nil {
		return p, err
	}
	classes := []string{"four", "three", "two", "number"}
	for _, text := range v.GetStringSlice("due-days") {
		class, days, _ := strings.Cut(text, "=")
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || !slices.Contains(classes, class) {
			return p, usage("--due-days %q is not understood; write four=7,three=14,two=30,number=30", text)
		}
		p.due.Days[class] = n
	}
	return p, nil
}

// readFile reads the file that a flag names, if it does.
func readFile(v *viper.Viper, flag string, read func(io.Reader) error) error {
	path := v.GetString(flag)
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return usage("--%s: %w; look at its name", flag, err)
	}
	defer f.Close()
	if err := read(f); err != nil {
		return usage("--%s %s: %w", flag, path, err)
	}
	return nil
}

// department says who answers for a file, in a language.
func (p plan) department(lang string) func(scan.Entry) report.Department {
	if p.departments == nil {
		return nil
	}
	unassigned := report.Department{Name: report.Text(lang, "unassigned")}
	return func(e scan.Entry) report.Department {
		d := p.departments.Of(e)
		if d == nil {
			return unassigned
		}
		return report.Department{Name: d.Name, Contact: d.Contact, Site: d.Site, Days: d.Days}
	}
}

// since is the end of the run that is compared with: the one that --diff names,
// or the one before the latest. Only runs over the same targets are compared.
func (p plan) since(ctx context.Context, db *store, targets []string) (last *scan.Tally, trend []scan.Tally, err error) {
	all, err := db.Tallies(ctx)
	if err != nil {
		return nil, nil, fatal(err)
	}
	for _, t := range all {
		if len(targets) == 0 || sameTargets(t.Targets, targets) {
			trend = append(trend, t)
		}
	}
	if n := len(trend); n > 0 && p.again {
		trend = trend[:n-1]
	}
	if p.diff == "" {
		if n := len(trend); n > 0 {
			last = &trend[n-1]
		}
		return last, trend, nil
	}
	if run, err := strconv.ParseInt(p.diff, 10, 64); err == nil {
		for i := range all {
			if all[i].Run == run {
				return &all[i], trend, nil
			}
		}
		return nil, nil, usage("--diff %d: there is no such run; the state knows %v", run, runsOf(all))
	}
	day, err := time.ParseInLocation("2006-01-02", p.diff, time.Local)
	if err != nil {
		return nil, nil, usage("--diff %q is no run and no day; write 12 or 2026-04-01", p.diff)
	}
	end := day.AddDate(0, 0, 1)
	for i := range all {
		if all[i].At.Before(end) {
			last = &all[i]
		}
	}
	if last == nil {
		return nil, nil, usage("--diff %s: no run had ended by then; the state knows %v", p.diff, runsOf(all))
	}
	return last, trend, nil
}

func sameTargets(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

func runsOf(all []scan.Tally) scan.Text {
	if len(all) == 0 {
		return scan.Say("none")
	}
	first, last := all[0], all[len(all)-1]
	return scan.Say("%d (%s) to %d (%s)", first.Run, first.At.Local().Format("2006-01-02"), last.Run, last.At.Local().Format("2006-01-02"))
}
