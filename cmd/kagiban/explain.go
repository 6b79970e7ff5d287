package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
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
		Args: cobra.ExactArgs(1),
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
	var one lastResult
	cfg.Store, cfg.Limits.Hits, cfg.Workers = &one, 100, 1
	sum, err := scan.Run(cmd.Context(), cfg)
	if err != nil {
		return err
	}
	if err := unreachable(sum, log); err != nil {
		return err
	}
	switch {
	case one.n == 0:
		return usage("%s: there is no file", args[0])
	case one.n > 1:
		return usage("%s is a folder; name one file, or use kagiban scan", args[0])
	}
	pol := policy.Policy{MinRecords: v.GetInt64("min-records"), At: time.Now()}
	explain(cmd.OutOrStdout(), one.result, pol.Judge(one.result))
	return nil
}

// errMany ends the walk of what turns out to be a folder.
var errMany = errors.New("more than one file")

// lastResult is a store of one file.
type lastResult struct {
	n      int
	result *scan.Result
}

func (s *lastResult) Unchanged(context.Context, scan.Entry, func(string) bool) (bool, error) {
	if s.n++; s.n > 1 {
		return false, errMany
	}
	return false, nil
}

func (s *lastResult) Save(_ context.Context, batch []*scan.Result) error {
	s.result = batch[len(batch)-1]
	return nil
}

func (s *lastResult) Finish(context.Context, string, bool) error { return nil }

func explain(w io.Writer, r *scan.Result, j scan.Judgement) {
	line := func(label, format string, args ...any) {
		fmt.Fprintf(w, "%-12s %s\n", label, oneLine(fmt.Sprintf(format, args...)))
	}
	line("file", "%s", r.Entry.Path)
	line("status", "%s%s", j.Status, because(j.Reason))
	if j.Counts.Records > 0 {
		c := j.Counts.Classes
		line("records", "%d, of %d persons (number only %d, two items %d, three %d, four %d)", j.Counts.Records, j.Persons, c.Number, c.Two, c.Three, c.Four)
	}
	line("read", "%d of %d bytes, %d members", r.Bytes, r.Entry.Size, r.Members)
	for _, item := range r.Items {
		fmt.Fprintln(w)
		name := strings.Join(item.Inner, " > ")
		if name == "" {
			name = "(the file itself)"
		}
		line("item", "%s", name)
		line("  format", "%s%s", item.Format, because(item.Skipped))
		p := item.Protection
		line("  password", "%s%s", p.Verdict, because(strings.TrimSpace(p.Scheme+" "+string(p.Strength))))
		for _, n := range p.Notes {
			line("  note", "%s", n)
		}
		f := item.Findings
		if f.Confidence() != "" {
			line("  found", "%d sure, %d to look at, %d unlikely, %d mended", f.High.Records, f.Middle.Records, f.Low, f.Repaired)
		}
		for _, h := range f.Hits {
			line("  evidence", "%s row %d, %s: %s  score %d %s (%s)", h.Table, h.Row, h.Column, h.Masked, h.Score, h.Confidence, strings.Join(h.Why, ", "))
		}
		for _, p := range item.Problems {
			line("  problem", "%s: %s", p.Kind, p.Detail)
		}
	}
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + reason + ")"
}
