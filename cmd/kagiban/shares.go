package main

import (
	"fmt"
	"strings"

	"github.com/kagiban/kagiban/scan/source"
	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
)

func newShares() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "shares SERVER...",
		Short: "List the shares of servers and say which can be read",
		Example: `  kagiban shares smb://auditor@fs01
  kagiban shares fs01 fs02 --user 'KIKO\auditor' --password-file pw`,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			log, err := newLog(cmd, v.GetString("log-format"))
			if err != nil {
				return err
			}
			servers, err := chosenTargets(v, args)
			if err != nil {
				return err
			}
			for _, chosen := range servers {
				server := chosen.Target
				if !strings.Contains(server, "://") && !strings.HasPrefix(server, `\\`) && !strings.HasPrefix(server, "//") {
					server = "smb://" + server
				}
				chosen.Target = server
				opts, target, err := sourceOptions(cmd, chosen, log)
				if err != nil {
					return err
				}
				shares, err := source.Shares(cmd.Context(), server, opts)
				if err != nil {
					return fatal(err)
				}
				printShares(cmd, target, shares)
			}
			return nil
		},
	}
	scanFlags(cmd)
	return cmd
}

func printShares(cmd *cobra.Command, target source.Target, shares []source.Share) {
	out := cmd.OutOrStdout()
	fmt.Fprintln(out, oneLine(target.String()))
	width := 0
	for _, s := range shares {
		width = max(width, runewidth.StringWidth(oneLine(s.Name)))
	}
	for _, s := range shares {
		state := "readable"
		if !s.Readable {
			state = "not readable"
		}
		fmt.Fprintf(out, "  %s  %-12s  %-8s  %s\n", runewidth.FillRight(oneLine(s.Name), width), state, s.Kind, oneLine(s.Comment))
	}
}
