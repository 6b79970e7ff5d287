package main

import (
	"errors"
	"os/user"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func newException() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "exception",
		Short: "Keep the ledger of exceptions: add, list, remove",
		Long: `An exception allows what would be a violation, until a day, with a reason and an
approver. The ledger keeps every exception that was ever granted; reports show
the files it covers as excepted, never as clean.`,
		Args: noCommand,
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
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			e, err := newGrant(v, args[0], time.Now())
			if err != nil {
				return err
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
			say(cmd, "exception %d added; it holds to the end of %s", id, v.GetString("expires"))
			return sayCovered(cmd, db, e)
		},
	}
	cmd.Flags().String("reason", "", "why it is allowed")
	cmd.Flags().String("decision", "", "`NUMBER` of the decision (決裁番号)")
	cmd.Flags().String("approver", "", "who allowed it")
	cmd.Flags().String("by", "", "who enters it (default: the user of this computer)")
	cmd.Flags().Int("longest", 366, "the last day may be so many `DAYS` away at most")
	cmd.Flags().String("expires", "", "last `DAY` on which it holds, such as 2027-03-31")
	return cmd
}

// newGrant reads an exception from the flags.
func newGrant(v *viper.Viper, pattern string, now time.Time) (scan.Exception, error) {
	e := scan.Exception{
		Pattern: pattern, Reason: strings.TrimSpace(v.GetString("reason")), Decision: strings.TrimSpace(v.GetString("decision")),
		Approver: strings.TrimSpace(v.GetString("approver")), AddedBy: whoever(v), Created: now.UTC(),
	}
	if !doublestar.ValidatePattern(e.Pattern) || e.Pattern == "" {
		return e, usage("%q is no valid pattern; write 総務部/** or smb://fs01/share/総務部/名簿.xlsx", e.Pattern)
	}
	if e.Reason == "" || e.Approver == "" {
		return e, usage("an exception needs --reason and --approver: somebody has to answer for it")
	}
	day, err := time.ParseInLocation("2006-01-02", v.GetString("expires"), time.Local)
	if err != nil {
		return e, usage("--expires %q is no day; write 2027-03-31", v.GetString("expires"))
	}
	e.Expires = day.AddDate(0, 0, 1).UTC() // to the end of that day
	longest, err := positive(v, "longest")
	switch {
	case err != nil:
		return e, err
	case !e.Expires.After(now):
		return e, usage("--expires %s is past; name a day to come", v.GetString("expires"))
	case day.After(now.AddDate(0, 0, longest)):
		return e, usage("--expires %s is more than %d days away; name an earlier day and have it decided again then, or raise --longest", v.GetString("expires"), longest)
	}
	return e, nil
}

// whoever is the name that --by names, or that of the user of this computer.
func whoever(v *viper.Viper) string {
	if by := strings.TrimSpace(v.GetString("by")); by != "" {
		return by
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// sayCovered says how many findings an exception covers now: a pattern that
// matches none is most often a slip of the pen.
func sayCovered(cmd *cobra.Command, db *store, e scan.Exception) error {
	p := policy.Policy{Exceptions: []scan.Exception{e}, At: e.Created}.Ready()
	covered := 0
	for r, err := range db.Results(cmd.Context(), scan.Found) {
		if err != nil {
			return fatal(err)
		}
		if p.Judge(r).Exception != nil {
			covered++
		}
	}
	if covered == 0 {
		say(cmd, "it covers no file with findings that is known now; compare the pattern with the paths of a report")
		return nil
	}
	say(cmd, "it covers %d files with findings", covered)
	return nil
}

func newExceptionList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Print the ledger", Args: noArguments,
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
			if len(ledger) == 0 {
				say(cmd, "the ledger of exceptions is empty")
			}
			for _, e := range ledger {
				say(cmd, "%d\t%s\tuntil %s\t%s\t%s\t%s\t%s\t%s\t%s", e.ID, report.Text(language(v), "ledger."+standing(e)),
					e.Expires.Local().AddDate(0, 0, -1).Format("2006-01-02"), shown(e.Pattern), oneLine(e.Approver), shown(e.Reason),
					oneLine(e.Decision), oneLine(e.AddedBy), shown(e.Removal.Reason))
			}
			return nil
		},
	}
}

// standing is the code of what has become of an exception.
func standing(e scan.Exception) string {
	switch {
	case !e.Removal.At.IsZero():
		return "removed"
	case e.Active(time.Now()):
		return "active"
	}
	return "expired"
}

func newExceptionRemove() *cobra.Command {
	cmd := &cobra.Command{
		Use: "remove NUMBER", Short: "End an exception; it stays in the ledger as removed", Args: arguments(1, 1),
		Example: `  kagiban exception remove 3 --reason '移行が完了した'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("%q is no number of an exception; see kagiban exception list", args[0])
			}
			removal := scan.Removal{At: time.Now(), By: whoever(v), Reason: strings.TrimSpace(v.GetString("reason"))}
			if removal.Reason == "" {
				return usage("to remove an exception takes --reason: the ledger keeps it")
			}
			db, err := openState(cmd.Context(), v)
			if err != nil {
				return err
			}
			defer db.Close()
			err = db.RemoveException(cmd.Context(), id, removal)
			if errors.Is(err, scan.ErrNoException) {
				return usage("there is no exception %d that holds; see kagiban exception list", id)
			}
			if err != nil {
				return fatal(err)
			}
			say(cmd, "exception %d removed", id)
			return nil
		},
	}
	cmd.Flags().String("reason", "", "why it ends")
	cmd.Flags().String("by", "", "who ends it (default: the user of this computer)")
	return cmd
}
