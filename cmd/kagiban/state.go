package main

import (
	"bufio"
	"errors"
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/spf13/cobra"
)

func newState() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Look after the state file: check, compact, export",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range []*cobra.Command{
		{Use: "check", Short: "Look whether the state file is whole", RunE: withState(checkState)},
		{Use: "compact", Short: "Give unused space back; needs room for a second copy meanwhile", RunE: withState(compactState)},
		{Use: "export", Short: "Write what is known of each file to standard output, a line of JSON for each", RunE: withState(exportState)},
	} {
		c.Args = cobra.NoArgs
		stateFlags(c.Flags())
		cmd.AddCommand(c)
	}
	return cmd
}

// withState opens the state for a command.
func withState(do func(*cobra.Command, *store) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		v, err := settings(cmd)
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
		return errors.Join(do(cmd, db), fatal(db.Close()))
	}
}

func checkState(cmd *cobra.Command, db *store) error {
	h, err := db.Check(cmd.Context())
	if err != nil {
		return fatal(err)
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "schema %d, %d files, %s of which %s are unused, %d runs that did not end\n",
		h.Schema, h.Files, humanize.IBytes(uint64(h.Bytes)), humanize.IBytes(uint64(h.Free)), h.Unending)
	for _, text := range h.Damage {
		fmt.Fprintln(out, "damaged:", shown(text))
	}
	if len(h.Damage) > 0 {
		return fatal(fmt.Errorf("%w: what is readable is still reported, and state export writes it down; put the latest copy of kagiban state backup in its place, or scan again with --full", state.ErrDamaged))
	}
	fmt.Fprintln(out, "ok")
	return nil
}

func compactState(cmd *cobra.Command, db *store) error {
	err := db.Compact(cmd.Context())
	if errors.Is(err, scan.ErrBusy) {
		return usage("%w; wait for it", err)
	}
	return fatal(err)
}

func exportState(cmd *cobra.Command, db *store) error {
	out := bufio.NewWriter(cmd.OutOrStdout())
	_, err := db.Export(cmd.Context(), out)
	return fatal(errors.Join(err, out.Flush()))
}
