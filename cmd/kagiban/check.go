package main

import (
	"fmt"

	"github.com/kagiban/kagiban/scan/source"
	"github.com/spf13/cobra"
)

func newCheck() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check TARGET...",
		Short: "Try what a scan needs, step by step: name, network, logon, identity, signing, list, read",
		Long: `Check tries for each TARGET what a scan needs and says what to do about what
goes wrong. It reads the beginning of one file and writes nothing.

Exit codes: 0 all went well · 2 wrong usage · 3 some target cannot be scanned ·
4 none can.`,
		Example: `  kagiban check 'smb://KIKO;auditor@fs01/share'
  kagiban check smb://fs01.example.jp/share --auth kerberos --keytab svc.keytab --user svc-kagiban`,
		RunE: runCheck,
	}
	scanFlags(cmd)
	return cmd
}

func runCheck(cmd *cobra.Command, args []string) error {
	log, targets, err := loggedTargets(cmd, args)
	if err != nil {
		return err
	}
	good := 0
	for _, t := range targets {
		opts, parsed, err := sourceOptions(cmd, t, log)
		if err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout(), shown(parsed.String()))
		ok, err := source.Check(cmd.Context(), t.Target, opts, func(s source.Step) { printStep(cmd, s) })
		if err != nil {
			return err
		}
		if ok {
			good++
		}
	}
	return someOf(good, len(targets), "target", "scanned")
}

// someOf is the outcome of a command that tries one thing after the other.
func someOf(good, all int, what, done string) error {
	switch good {
	case all:
		return nil
	case 0:
		return fatal(fmt.Errorf("no %s can be %s; see what went wrong above", what, done))
	}
	return &exitError{exitIncomplete, fmt.Errorf("%d of %d %ss cannot be %s; see above", all-good, all, what, done)}
}

func printStep(cmd *cobra.Command, s source.Step) {
	state := "ok"
	switch {
	case s.Untried:
		state = "-"
	case s.Err != nil:
		state = "FAILED"
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "  %-6s  %-8s  %s\n", state, s.Name, shown(s.Detail))
	if s.Remedy != "" {
		fmt.Fprintf(out, "  %-6s  %-8s  → %s\n", "", "", oneLine(s.Remedy))
	}
}
