package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/lifecycle"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// reportFlags are those of every command that writes reports.
func reportFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("out", "kagiban-report", "`FOLDER` for the reports; - for standard output (one format)")
	f.StringSlice("format", []string{"console", "html", "xlsx", "csv", "jsonl"}, "reports to write")
	calendarFlag(f)
	f.Int64("min-records", 1, "files with fewer records are for review, not violations")
	planFlags(f)
	restrictedFlags(f)
}

// calendarFlag is that of every command that writes days for people.
func calendarFlag(f *pflag.FlagSet) {
	f.String("calendar", report.CalendarGregorian, "of days in reports for people: gregorian, or japanese (令和8年…; with --lang ja)")
}

// calendar checks the flag.
func calendar(v *viper.Viper, lang string) (string, error) {
	name := v.GetString("calendar")
	switch {
	case !slices.Contains(report.Calendars(), name):
		return "", usage("--calendar %q is not known; use one of %s", name, strings.Join(report.Calendars(), ", "))
	case name == report.CalendarJapanese && lang != "ja":
		return "", usage("--calendar japanese goes with --lang ja; add that, or leave the calendar out")
	}
	return name, nil
}

// An output is where reports go and how they look.
type output struct {
	dir     string // "-" is standard output
	formats []report.Format
	lang    string
	days    string // the calendar
	min     int64
	allowed policy.Restriction
	plan    plan
	streams bool // of all files were wanted
	stdout  io.Writer
	source  report.Source              // of the book that was made last
	current func(revision string) bool // nil: it is not known under which rules the state was made
}

// newOutput checks the flags, before anything slow runs.
func newOutput(cmd *cobra.Command, v *viper.Viper) (*output, error) {
	o := &output{dir: v.GetString("out"), min: v.GetInt64("min-records"), streams: v.GetBool("streams"), stdout: cmd.OutOrStdout()}
	o.lang = language(v)
	var err error
	if o.days, err = calendar(v, o.lang); err != nil {
		return nil, err
	}
	if o.allowed, err = restriction(v); err != nil {
		return nil, err
	}
	if o.plan, err = newPlan(v); err != nil {
		return nil, err
	}
	for _, name := range v.GetStringSlice("format") {
		f, err := findFormat(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		o.formats = append(o.formats, f)
	}
	switch {
	case len(o.formats) == 0:
		return nil, usage("--format is empty; use one or more of %s", formatNames())
	case o.dir == "-" && len(o.formats) != 1:
		return nil, usage("--out - takes exactly one --format, such as --format jsonl")
	case o.dir == "":
		return nil, usage("--out is empty; name a folder, or - for standard output")
	}
	return o, nil
}

// prepare makes the folder, and tries it, where there is to be one.
func (o *output) prepare() error {
	if o.dir == "-" || o.files() == 0 {
		return nil
	}
	return writable(o.dir)
}

func findFormat(name string) (report.Format, error) {
	for _, f := range report.List() {
		if f.Name == name {
			return f, nil
		}
	}
	return report.Format{}, usage("--format %q is not known; use one or more of %s", name, formatNames())
}

func formatNames() string {
	var names []string
	for _, f := range report.List() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// writable makes the folder and tries it. Reports are sensitive: others have
// no business in there.
func writable(dir string) error {
	if err := trusted(scan.Say("output folder"), dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return usage("output folder: %w; name another with --out", err)
	}
	clearPieces(dir)
	probe, err := os.CreateTemp(dir, piecePattern())
	if err != nil {
		return usage("output folder %s cannot be written: %w; name another with --out", dir, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// judge is the policy under which what is stored is judged now.
func (o *output) judge(ctx context.Context, db *store) (policy.Policy, error) {
	ledger, err := db.Exceptions(ctx)
	return policy.Policy{MinRecords: o.min, Exceptions: ledger, At: time.Now().UTC(), Restricted: o.allowed}.Ready(), err
}

// book judges what is stored of some targets (all, if none is named) and counts it.
func (o *output) book(ctx context.Context, db *store, targets []string) (*report.Book, error) {
	pol, err := o.judge(ctx, db)
	if err != nil {
		return nil, fatal(err)
	}
	b := &report.Book{
		Lang: o.lang, Calendar: o.days, Version: version(), Made: pol.At, Zone: time.Local, Ledger: pol.Exceptions, Limits: scan.DefaultLimits(), Streams: o.streams,
		Rule: report.Rule{AcceptRestricted: o.allowed.Accept, RestrictedTo: o.allowed.To}, Declared: o.plan.declared,
	}
	src := report.Source{Results: db, Persons: db, Judge: pol.Judge, Targets: targets, Department: o.plan.department(o.lang), Due: o.plan.due, Current: o.current}
	if src.Remarks, err = db.Remarks(ctx); err != nil {
		return nil, fatal(err)
	}
	if src.Events, err = db.Events(ctx, time.Time{}); err != nil {
		return nil, fatal(err)
	}
	var last *scan.Tally
	if last, b.Trend, err = o.plan.since(ctx, db, targets); err != nil {
		return nil, err
	}
	if last != nil {
		src.Since = last.At
	}
	o.source = src
	return b, fatal(report.Assemble(ctx, b, src))
}

// part makes the book of one department.
func (o *output) part(ctx context.Context, whole *report.Book, department string) (*report.Book, error) {
	b := &report.Book{
		Lang: whole.Lang, Version: whole.Version, Made: whole.Made, Zone: whole.Zone, Ledger: whole.Ledger, Limits: whole.Limits, Streams: whole.Streams, Rule: whole.Rule,
	}
	src := o.source
	src.Only = department
	return b, report.Assemble(ctx, b, src)
}

// conclude takes down what became of findings in a run, and its figures, and
// returns what there is to report.
func (o *output) conclude(ctx context.Context, db *store, run scan.Run, sum engine.Summary) (*report.Book, error) {
	pol, err := o.judge(ctx, db)
	if err != nil {
		return nil, err
	}
	round := lifecycle.Round{Judge: pol.Judge, At: pol.At, Complete: map[string]bool{}}
	var targets []string
	for _, t := range sum.Targets {
		round.Complete[t.Name] = t.Err == nil
		targets = append(targets, t.Name)
	}
	round.Results = db.Results(ctx, scan.Noted, targets...)
	keeper, ok := run.(interface {
		scan.Settler
		scan.Tallier
	})
	if !ok {
		return nil, scan.Errorf("%T keeps no findings", run)
	}
	if err := lifecycle.Settle(ctx, keeper, round); err != nil {
		return nil, err
	}
	book, err := o.book(ctx, db, targets)
	if err != nil {
		return nil, err
	}
	return book, keeper.Tally(ctx, tallyOf(targets, book.Totals))
}

// tallyOf is what of the totals is kept for later reports.
func tallyOf(targets []string, t *report.Totals) scan.Tally {
	slices.Sort(targets)
	tally := scan.Tally{Targets: targets, Sums: map[scan.Status]scan.TallySum{}}
	for status, sum := range t.Statuses {
		tally.Sums[status] = scan.TallySum{Files: sum.Files, Records: sum.Records, Persons: sum.Persons}
	}
	return tally
}

// verdict is the exit code of a scan. A walk that did not reach its end comes
// first: nobody knows what is there. Single files that could not be examined do
// not hide that others are to be put right, unless strict says so.
func verdict(failOn string, strict bool, sum engine.Summary, t *report.Totals) error {
	found := t.Statuses[scan.StatusViolation].Files
	if failOn == "review" {
		found += t.Statuses[scan.StatusReview].Files - t.Decided[scan.StatusReview]
	}
	decided := t.Decided[scan.StatusUnchecked] // by a person, and for the very content
	unchecked := t.Partial-decided > 0 || t.Statuses[scan.StatusUnchecked].Files-decided > 0
	walked := !slices.ContainsFunc(sum.Targets, func(t engine.TargetSummary) bool { return t.Err != nil })
	switch {
	case !walked, strict && unchecked:
		return &exitError{code: exitIncomplete}
	case found > 0 && failOn != "never":
		return &exitError{code: exitFound}
	case unchecked:
		return &exitError{code: exitIncomplete}
	}
	return nil
}
