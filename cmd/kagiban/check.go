package main

import (
	"fmt"
	"strings"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/scan"
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
	switch good {
	case len(targets):
		return nil
	case 0:
		return fatal(scan.Errorf("no target can be scanned; see what went wrong above"))
	}
	return &exitError{exitIncomplete, scan.Errorf("%d of %d targets cannot be scanned; see above", len(targets)-good, len(targets))}
}

func printStep(cmd *cobra.Command, s source.Step) {
	lang, state := speech(cmd), scan.Say("ok")
	switch {
	case s.Untried:
		state = scan.Say("-")
	case s.Err != nil:
		state = scan.Say("FAILED")
	}
	line := func(state, name, text string) {
		fmt.Fprintln(cmd.OutOrStdout(), strings.TrimRight("  "+words.Fill(state, 6)+"  "+words.Fill(name, 8)+"  "+text, " "))
	}
	line(lang.Speak(state), lang.Speak(s.Name), shown(lang.Speak(s.Detail)))
	if !s.Remedy.Empty() {
		line("", "", "→ "+shown(lang.Speak(s.Remedy)))
	}
}
