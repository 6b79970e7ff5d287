package main

import (
	"context"
	"errors"
	"time"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/cobra"
)

func newExplain() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "Tell why a file gets its verdict",
		Long: `Explain examines one file, here or on a share, and prints its format, the
evidence about its protection, the columns found with the parts of their score,
masked samples, and what could not be read. Nothing is stored.`,
		Example: `  kagiban explain 名簿.xlsx
  kagiban explain 'smb://auditor@fs01/share/総務部/名簿.zip'`,
		Args: arguments(1, 1),
		RunE: runExplain,
	}
	scanFlags(cmd)
	cmd.Flags().Int64("min-records", 1, "a file with fewer records is for review")
	return cmd
}

func runExplain(cmd *cobra.Command, args []string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	lang := language(v)
	log, err := newLog(cmd, v.GetString("log-format"))
	if err != nil {
		return err
	}
	targets, err := openers(cmd, log, []chosen{{Target: args[0], v: v}})
	if err != nil {
		return err
	}
	cfg, err := scanConfig(v, targets)
	if err != nil {
		return err
	}
	defer closeProcesses(cfg)
	var one lastResult
	cfg.Store, cfg.Limits.Hits, cfg.Workers, cfg.LowHits = &one, explainHits, 1, true
	sum, err := engine.Run(cmd.Context(), cfg)
	if errors.Is(err, errMany) {
		return usage("%s is a folder; name one file, or use kagiban scan", args[0])
	}
	if err != nil {
		return err
	}
	if err := unreachable(sum, log); err != nil {
		return err
	}
	switch {
	case one.n == 0:
		return usage("%s: there is no file; look at the spelling", args[0])
	case one.n > 1:
		return usage("%s is a folder; name one file, or use kagiban scan", args[0])
	}
	grades := detectors.DefaultGrades()
	if d, ok := cfg.Detector.(*detectors.Detector); ok {
		grades = d.Grades()
	}
	pol := policy.Policy{MinRecords: v.GetInt64("min-records"), At: time.Now()}
	x := explanation{w: cmd.OutOrStdout(), lang: lang, grades: grades}
	x.file(one.result, pol.Judge(one.result))
	return nil
}

// explainHits is how many pieces of evidence are looked through for columns.
const explainHits = 1000

// errMany ends the walk of what turns out to be a folder.
var errMany = errors.New("more than one file")

// lastResult is a store of one file.
type lastResult struct {
	n      int
	result *scan.Result
}

func (s *lastResult) Known(context.Context, scan.Entry, func(string) bool) (scan.Reuse, error) {
	if s.n++; s.n > 1 {
		return scan.ReuseNone, errMany
	}
	return scan.ReuseNone, nil
}

func (s *lastResult) Save(_ context.Context, batch []scan.Outcome, _ scan.Completion) error {
	switch o := batch[len(batch)-1].(type) {
	case *scan.Result:
		s.result = o
	case *scan.LeftOut:
		s.result = o.Result()
	}
	return nil
}

func (s *lastResult) Finish(context.Context, string, bool) error { return nil }

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + reason + ")"
}
