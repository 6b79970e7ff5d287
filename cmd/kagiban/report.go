package main

import (
	"slices"
	"strings"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func newReport() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report [TARGET...]",
		Short: "Render the state again: other format, language or policy",
		Long: `Report renders what the latest scans found, of the named targets or of all, in
any format and language and under the exceptions that hold now. No share is
touched.`,
		Example: `  kagiban report --lang ja --format html,xlsx --out 報告
  kagiban report --format jsonl --out - smb://fs01/share`,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			return withLatest(cmd, v, args, func(out *output, book *report.Book) error {
				if err := out.prepare(); err != nil {
					return err
				}
				return out.write(cmd.Context(), book)
			})
		},
	}
	reportFlags(cmd)
	stateFlags(cmd.Flags())
	return cmd
}

// withLatest makes the book of what the latest scans found, of the named targets or
// of all, and hands it on while the state is open.
func withLatest(cmd *cobra.Command, v *viper.Viper, args []string, use func(*output, *report.Book) error) error {
	if err := existing(v); err != nil {
		return err
	}
	db, err := openState(cmd.Context(), v)
	if err != nil {
		return err
	}
	defer db.Close()
	targets, err := knownTargets(cmd, db, args)
	if err != nil {
		return err
	}
	out, err := newOutput(cmd, v)
	if err != nil {
		return err
	}
	out.plan.again = true
	book, err := out.book(cmd.Context(), db, targets)
	if err != nil {
		return err
	}
	return use(out, book)
}

// knownTargets checks that the state knows what the arguments name.
func knownTargets(cmd *cobra.Command, db *store, args []string) ([]string, error) {
	known, err := db.Targets(cmd.Context())
	if err != nil {
		return nil, fatal(err)
	}
	if len(known) == 0 {
		return nil, usage("nothing was scanned yet with this state; run kagiban scan TARGET first, or name another --state")
	}
	var targets, all []string
	for _, t := range known {
		all = append(all, t.Name)
	}
	for _, arg := range args {
		parsed, err := source.Parse(arg)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		if !slices.Contains(all, parsed.String()) {
			return nil, usage("%s was never scanned with this state; it knows %s", parsed, strings.Join(all, ", "))
		}
		targets = append(targets, parsed.String())
	}
	return targets, nil
}
