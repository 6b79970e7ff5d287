package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"runtime/debug"
	"time"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/source"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

func newScan() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scan TARGET...",
		Short: "Scan shares or folders and write the reports",
		Long: `Scan walks each TARGET, examines every file that is new or changed since the
last scan, and writes the reports. Nothing is ever written to a target.

TARGET is smb://[DOMAIN;user@]server[:port]/share/path, \\server\share\path or a
local path. smb://server means all its readable shares.

The password of a server is taken from --password-file, the environment
variable KAGIBAN_PASSWORD, the system's keyring, or a prompt.

Exit codes: 0 nothing to put right · 1 violations · 2 wrong usage · 3 a target was
not walked to its end or, without violations, something could not be examined ·
4 fatal · 130 interrupted.`,
		Example: `  kagiban scan /srv/files
  kagiban scan 'smb://KIKO;auditor@fs01' --hidden-shares
  kagiban scan '\\fs01\share\年金給付課' --user auditor --lang ja --out 報告
  KAGIBAN_PASSWORD=… kagiban scan smb://svc@fs01/share --progress none   # each night
  kagiban scan /srv/files --format jsonl --out - | jq 'select(.status=="violation")'`,
		RunE: runScan,
	}
	f := cmd.Flags()
	scanFlags(cmd)
	reportFlags(cmd)
	lossFlags(f)
	distributedFlags(f)
	f.String("fail-on", "violation", "what makes the exit code 1: violation, review or never")
	f.Bool("strict", false, "exit code 3 whenever something could not be examined, violations or not")
	f.String("progress-file", "", "`FILE` for monitoring, written anew every few seconds: how far the scan is, as JSON")
	f.String("progress", "auto", "auto (a line on a terminal, else plain), plain or none")
	f.Int("slowest", 0, "name the `N` files whose examination took longest, on the error output")
	return cmd
}

// scanFlags are those of every command that reads targets.
func scanFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	stateFlags(f)
	f.Bool("new-key", false, "make another key where that of the state is lost")
	f.String("targets-file", "", "`FILE` with further targets, one a line")
	f.String("user", "", "user for SMB: name, DOMAIN\\name or name@domain (one in the target wins)")
	f.String("password-file", "", "`FILE` whose first line is the SMB password")
	logonFlags(f)
	paceFlags(f)
	f.Bool("allow-guest", false, "go on when a server takes us for a guest, or without a user")
	f.Bool("hidden-shares", false, "include shares whose name ends in $")
	f.Bool("recycle-bins", true, "look into recycle bins too; --recycle-bins=false leaves them out")
	f.Bool("streams", false, "examine the alternate data streams of all files and folders, not only of those with findings; three more round trips a file")
	f.Duration("stall", time.Minute, "give up a server that is silent, or cannot be reached, for so long")
	f.Int("sessions", 4, "connections to one server")
	f.Int("workers", 0, "large files examined at a time, of small ones up to eight times as many (default: one a core, at least 4)")
	f.StringSlice("include", nil, "examine only files that match `GLOB` (** spans folders)")
	f.StringSlice("exclude", nil, "leave out files that match `GLOB`")
	f.String("max-size", "", "leave out files larger than `SIZE`, such as 500MB")
	f.String("since", "", "leave out files not changed since `DAY` or age, such as 2026-04-01 or 30d")
	f.Int("history", int(state.DefaultRetention/(24*time.Hour)), "keep for so many `DAYS` what was found before and has changed since")
	f.Bool("full", false, "examine unchanged files too")
	f.Bool("try-nearby", false, "try on protected files the passwords in the mail around them or in a text file beside them")
	f.String("try-passwords", "", "`FILE` of passwords that are no secret, one a line, to try on protected files")
	f.String("temp-dir", "", "`FOLDER` for large members of archives (default: the system's)")
	f.Duration("file-timeout", scan.DefaultLimits().Time, "give up a file that takes longer")
	f.String("log-format", "text", "text or json")
}

func runScan(cmd *cobra.Command, args []string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	chosen, err := chosenTargets(v, args)
	if err != nil {
		return err
	}
	failOn := v.GetString("fail-on")
	if failOn != "violation" && failOn != "review" && failOn != "never" {
		return usage("--fail-on %q is not known; use violation, review or never", failOn)
	}
	log, err := newLog(cmd, v.GetString("log-format"))
	if err != nil {
		return err
	}
	targets, err := openers(cmd, log, chosen)
	if err != nil {
		return err
	}
	output, err := newOutput(cmd, v)
	if err != nil {
		return err
	}
	if err := output.prepare(); err != nil { // last, since it makes a folder
		return err
	}
	yieldToOthers(v, log)
	db, err := openState(cmd.Context(), v)
	if err != nil {
		return err
	}
	defer db.Close()
	var book *report.Book
	conclude := func(run scan.Run, sum engine.Summary) (err error) {
		if err := unreachable(sum, log); err != nil {
			return err
		}
		if output.current, err = currentRules(v); err != nil {
			return err
		}
		book, err = output.conclude(cmd.Context(), db, run, sum)
		return err
	}
	var sum engine.Summary
	if v.GetBool("distributed") {
		sum, err = scanDistributed(cmd, v, db, chosen, conclude)
	} else {
		sum, err = scanInto(cmd, v, db, targets, conclude)
	}
	if err != nil {
		return err
	}
	if err := output.write(cmd.Context(), book); err != nil {
		return err
	}
	return verdict(failOn, v.GetBool("strict"), sum, book.Totals)
}

// scanInto runs the scan itself, and concludes it before the state is free for
// the next one.
func scanInto(cmd *cobra.Command, v *viper.Viper, db *store, targets []engine.Target, conclude func(scan.Run, engine.Summary) error) (engine.Summary, error) {
	loss, err := lossRule(v)
	if err != nil {
		return engine.Summary{}, err
	}
	if err := keyBelongs(cmd.Context(), v, db); err != nil {
		return engine.Summary{}, err
	}
	cfg, err := scanConfig(v, targets)
	if err != nil {
		return engine.Summary{}, err
	}
	defer closeProcesses(cfg)
	progress, err := newProgress(cmd, v.GetString("progress"))
	if err != nil {
		return engine.Summary{}, err
	}
	if progress.file, err = newProgressFile(v.GetString("progress-file")); err != nil {
		return engine.Summary{}, err
	}
	cfg.Progress, cfg.CountAhead, cfg.Slowest = progress.show, progress.line, max(v.GetInt("slowest"), 0)
	run, err := db.Begin(cmd.Context(), scan.Start{Version: version(), Loss: loss, Targets: namesOf(targets)})
	if errors.Is(err, scan.ErrBusy) {
		return engine.Summary{}, usage("%w; wait for it, or use another --state", err)
	}
	if err != nil {
		return engine.Summary{}, fatal(err)
	}
	cfg.Store = run
	sum, err := engine.Run(cmd.Context(), cfg)
	progress.done()
	progress.file.end(sum, err)
	sayTimes(cmd, sum.Slowest)
	if err == nil && cmd.Context().Err() == nil {
		err = conclude(run, sum)
	}
	ended := run.End(context.WithoutCancel(cmd.Context()))
	var exit *exitError
	switch {
	case cmd.Context().Err() != nil:
		return sum, context.Canceled
	case errors.As(err, &exit):
		return sum, err
	}
	return sum, fatal(errors.Join(err, ended))
}

func namesOf(targets []engine.Target) []string {
	var names []string
	for _, t := range targets {
		names = append(names, t.Name)
	}
	return names
}

// lossFlags are those of every command that concludes what is gone.
func lossFlags(f *pflag.FlagSet) {
	f.Bool("accept-missing", false, "believe a walk that misses most of what was there, or finds another file system or server: what is not met is gone")
	f.Int("max-missing", int(100*scan.DefaultLoss().Share), "doubt a walk that misses more `PERCENT` of the known files than this (and at least 20), or all of them")
}

// lossRule says how much may be missing before a walk is doubted.
func lossRule(v *viper.Viper) (scan.Loss, error) {
	if v.GetBool("accept-missing") {
		return scan.Loss{}, nil
	}
	share, err := positive(v, "max-missing")
	if err == nil && share > 100 {
		err = usage("--max-missing %d is more than 100 percent; write 0 to 100", share)
	}
	loss := scan.DefaultLoss()
	loss.Share = float64(share) / 100
	return loss, err
}

// scanConfig makes the configuration of a run, all but its store.
func scanConfig(v *viper.Viper, targets []engine.Target) (engine.Config, error) {
	key, err := hashKey(v)
	if err != nil {
		return engine.Config{}, err
	}
	workers, err := positive(v, "workers")
	if err != nil {
		return engine.Config{}, err
	}
	passwords, err := declaredPasswords(v.GetString("try-passwords"))
	if err != nil {
		return engine.Config{}, err
	}
	detection, err := detectionOptions(v)
	if err != nil {
		return engine.Config{}, err
	}
	x := examination{
		Key: key, Detection: detection, Limits: scan.DefaultLimits(), TempDir: cmp.Or(v.GetString("temp-dir"), os.TempDir()),
		Passwords: passwords, PasswordsID: keyed(key, passwords), Nearby: v.GetBool("try-nearby"),
	}
	x.Limits.Time = v.GetDuration("file-timeout")
	pool := newPool()
	cfg, err := x.config(pool)
	if err != nil {
		return engine.Config{}, errors.Join(err, pool.Close())
	}
	cfg.Memory = debug.SetMemoryLimit(-1)
	cfg.Targets, cfg.Workers, cfg.Full, cfg.Streams = targets, workers, v.GetBool("full"), v.GetBool("streams")
	cfg.Quarantine, err = newQuarantine(x)
	return cfg, err
}

// currentRules reports which revisions are those of the rules of a scan.
func currentRules(v *viper.Viper) (func(revision string) bool, error) {
	key, err := hashKey(v)
	if err != nil {
		return nil, err
	}
	detection, err := detectionOptions(v)
	if err != nil {
		return nil, err
	}
	cfg, err := examination{Key: key, Detection: detection, Limits: scan.DefaultLimits()}.config(nil)
	return engine.Current(cfg), err
}

// openers checks how the targets are written, so that a slip of the pen is
// reported before anything runs.
func openers(cmd *cobra.Command, log *journal, chosen []chosen) ([]engine.Target, error) {
	var targets []engine.Target
	for _, c := range chosen {
		opts, parsed, err := sourceOptions(cmd, c, log)
		if err != nil {
			return nil, err
		}
		stop, err := until(c.v)
		if err != nil {
			return nil, err
		}
		skip, err := newSkip(c.v)
		if err != nil {
			return nil, err
		}
		skip = leaveOutReports(skip, parsed, c.v.GetString("out"))
		targets = append(targets, engine.Target{Name: parsed.String(), Open: opener(c.Target, opts), Until: stop, Skip: skip})
	}
	return targets, nil
}

// sourceOptions says how one target is reached.
func sourceOptions(cmd *cobra.Command, c chosen, log *journal) (source.Options, source.Target, error) {
	v := c.v
	parsed, err := source.Parse(c.Target)
	if err != nil {
		return source.Options{}, parsed, &exitError{exitUsage, err}
	}
	if err := checkAuth(v.GetString("auth")); err != nil {
		return source.Options{}, parsed, err
	}
	limits, err := pace(v)
	if err != nil {
		return source.Options{}, parsed, err
	}
	notice := func(t scan.Text) { log.Warn(log.put("%v", t), "target", parsed.String()) }
	if c.Label != "" {
		notice = func(t scan.Text) { log.Warn(log.put("%v", t), "target", parsed.String(), "label", oneLine(c.Label)) }
	}
	return source.Options{
		User: v.GetString("user"), Password: password(cmd, v, accountAt(v.GetString("user"), parsed)),
		Unsigned: v.GetBool("allow-unsigned"), Auth: v.GetString("auth"), Kerberos: tickets(v),
		AllowGuest: v.GetBool("allow-guest"), HiddenShares: v.GetBool("hidden-shares"), RecycleBins: v.GetBool("recycle-bins"), Streams: v.GetBool("streams"),
		Sessions: v.GetInt("sessions"), Stall: v.GetDuration("stall"), Pacer: source.NewPacer(limits), Notice: notice,
	}, parsed, nil
}

func opener(target string, opts source.Options) func(context.Context) (scan.Source, error) {
	return func(ctx context.Context) (scan.Source, error) { return source.Open(ctx, target, opts) }
}

// unreachable reports which targets were not walked to their end. If none could
// even be opened there is nothing to report.
func unreachable(sum engine.Summary, log *journal) error {
	var failed []error
	opened := false
	for _, t := range sum.Targets {
		if t.Err != nil {
			failed = append(failed, t.Err)
		}
		opened = opened || t.Err == nil || t.Files > 0 || errors.Is(t.Err, scan.ErrTimeUp) || scan.Doubted(t.Err)
	}
	if !opened {
		return fatal(errors.Join(failed...))
	}
	for _, t := range sum.Targets {
		switch {
		case errors.Is(t.Err, scan.ErrTimeUp):
			log.Warn(log.put("target is incomplete: %v", t.Err), "target", oneLine(t.Name), "remedy", log.put("run the same command again within the window"))
		case scan.Doubted(t.Err):
			log.Error(log.put("target is in doubt: %v", t.Err))
		case t.Err != nil:
			log.Error(log.put("target is incomplete: %v", t.Err), "remedy", log.put("mend it and run the same command again"))
		}
	}
	return nil
}
