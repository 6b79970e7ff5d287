package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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
	stdout := bufio.NewWriter(o.stdout)
	var outputs []report.Output
	var files []*pendingFile
	defer func() {
		for _, f := range files {
			f.drop()
		}
	}()
	for _, f := range o.formats {
		if o.dir == "-" || f.Extension == "" {
			outputs = append(outputs, report.Output{Format: f, To: stdout})
			continue
		}
		file, err := newPendingFile(filepath.Join(o.dir, "kagiban-report"+f.Extension))
		if err != nil {
			return nil, fatal(err)
		}
		files = append(files, file)
		outputs = append(outputs, report.Output{Format: f, To: file.buf})
	}
	if err := errors.Join(report.Write(ctx, book, outputs...), stdout.Flush()); err != nil {
		return nil, fatal(err)
	}
	for _, f := range files {
		if err := f.place(); err != nil {
			return nil, fatal(err)
		}
	}
	if len(files) > 0 {
		fmt.Fprintln(o.stdout, report.Text(o.lang, "reports-written"))
		for _, f := range files {
			fmt.Fprintln(o.stdout, "  "+oneLine(f.path))
		}
	}
	return book.Totals, nil
}

// A pendingFile is a report that is put in place when it is whole.
type pendingFile struct {
	path   string
	file   *os.File
	buf    *bufio.Writer
	placed bool
}

func newPendingFile(path string) (*pendingFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".kagiban-*")
	if err != nil {
		return nil, err
	}
	return &pendingFile{path: path, file: f, buf: bufio.NewWriterSize(f, 1<<16)}, nil
}

// place puts the file where it belongs.
func (p *pendingFile) place() error {
	if err := errors.Join(p.buf.Flush(), p.file.Sync()); err != nil {
		return err
	}
	if err := p.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(p.file.Name(), p.path); err != nil {
		return err
	}
	p.placed = true
	return nil
}

// drop removes a file that was not put in place.
func (p *pendingFile) drop() {
	if !p.placed {
		_ = p.file.Close() // it may be closed, and is of no use
		_ = os.Remove(p.file.Name())
	}
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
	}
	return b, report.Assemble(ctx, b, report.Source{Results: db, Persons: db, Judge: pol.Judge, Targets: targets})
}

// verdict is the exit code of a scan. A walk that did not reach its end comes
// first: nobody knows what is there. Single files that could not be examined do
// not hide that others are to be put right, unless strict says so.
func verdict(failOn string, strict bool, sum engine.Summary, t *report.Totals) error {
	found := t.Statuses[scan.StatusViolation].Files
	if failOn == "review" {
		found += t.Statuses[scan.StatusReview].Files
	}
	unchecked := t.Partial > 0 || t.Statuses[scan.StatusUnchecked].Files > 0
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
