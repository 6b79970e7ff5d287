package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

// reportFlags are those of every command that writes reports.
func reportFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("out", "kagiban-report", "`FOLDER` for the reports; - for standard output (one format)")
	f.StringSlice("format", []string{"console", "html", "xlsx", "csv", "jsonl"}, "reports to write")
	f.String("lang", "", "ja or en (default: as the locale says)")
	f.Int64("min-records", 1, "files with fewer records are for review, not violations")
	restrictedFlags(f)
}

// An output is where reports go and how they look.
type output struct {
	dir     string // "-" is standard output
	formats []report.Format
	lang    string
	min     int64
	allowed policy.Restriction
	stdout  io.Writer
}

// newOutput checks the flags and makes the folder, before anything slow runs.
func newOutput(cmd *cobra.Command, v *viper.Viper) (*output, error) {
	o := &output{dir: v.GetString("out"), min: v.GetInt64("min-records"), stdout: cmd.OutOrStdout()}
	var err error
	if o.lang, err = language(v); err != nil {
		return nil, err
	}
	if o.allowed, err = restriction(v); err != nil {
		return nil, err
	}
	files := 0
	for _, name := range v.GetStringSlice("format") {
		f, err := findFormat(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		o.formats = append(o.formats, f)
		if f.Extension != "" {
			files++
		}
	}
	switch {
	case len(o.formats) == 0:
		return nil, usage("--format is empty; use one or more of %s", formatNames())
	case o.dir == "-" && len(o.formats) != 1:
		return nil, usage("--out - takes exactly one --format, such as --format jsonl")
	case o.dir == "":
		return nil, usage("--out is empty; name a folder, or - for standard output")
	case o.dir == "-" || files == 0:
		return o, nil
	}
	return o, writable(o.dir)
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
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return usage("output folder: %w; name another with --out", err)
	}
	probe, err := os.CreateTemp(dir, ".kagiban-*")
	if err != nil {
		return usage("output folder %s cannot be written: %w; name another with --out", dir, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// write renders the state of some targets (all, if none is named) in every format.
func (o *output) write(ctx context.Context, db *store, targets []string) (*report.Totals, error) {
	book, err := o.book(ctx, db, targets)
	if err != nil {
		return nil, fatal(err)
	}
	var made []string
	for _, f := range o.formats {
		if o.dir == "-" || f.Extension == "" {
			w := bufio.NewWriter(o.stdout)
			if err := errors.Join(f.Write(ctx, w, book), w.Flush()); err != nil {
				return nil, fatal(err)
			}
			continue
		}
		path := filepath.Join(o.dir, "kagiban-report"+f.Extension)
		if err := writeFile(path, func(w io.Writer) error { return f.Write(ctx, w, book) }); err != nil {
			return nil, fatal(fmt.Errorf("%s report: %w", f.Name, err))
		}
		made = append(made, path)
	}
	if o.dir != "-" && len(made) > 0 {
		fmt.Fprintln(o.stdout, report.Text(o.lang, "reports-written"))
		for _, path := range made {
			fmt.Fprintln(o.stdout, "  "+oneLine(path))
		}
	}
	return book.Totals, nil
}

// writeFile puts a report in place only when it is whole.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".kagiban-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := errors.Join(w.Flush(), f.Sync()); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

// book judges what is stored and counts it.
func (o *output) book(ctx context.Context, db *store, targets []string) (*report.Book, error) {
	ledger, err := db.Exceptions(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	pol := policy.Policy{MinRecords: o.min, Exceptions: ledger, At: now, Restricted: o.allowed}.Ready()
	b := &report.Book{
		Lang: o.lang, Version: version(), Made: now, Zone: time.Local, Ledger: ledger, Limits: scan.DefaultLimits(),
		Rule: report.Rule{AcceptRestricted: o.allowed.Accept, RestrictedTo: o.allowed.To},
		Files: func() iter.Seq2[report.File, error] {
			return judged(pol, db.Results(ctx, scan.Present, targets...))
		},
		Gone: func() iter.Seq2[report.File, error] { return putRight(ctx, pol, db, targets) },
	}
	states, err := db.Targets(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range states {
		if len(targets) == 0 || slices.Contains(targets, t.Name) {
			b.Targets = append(b.Targets, report.Target(t))
		}
	}
	b.Totals = report.NewTotals()
	for f, err := range b.Files() {
		if err != nil {
			return nil, err
		}
		b.Totals.Add(f)
	}
	found := func() iter.Seq2[report.File, error] { return judged(pol, db.Results(ctx, scan.Found, targets...)) }
	return b, countPersons(ctx, db, b, found)
}

func judged(pol policy.Policy, results iter.Seq2[*scan.Result, error]) iter.Seq2[report.File, error] {
	return func(yield func(report.File, error) bool) {
		for r, err := range results {
			if err != nil {
				yield(report.File{}, err)
				return
			}
			if !yield(report.Masked(report.File{Result: r, Judgement: pol.Judge(r)}), nil) {
				return
			}
		}
	}
}

// putRight yields what was found in the open once and no longer is: gone in a
// complete walk, or read again without a finding. Nobody's word closes a finding.
func putRight(ctx context.Context, pol policy.Policy, db *store, targets []string) iter.Seq2[report.File, error] {
	return func(yield func(report.File, error) bool) {
		for _, which := range []scan.Which{scan.FoundGone, scan.Found} {
			for f, err := range judged(pol, db.Results(ctx, which, targets...)) {
				if err != nil {
					yield(report.File{}, err)
					return
				}
				closed := which == scan.FoundGone || f.Status == scan.StatusClean || f.Status == scan.StatusProtected
				if closed && !f.History.LastFound.IsZero() && !yield(f, nil) {
					return
				}
			}
		}
	}
}

// groupRestricted counts the persons of what is excepted by access.
const groupRestricted = "restricted"

// countPersons fills in the different persons of each status, and of each
// department and status; found are the files that can have any.
func countPersons(ctx context.Context, db *store, b *report.Book, found func() iter.Seq2[report.File, error]) error {
	members := func(statuses ...scan.Status) iter.Seq2[scan.GroupMember, error] {
		return func(yield func(scan.GroupMember, error) bool) {
			for f, err := range found() {
				if err == nil && !slices.Contains(statuses, f.Status) {
					continue
				}
				if f.Restricted() && !yield(scan.GroupMember{Group: groupRestricted, File: f.ID}, err) {
					return
				}
				group := string(f.Status)
				if !yield(scan.GroupMember{Group: group, File: f.ID}, err) ||
					!yield(scan.GroupMember{Group: group + "/" + report.FolderOf(f.Entry), File: f.ID}, err) {
					return
				}
			}
		}
	}
	sure, err := db.Distinct(ctx, members(scan.StatusViolation, scan.StatusExcepted), false)
	if err != nil {
		return err
	}
	review, err := db.Distinct(ctx, members(scan.StatusReview), true)
	if err != nil {
		return err
	}
	for _, counts := range []map[string]scan.PersonCount{sure, review} {
		for group, n := range counts {
			status, folder, inFolder := strings.Cut(group, "/")
			b.Totals.Estimated = b.Totals.Estimated || n.Estimate
			switch {
			case inFolder:
				b.Totals.Folders[folder].Statuses[scan.Status(status)].Persons = n.N
			case group == groupRestricted:
				b.Totals.Restricted.Persons = n.N
			default:
				b.Totals.Statuses[scan.Status(status)].Persons = n.N
			}
		}
	}
	return nil
}

// verdict is the exit code of a scan.
func verdict(failOn string, sum engine.Summary, t *report.Totals) error {
	incomplete := t.Partial > 0 || t.Statuses[scan.StatusUnchecked].Files > 0
	for _, target := range sum.Targets {
		incomplete = incomplete || target.Err != nil
	}
	found := t.Statuses[scan.StatusViolation].Files
	if failOn == "review" {
		found += t.Statuses[scan.StatusReview].Files
	}
	switch {
	case incomplete:
		return &exitError{code: exitIncomplete}
	case found > 0 && failOn != "never":
		return &exitError{code: exitFound}
	}
	return nil
}
