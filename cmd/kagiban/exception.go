package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/scan"
	"github.com/spf13/cobra"
)

func newException() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "exception",
		Short: "Keep the ledger of exceptions: add, list, remove",
		Long: `An exception allows what would be a violation, until a day, with a reason and an
approver. The ledger keeps every exception that was ever granted; reports show
the files it covers as excepted, never as clean.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newExceptionAdd(), newExceptionList(), newExceptionRemove())
	for _, c := range cmd.Commands() {
		stateFlags(c.Flags())
	}
	return cmd
}

func newExceptionAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add PATTERN",
		Short: "Allow the files that match PATTERN until a day",
		Example: `  kagiban exception add '年金給付課/移行作業/**' --reason 'システム移行 (決裁 2026-114)' \
      --approver '鈴木 部長' --expires 2027-03-31`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			now := time.Now()
			e := scan.Exception{
				Pattern: args[0], Reason: strings.TrimSpace(v.GetString("reason")),
				Approver: strings.TrimSpace(v.GetString("approver")), Created: now.UTC(),
			}
			if !doublestar.ValidatePattern(e.Pattern) || e.Pattern == "" {
				return usage("%q is no valid pattern; write 総務部/** or smb://fs01/share/総務部/名簿.xlsx", e.Pattern)
			}
			if e.Reason == "" || e.Approver == "" {
				return usage("an exception needs --reason and --approver: somebody has to answer for it")
			}
			day, err := time.ParseInLocation("2006-01-02", v.GetString("expires"), time.Local)
			if err != nil {
				return usage("--expires %q is no day; write 2027-03-31", v.GetString("expires"))
			}
			e.Expires = day.AddDate(0, 0, 1).UTC() // to the end of that day
			if !e.Expires.After(now) {
				return usage("--expires %s is past", v.GetString("expires"))
			}
			db, err := openState(cmd.Context(), v)
			if err != nil {
				return err
			}
			defer db.Close()
			id, err := db.AddException(cmd.Context(), e)
			if err != nil {
				return fatal(err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "exception %d added; it holds to the end of %s\n", id, v.GetString("expires"))
			return nil
		},
	}
	cmd.Flags().String("reason", "", "why it is allowed, with the number of the decision")
	cmd.Flags().String("approver", "", "who allowed it")
	cmd.Flags().String("expires", "", "last `DAY` on which it holds, such as 2027-03-31")
	return cmd
}

func newExceptionList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Print the ledger", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			db, err := openState(cmd.Context(), v)
			if err != nil {
				return err
			}
			defer db.Close()
			ledger, err := db.Exceptions(cmd.Context())
			if err != nil {
				return fatal(err)
			}
			for _, e := range ledger {
				fmt.Fprintf(cmd.OutOrStdout(), "%d\t%s\tuntil %s\t%s\t%s\t%s\n", e.ID, standing(e),
					e.Expires.Local().AddDate(0, 0, -1).Format("2006-01-02"), shown(e.Pattern), oneLine(e.Approver), shown(e.Reason))
			}
			return nil
		},
	}
}

func standing(e scan.Exception) string {
	switch {
	case !e.Removed.IsZero():
		return "removed"
	case e.Active(time.Now()):
		return "active"
	}
	return "expired"
}

func newExceptionRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove NUMBER", Short: "End an exception; it stays in the ledger as removed", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("%q is no number of an exception; see kagiban exception list", args[0])
			}
			db, err := openState(cmd.Context(), v)
			if err != nil {
				return err
			}
			defer db.Close()
			err = db.RemoveException(cmd.Context(), id, time.Now())
			if errors.Is(err, scan.ErrNoException) {
				return usage("there is no exception %d that holds; see kagiban exception list", id)
			}
			if err != nil {
				return fatal(err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "exception %d removed\n", id)
			return nil
		},
	}
}
