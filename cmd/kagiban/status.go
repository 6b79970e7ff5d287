package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/spf13/cobra"
)

func newStatus() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status [TARGET...]",
		Short: "Say how long ago each target was last walked to its end",
		Long: `Status says for each target of the state (or for those that are named) when it was
last walked to its end, for monitoring: a scan that does not run finds nothing.
The exit code is 0 if that is nowhere longer ago than --max-age, else 3.`,
		Example: `  kagiban status                              # exit code 3 if a night was missed
  kagiban status --max-age 8d 'smb://fs01/share'
  kagiban status --format metrics > /var/lib/node_exporter/kagiban.prom`,
		RunE: runStatus,
	}
	f := cmd.Flags()
	stateFlags(f)
	f.String("max-age", "2d", "`AGE` that the last complete walk of a target may have, such as 36h or 8d")
	f.String("format", "text", "text, json or metrics (Prometheus)")
	f.Bool("runs", false, "show the shared runs under way and their nodes instead; exit code 0")
	f.Bool("watch", false, "with --runs: again every two seconds, until the last run has ended")
	return cmd
}

// A walkStatus is what is known of the walks of one target; numbers in names are
// masked.
type walkStatus struct {
	Target    string `json:"target"`
	Complete  bool   `json:"complete"`            // the latest walk reached its end
	Completed string `json:"completed,omitempty"` // when one last did, RFC 3339; "" is never
	Age       int64  `json:"ageSeconds"`          // since then; -1: never
	Files     int64  `json:"files"`
	Bytes     int64  `json:"bytes"`
	Late      bool   `json:"late"`

	completed time.Time
}

func runStatus(cmd *cobra.Command, args []string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	if v.GetBool("runs") || v.GetBool("watch") {
		return watchRuns(cmd, v)
	}
	now := time.Now()
	oldest, err := since(v.GetString("max-age"), now)
	if err != nil || oldest.IsZero() {
		return usage("--max-age %q is no age; write 36h or 8d", v.GetString("max-age"))
	}
	write := map[string]func(*cobra.Command, []walkStatus) error{"text": statusText, "json": statusJSON, "metrics": statusMetrics}[v.GetString("format")]
	if write == nil {
		return usage("--format %q is not known; use text, json or metrics", v.GetString("format"))
	}
	path, err := statePath(v)
	if err != nil {
		return err
	}
	if nothingThere(path) {
		return &exitError{exitIncomplete, scan.Errorf("nothing was ever scanned with the state file %s; run kagiban scan TARGET first, or name another --state", path)}
	}
	db, err := openState(cmd.Context(), v)
	if err != nil {
		return err
	}
	defer db.Close()
	known, err := db.Targets(cmd.Context())
	if err != nil {
		return fatal(err)
	}
	if len(known) == 0 {
		return &exitError{exitIncomplete, scan.Errorf("nothing was ever scanned with this state; run kagiban scan TARGET first, or name another --state")}
	}
	names, err := knownTargets(cmd, db, args)
	if err != nil {
		return err
	}
	list := statusOf(known, names, now, oldest)
	if err := write(cmd, list); err != nil {
		return fatal(err)
	}
	for _, s := range list {
		if s.Late {
			return &exitError{code: exitIncomplete}
		}
	}
	return nil
}

// clockSlack is by how much clocks may differ. A walk that ended later than now did
// so by a clock that was wrong: nobody knows when, and it must not pass for a recent
// one for ever.
const clockSlack = time.Hour

// statusOf is the status of the targets of some names, of all if there are none.
func statusOf(known []scan.TargetState, names []string, now, oldest time.Time) []walkStatus {
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var list []walkStatus
	for _, t := range known {
		if len(names) > 0 && !wanted[t.Name] {
			continue
		}
		s := walkStatus{
			Target: report.MaskName(t.Name), Complete: t.Complete, Age: -1, Files: t.Files, Bytes: t.Bytes,
			Late: t.Completed.Before(oldest) || t.Completed.After(now.Add(clockSlack)), completed: t.Completed,
		}
		if !t.Completed.IsZero() {
			s.Completed = t.Completed.UTC().Format(time.RFC3339)
			s.Age = max(0, int64(now.Sub(t.Completed)/time.Second)) // a clock may have been set back
		}
		list = append(list, s)
	}
	return list
}

func statusText(cmd *cobra.Command, list []walkStatus) error {
	lang := speech(cmd)
	for _, s := range list {
		word, when := scan.Say("ok"), scan.Say("never walked to its end")
		if s.Late {
			word = scan.Say("late")
		}
		if s.Age >= 0 {
			age := time.Duration(s.Age) * time.Second
			when = scan.Say("last walked to its end %s (%v ago)", s.completed.Local().Format("2006-01-02 15:04"), age.Round(time.Minute))
			if s.Late && age == 0 {
				when = scan.Say("last walked to its end %s, which is to come: a clock was wrong", s.completed.Local().Format("2006-01-02 15:04"))
			}
		}
		if !s.Complete {
			when = scan.Say("%v; the latest walk did not reach it", when)
		}
		say(cmd, "%s  %s: %v; %d files", words.Fill(lang.Speak(word), 4), oneLine(s.Target), when, s.Files)
	}
	return nil
}

func statusJSON(cmd *cobra.Command, list []walkStatus) error {
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	for _, s := range list {
		if err := enc.Encode(s); err != nil {
			return err
		}
	}
	return nil
}

// statusMetrics writes the text format of Prometheus (exposition format 0.0.4).
func statusMetrics(cmd *cobra.Command, list []walkStatus) error {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	var b strings.Builder
	metric := func(name, help string, value func(walkStatus) string) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
		for _, s := range list {
			fmt.Fprintf(&b, "%s{target=\"%s\"} %s\n", name, escape.Replace(oneLine(s.Target)), value(s))
		}
	}
	truth := func(is bool) string {
		if is {
			return "1"
		}
		return "0"
	}
	metric("kagiban_last_complete_walk_timestamp_seconds", "When the target was last walked to its end, Unix time; 0 is never.", func(s walkStatus) string {
		if s.completed.IsZero() {
			return "0"
		}
		return fmt.Sprint(s.completed.Unix())
	})
	metric("kagiban_walk_complete", "1 if the latest walk of the target reached its end.", func(s walkStatus) string { return truth(s.Complete) })
	metric("kagiban_walk_late", "1 if the last complete walk is older than --max-age.", func(s walkStatus) string { return truth(s.Late) })
	metric("kagiban_files", "Files that are present at the target.", func(s walkStatus) string { return fmt.Sprint(s.Files) })
	metric("kagiban_bytes", "Their bytes.", func(s walkStatus) string { return fmt.Sprint(s.Bytes) })
	_, err := fmt.Fprint(cmd.OutOrStdout(), b.String())
	return err
}
