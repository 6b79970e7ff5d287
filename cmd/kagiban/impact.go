package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/incident"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

func newImpact() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "impact",
		Short: "Say what a leak held: records and persons, from the state alone",
		Long: `Impact answers what leaked: how many records and different persons, with what
beside the number, protected or not at that time, of which prefecture and
department, and who could read it. It reads the state only; no share needs to be
in reach, and files that are gone or were changed since count as they were.

What was protected, could not be read or was left out is listed as unknown, never
counted as nothing. The exit code is 3 if there is any of it, or a line of the
list that matches no file. See kagiban help incident.`,
		Example: `  kagiban impact --paths leaked.txt --since 2026-05-08 --until 2026-05-29 --lang ja
  kagiban impact --prefix '\\fs01\share\年金給付課' --format console
  kagiban impact --drill 20 --seed 7          # an exercise`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runImpact(cmd) },
	}
	f := cmd.Flags()
	stateFlags(f)
	impactFlags(f)
	f.String("out", "kagiban-impact", "`FOLDER` for the reports; - for standard output (one format)")
	f.StringSlice("format", []string{"console", "html", "xlsx", "jsonl"}, "reports to write")
	calendarFlag(f)
	f.String("departments", "", "`FILE` that says who answers for which folder: csv with the columns pattern, department")
	f.Int("drill", 0, "an exercise: `N` files that hold something, picked at random")
	f.Uint64("seed", 1, "of --drill: the same number picks the same files")
	return cmd
}

// impactFlags say which files are meant.
func impactFlags(f *pflag.FlagSet) {
	f.String("paths", "", "`FILE` with a path a line (UNC, smb://, local, wildcards), or name, size and time parted by tabs; - for standard input")
	f.StringSlice("prefix", nil, "all files below this `PATH`")
	f.StringSlice("target", nil, "all files of this `TARGET`, as it was scanned")
	f.String("since", "", "begin of the `TIME` in which it happened, such as 2026-05-08 or 2026-05-08 09:00")
	f.String("until", "", "end of that `TIME`; of a day the whole day")
}

func runImpact(cmd *cobra.Command) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	out, err := newImpactOutput(cmd, v)
	if err != nil {
		return err
	}
	if err := existing(v); err != nil {
		return err
	}
	db, err := openState(cmd.Context(), v)
	if err != nil {
		return err
	}
	defer db.Close()
	q, err := impactQuestion(cmd, v, db)
	if err != nil {
		return err
	}
	result, err := assess(cmd.Context(), v, q, db)
	if err != nil {
		return err
	}
	shown := impactReport(q, result)
	shown.Lang, shown.Calendar, shown.Version, shown.Made, shown.Zone, shown.Drill = out.lang, out.days, version(), time.Now().UTC(), time.Local, v.GetInt("drill") > 0
	if err := out.write(shown); err != nil {
		return fatal(err)
	}
	return impactVerdict(result)
}

func assess(ctx context.Context, v *viper.Viper, q *incident.Question, db *store) (*incident.Impact, error) {
	s, err := q.Select(ctx, db)
	if err != nil {
		return nil, fatal(err)
	}
	for n, files := range s.Below {
		if files == 0 {
			return nil, usage("--prefix %s: the state knows no file below it; it knows the targets as they were scanned (kagiban status)", shown(q.Prefixes[n]))
		}
	}
	if n := v.GetInt("drill"); n > 0 {
		s.Drill(n, v.GetUint64("seed"))
	}
	i, err := incident.Assess(ctx, s, db)
	return i, fatal(err)
}

// impactVerdict is the exit code: 3 if somebody has to look at files still.
func impactVerdict(i *incident.Impact) error {
	unknown := int64(len(i.Unmatched)) + i.Partial
	for kind, n := range i.Kinds {
		if !kind.Known() && kind != incident.LeftOut {
			unknown += n
		}
	}
	if unknown > 0 {
		return &exitError{code: exitIncomplete}
	}
	return nil
}

// impactQuestion reads which files are meant.
func impactQuestion(cmd *cobra.Command, v *viper.Viper, db *store) (*incident.Question, error) {
	q := &incident.Question{Prefixes: v.GetStringSlice("prefix")}
	var err error
	if q.Targets, err = knownTargets(cmd, db, v.GetStringSlice("target")); err != nil {
		return nil, err
	}
	if q.From, err = impactTime(v, "since", false); err != nil {
		return nil, err
	}
	if q.To, err = impactTime(v, "until", true); err != nil {
		return nil, err
	}
	if !q.To.IsZero() && !q.From.Before(q.To) {
		return nil, usage("--until %s is not after --since %s; write the earlier moment as --since", v.GetString("until"), v.GetString("since"))
	}
	paths := v.GetString("paths")
	switch {
	case paths == "-":
		if q.Lines, err = incident.ReadLines(cmd.InOrStdin()); err != nil {
			return nil, usage("--paths -: %w", err)
		}
	case paths != "":
		err := readFile(v, "paths", func(r io.Reader) (err error) {
			q.Lines, err = incident.ReadLines(r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	switch {
	case paths != "" && len(q.Lines) == 0:
		return nil, usage("--paths %s names no file; write a path a line", paths)
	case paths == "" && len(q.Prefixes) == 0 && len(q.Targets) == 0 && q.From.IsZero() && q.To.IsZero() && v.GetInt("drill") == 0:
		return nil, usage("name what leaked: --paths FILE, --prefix PATH, --target TARGET, or the time with --since and --until")
	}
	if q.Department, err = impactDepartments(v); err != nil {
		return nil, err
	}
	return q, nil
}

// impactTime reads a moment; of a day it is the begin, or the end.
func impactTime(v *viper.Viper, flag string, end bool) (time.Time, error) {
	text := strings.TrimSpace(v.GetString(flag))
	if text == "" {
		return time.Time{}, nil
	}
	t, err := incident.ParseTime(text)
	if err != nil {
		return t, usage("--%s %w", flag, err)
	}
	if end && len(text) <= len("2006-01-02") {
		t = t.In(time.Local).AddDate(0, 0, 1).UTC()
	}
	return t, nil
}

func impactDepartments(v *viper.Viper) (func(scan.Entry) string, error) {
	if v.GetString("departments") == "" {
		return nil, nil
	}
	var list policy.Departments
	err := readFile(v, "departments", func(r io.Reader) (err error) {
		list, err = policy.ReadDepartments(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	lang := language(v)
	unassigned := report.Text(lang, "unassigned")
	return func(e scan.Entry) string {
		if d := list.Of(e); d != nil {
			return d.Name
		}
		return unassigned
	}, nil
}

// An impactOutput is where an impact goes and how it looks.
type impactOutput struct {
	dir, lang, days string
	formats         []report.ImpactFormat
	stdout          io.Writer
}

func newImpactOutput(cmd *cobra.Command, v *viper.Viper) (*impactOutput, error) {
	o := &impactOutput{dir: v.GetString("out"), lang: language(v), stdout: cmd.OutOrStdout()}
	var err error
	if o.days, err = calendar(v, o.lang); err != nil {
		return nil, err
	}
	var names []string
	for _, f := range report.ImpactFormats() {
		names = append(names, f.Name)
	}
	for _, name := range v.GetStringSlice("format") {
		n := len(o.formats)
		for _, f := range report.ImpactFormats() {
			if f.Name == strings.TrimSpace(name) {
				o.formats = append(o.formats, f)
			}
		}
		if len(o.formats) == n {
			return nil, usage("--format %q is not known; use one or more of %s", name, strings.Join(names, ", "))
		}
	}
	switch {
	case len(o.formats) == 0:
		return nil, usage("--format is empty; use one or more of %s", strings.Join(names, ", "))
	case o.dir == "-" && len(o.formats) != 1:
		return nil, usage("--out - takes exactly one --format, such as --format jsonl")
	case o.dir == "":
		return nil, usage("--out is empty; name a folder, or - for standard output")
	}
	for _, f := range o.formats {
		if o.dir != "-" && f.Extension != "" {
			return o, writable(o.dir)
		}
	}
	return o, nil
}

// write renders an impact in every format, into the folder of a day.
func (o *impactOutput) write(i *report.Impact) error {
	stdout := bufio.NewWriter(o.stdout)
	var files []*pendingFile
	defer func() {
		for _, f := range files {
			f.drop()
		}
	}()
	day := ""
	for _, f := range o.formats {
		if o.dir == "-" || f.Extension == "" {
			if err := errors.Join(f.Write(stdout, i), stdout.Flush()); err != nil {
				return err
			}
			continue
		}
		if day == "" {
			var err error
			if day, err = dayFolder(o.dir, i.Made.In(i.Zone)); err != nil {
				return err
			}
		}
		file, err := newPendingFile(filepath.Join(day, "kagiban-impact"+f.Extension))
		if err != nil {
			return err
		}
		files = append(files, file)
		if err := f.Write(file.buf, i); err != nil {
			return scan.Errorf("%s report: %w", f.Name, err)
		}
	}
	if len(files) == 0 {
		return nil
	}
	for _, f := range files {
		if err := f.place(); err != nil {
			return err
		}
	}
	if err := writeManifest(day, &report.Book{Version: i.Version, Made: i.Made, Lang: i.Lang}, files); err != nil {
		return err
	}
	fmt.Fprintln(o.stdout, report.Text(o.lang, "reports-written"))
	for _, f := range files {
		fmt.Fprintln(o.stdout, "  "+oneLine(f.path))
	}
	return nil
}
