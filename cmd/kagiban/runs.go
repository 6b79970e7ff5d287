package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state/postgres/queue"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

// newControl makes the commands that ask something of a shared run.
func newControl(name, wanted, short, long string) *cobra.Command {
	cmd := &cobra.Command{
		Use: name + " [RUN]", Short: short, Long: long, Args: arguments(0, 1),
		Example: "  kagiban " + name + " --state 'postgres://kagiban@db/kagiban'",
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := settings(cmd)
			if err != nil {
				return err
			}
			var run int64
			if len(args) > 0 {
				if run, err = strconv.ParseInt(args[0], 10, 64); err != nil || run <= 0 {
					return usage("%q is no number of a run; see kagiban status --runs", args[0])
				}
			}
			db, err := openState(cmd.Context(), v)
			if err != nil {
				return err
			}
			defer db.Close()
			q, err := sharedQueue(db)
			if err != nil {
				return err
			}
			run, err = q.Control(cmd.Context(), run, wanted)
			if errors.Is(err, queue.ErrNoRun) {
				return usage("%w; see kagiban status --runs", err)
			}
			if err != nil {
				return fatal(err)
			}
			say(cmd, "run %d: %v", run, wantedWord(wanted))
			return nil
		},
	}
	stateFlags(cmd.Flags())
	return cmd
}

func controlCommands() []*cobra.Command {
	return []*cobra.Command{
		newControl("pause", queue.Pause, "Let the nodes of a shared run rest",
			"Pause has the nodes take no further work of a run; what is under way ends first. Without a number it is the only run under way."),
		newControl("resume", queue.Go, "Let the nodes of a paused run go on", "Resume lets a run that was paused go on."),
		newControl("cancel", queue.Cancel, "End a shared run before its end",
			"Cancel ends a run: nodes leave what they have under way. What was examined is kept; nothing counts as gone. Whoever waits for the run reports what there is."),
	}
}

// sharedQueue is the queue of a state that several machines share.
func sharedQueue(db *store) (*queue.Queue, error) {
	shared, ok := db.Lease.(scan.Sharer)
	if !ok {
		return nil, usage("only a state in PostgreSQL has shared runs; name one with --state postgres://…")
	}
	q, err := queue.Open(shared.Database())
	if err != nil {
		return nil, usage("%w", err)
	}
	return q, nil
}

// wantedWord is what is asked of a run, in words.
func wantedWord(wanted string) scan.Text {
	switch wanted {
	case queue.Pause:
		return scan.Say("pause")
	case queue.Go:
		return scan.Say("resume")
	case queue.Cancel:
		return scan.Say("cancel")
	}
	return scan.Say("%s", wanted)
}

// stateWord is what a target or a node does, in words.
func stateWord(state string) scan.Text {
	switch state {
	case "open":
		return scan.Say("open")
	case "done":
		return scan.Say("done")
	case "failed":
		return scan.Say("failed")
	case "active":
		return scan.Say("active")
	case "lost":
		return scan.Say("lost")
	}
	return scan.Say("%s", state)
}

// runLine is how far a run is, in one line.
func runLine(r queue.RunStatus, nodes []queue.NodeStatus) scan.Text {
	var files, left, found, problems, waiting, leased, bytes int64
	done := 0
	for _, t := range r.Targets {
		files, left, found, problems = files+t.Files, left+t.Left, found+t.Found, problems+t.Problems
		waiting, leased, bytes = waiting+t.Waiting, leased+t.Leased, bytes+t.Bytes
		if t.State == "done" {
			done++
		}
	}
	live := 0
	for _, n := range nodes {
		if n.State != "lost" {
			live++
		}
	}
	rate := float64(files) / max(1, r.Elapsed.Seconds())
	line := scan.Say("run %d: %d of %d targets, %s files (%s), %.0f/s, %d with findings, %d with problems, %d batches under way and %d waiting, %d nodes",
		r.Run, done, len(r.Targets), humanize.Comma(files), humanize.IBytes(uint64(max(bytes, 0))), rate, found, problems, leased, waiting, live)
	if left > 0 && rate >= 1 {
		line = scan.Say("%v, at least %v to go", line, (time.Duration(float64(left)/rate) * time.Second).Round(time.Second))
	}
	if r.Wanted != queue.Go {
		line = scan.Say("%v, %v", line, wantedWord(r.Wanted))
	}
	return line
}

// showRuns writes the runs under way and the nodes, numbers in names masked.
func showRuns(cmd *cobra.Command, s queue.Status) error {
	var b strings.Builder
	lang := speech(cmd)
	for _, r := range s.Runs {
		b.WriteString(lang.Text("%v (%v, kagiban %s)", runLine(r, s.Nodes), time.Duration(r.Seconds)*time.Second, r.Version) + "\n")
		for _, t := range r.Targets {
			b.WriteString("  " + words.Fill(lang.Speak(stateWord(t.State)), 6) + " " + lang.Text("%s: %d folders, %d files, %d with findings, %d with problems, %d waiting", shown(t.Name), t.Folders, t.Files, t.Found, t.Problems, t.Waiting))
			if t.Losses > 0 {
				b.WriteString(lang.Text(", %d batches of lost nodes", t.Losses))
			}
			if t.Error != "" {
				fmt.Fprintf(&b, "; %s", shown(lang.Heard(t.Error)))
			}
			b.WriteByte('\n')
		}
	}
	if len(s.Runs) == 0 {
		b.WriteString(lang.Text("no shared run is under way") + "\n")
	}
	for _, n := range s.Nodes {
		who := shown(n.Name)
		if len(n.Labels) > 0 {
			who += " (" + strings.Join(n.Labels, ",") + ")"
		}
		b.WriteString(lang.Text("node   %s: %v, %d batches, %d files, seen %v ago", who, stateWord(n.State), n.Batches, n.Files, time.Duration(n.Silent)*time.Second))
		if n.Says != "" {
			fmt.Fprintf(&b, "; %s", shown(lang.Heard(n.Says)))
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(cmd.OutOrStdout(), b.String())
	return err
}

// runsJSON is a status with numbers in names masked.
func runsJSON(cmd *cobra.Command, s queue.Status) error {
	for i := range s.Runs {
		for j := range s.Runs[i].Targets {
			t := &s.Runs[i].Targets[j]
			t.Name, t.Error = report.MaskName(t.Name), report.MaskName(t.Error)
		}
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	return enc.Encode(s)
}

// watchEvery is how often --watch looks.
const watchEvery = 2 * time.Second

// watchRuns shows the shared runs, once or until the last one has ended.
func watchRuns(cmd *cobra.Command, v *viper.Viper) error {
	write := map[string]func(*cobra.Command, queue.Status) error{"text": showRuns, "json": runsJSON}[v.GetString("format")]
	if write == nil {
		return usage("--runs has --format text and json only, not %q", v.GetString("format"))
	}
	db, err := openState(cmd.Context(), v)
	if err != nil {
		return err
	}
	defer db.Close()
	q, err := sharedQueue(db)
	if err != nil {
		return err
	}
	for {
		s, err := q.Status(cmd.Context())
		if err != nil {
			return fatal(err)
		}
		if _, is := terminal(cmd.OutOrStdout()); is && v.GetBool("watch") {
			fmt.Fprint(cmd.OutOrStdout(), "\x1b[H\x1b[2J") // to the top of an empty screen
		}
		if err := write(cmd, s); err != nil {
			return err
		}
		if !v.GetBool("watch") || len(s.Runs) == 0 {
			return nil
		}
		select {
		case <-cmd.Context().Done():
			return nil
		case <-time.After(watchEvery):
		}
	}
}
