package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/spf13/cobra"
)

func newShares() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "shares SERVER...",
		Short: "List the shares of servers and say which can be read",
		Example: `  kagiban shares smb://auditor@fs01
  kagiban shares fs01 fs02 --user 'KIKO\auditor' --password-file pw`,
		RunE: runShares,
	}
	scanFlags(cmd)
	return cmd
}

// runShares goes on with the next server when one cannot be asked.
func runShares(cmd *cobra.Command, args []string) error {
	log, servers, err := loggedTargets(cmd, args)
	if err != nil {
		return err
	}
	good := 0
	for _, s := range servers {
		if !strings.Contains(s.Target, "://") && !strings.HasPrefix(s.Target, `\\`) && !strings.HasPrefix(s.Target, "//") {
			s.Target = "smb://" + s.Target
		}
		opts, target, err := sourceOptions(cmd, s, log)
		if err != nil {
			return err
		}
		shares, err := source.Shares(cmd.Context(), s.Target, opts)
		switch {
		case cmd.Context().Err() != nil:
			return context.Canceled
		case err != nil && len(servers) == 1:
			return fatal(err)
		case err != nil:
			log.Error(log.put("%v", err))
		default:
			printShares(cmd, target, shares)
			good++
		}
	}
	switch good {
	case len(servers):
		return nil
	case 0:
		return fatal(scan.Errorf("no server can be asked; see what went wrong above"))
	}
	return &exitError{exitIncomplete, scan.Errorf("%d of %d servers cannot be asked; see above", len(servers)-good, len(servers))}
}

func printShares(cmd *cobra.Command, target source.Target, shares []source.Share) {
	out, lang := cmd.OutOrStdout(), speech(cmd)
	fmt.Fprintln(out, shown(target.String()))
	width := 0
	for _, s := range shares {
		width = max(width, words.Width(oneLine(s.Name)))
	}
	for _, s := range shares {
		state := scan.Say("readable")
		if !s.Readable {
			state = scan.Say("not readable")
		}
		line := "  " + words.Fill(oneLine(s.Name), width) + "  " + words.Fill(lang.Speak(state), 12) + "  " + words.Fill(lang.Speak(kindWord(s.Kind)), 10) + "  " + oneLine(s.Comment)
		fmt.Fprintln(out, strings.TrimRight(line, " "))
	}
}

// kindWord is what kind of share it is, in words.
func kindWord(kind string) scan.Text {
	switch kind {
	case "disk":
		return scan.Say("disk")
	case "printer":
		return scan.Say("printer")
	case "device":
		return scan.Say("device")
	case "ipc":
		return scan.Say("ipc")
	}
	return scan.Say("%s", kind)
}
