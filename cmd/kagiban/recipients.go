package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/kagiban/kagiban/detectors/extract"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func newRecipients() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "recipients --scope kagiban-impact.jsonl (--copies FOLDER | --shares)",
		Short: "Who has to be written to: reads the files of an incident again",
		Long: `Recipients reads the files of an incident again, from a folder of copies or, with
--shares, from where they were scanned, and takes out the people whose numbers the
state knows of them. A person in several files is one; different names beside the
same number are listed, not chosen from.

Without --with-names it prints counts only. With it a workbook and a csv are
written, both encrypted with the password in --report-password-file. Nothing of it
enters the state. The exit code is 3 if people of the incident were not found again
or files could not be read.`,
		Example: `  kagiban recipients --scope kagiban-impact.jsonl --copies /mnt/evidence
  kagiban recipients --scope kagiban-impact.jsonl --shares --with-names --report-password-file password`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRecipients(cmd) },
	}
	scanFlags(cmd)
	f := cmd.Flags()
	f.String("scope", "", "the incident: `FILE` kagiban-impact.jsonl")
	f.String("copies", "", "read the copies below `FOLDER`")
	f.Bool("shares", false, "read the files where they were scanned")
	f.Bool("with-names", false, "write numbers, names, birth dates and addresses, encrypted")
	f.String("report-password-file", "", "`FILE` with the password of what is written")
	f.String("out", "kagiban-recipients", "`FOLDER` for what is written")
	return cmd
}

func runRecipients(cmd *cobra.Command) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	password, lang, err := recipientSettings(v)
	if err != nil {
		return err
	}
	harden()
	list, key, err := wantedPeople(cmd, v)
	if err != nil {
		return err
	}
	sum, err := readAgain(cmd, v, list, key)
	if err != nil {
		return err
	}
	if password != nil {
		if err := writeRecipients(cmd, v.GetString("out"), lang, list, password); err != nil {
			return fatal(err)
		}
	}
	return list.conclude(cmd, lang, sum)
}

// recipientSettings checks the flags; password is nil where only counts are wanted.
func recipientSettings(v *viper.Viper) (password []byte, lang string, err error) {
	lang = language(v)
	switch {
	case v.GetString("scope") == "":
		return nil, "", usage("--scope is missing: the kagiban-impact.jsonl of the incident, which kagiban impact writes")
	case v.GetBool("shares") == (v.GetString("copies") != ""):
		return nil, "", usage("say what to read: --copies FOLDER, or --shares to read the files where they were scanned")
	case !v.GetBool("with-names"):
		return nil, lang, nil
	}
	if password, err = reportPassword(v.GetString("report-password-file")); err != nil {
		return nil, "", err
	}
	if password == nil {
		return nil, "", usage("--with-names needs --report-password-file: what is written must have a password")
	}
	return password, lang, writable(v.GetString("out"))
}

// A recipient is one person, by all that stands beside the number.
type recipient struct {
	number                   string
	interim, review          bool
	names, births, addresses []string
	rows                     int64
}

// recipients are the people of an incident.
type recipients struct {
	mu      sync.Mutex
	wanted  map[uint64]bool // by hash; whether with high confidence
	found   map[uint64]*recipient
	files   map[string]bool // by target and path
	targets []string
}

// wantedPeople asks the state who is in the incident.
func wantedPeople(cmd *cobra.Command, v *viper.Viper) (*recipients, []byte, error) {
	if err := existing(v); err != nil {
		return nil, nil, err
	}
	db, err := openState(cmd.Context(), v)
	if err != nil {
		return nil, nil, err
	}
	defer db.Close()
	key, _, err := knownKey(cmd.Context(), v, db)
	if err != nil {
		return nil, nil, err
	}
	scope, err := readScope(v.GetString("scope"))
	if err != nil {
		return nil, nil, err
	}
	list := &recipients{wanted: map[uint64]bool{}, found: map[uint64]*recipient{}, files: map[string]bool{}}
	known := map[string]bool{}
	entries, err := scope.Entries(cmd.Context(), db)
	if err != nil {
		return nil, nil, fatal(err)
	}
	for _, e := range entries {
		list.files[e.Target+"\x00"+e.Path] = true
		if !known[e.Target] {
			known[e.Target] = true
			list.targets = append(list.targets, e.Target)
		}
	}
	for s, err := range db.Sightings(cmd.Context(), scope.Versions()) {
		if err != nil {
			return nil, nil, fatal(err)
		}
		list.wanted[s.Hash] = list.wanted[s.Hash] || s.Grade == scan.ConfidenceHigh
	}
	return list, key, nil
}

// readAgain runs the files through the extractor. Its results are not stored.
func readAgain(cmd *cobra.Command, v *viper.Viper, list *recipients, key []byte) (sum engine.Summary, err error) {
	log, err := newLog(cmd, v.GetString("log-format"))
	if err != nil {
		return sum, err
	}
	var targets []chosen
	if folder := v.GetString("copies"); folder != "" {
		targets = []chosen{{Target: folder, v: v}}
	} else {
		for _, t := range list.targets {
			targets = append(targets, chosen{Target: t, v: v})
		}
	}
	opened, err := openers(cmd, log, targets)
	if err != nil {
		return sum, err
	}
	cfg, err := scanConfig(v, opened)
	if err != nil {
		return sum, err
	}
	defer closeProcesses(cfg)
	if v.GetBool("shares") {
		for i := range cfg.Targets {
			cfg.Targets[i].Skip = list.outside
		}
	}
	cfg.Store, cfg.Limits.Hits = &nothing{}, 0
	cfg.Detector = extract.New(key, func(h uint64) bool { _, ok := list.wanted[h]; return ok }, list.take)
	if sum, err = engine.Run(cmd.Context(), cfg); err != nil {
		return sum, err
	}
	return sum, unreachable(sum, log)
}

// outside leaves out what is not of the incident.
func (l *recipients) outside(e scan.Entry) string {
	if !e.Folder && !l.files[e.Target+"\x00"+e.Path] {
		return "exclude"
	}
	return ""
}

// take merges a person who was found again.
func (l *recipients) take(p extract.Person) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.found[p.Hash]
	if r == nil {
		r = &recipient{number: p.Number, interim: p.Interim, review: !l.wanted[p.Hash]}
		l.found[p.Hash] = r
	}
	r.rows++
	r.names, r.births, r.addresses = joined(r.names, p.Names), joined(r.births, p.Births), joined(r.addresses, p.Addresses)
	return nil
}

// mostVariants bounds the different texts that are kept of one person.
const mostVariants = 20

// joined adds texts that are not there yet, but for their spaces.
func joined(list, more []string) []string {
	for _, text := range more {
		same := false
		for _, have := range list {
			same = same || strings.Join(strings.Fields(have), "") == strings.Join(strings.Fields(text), "")
		}
		if !same && len(list) < mostVariants {
			list = append(list, text)
		}
	}
	return list
}

// conclude prints the counts.
func (l *recipients) conclude(cmd *cobra.Command, lang string, sum engine.Summary) error {
	counts := map[string]int{"wanted": len(l.wanted), "found": len(l.found), "missing": len(l.wanted) - len(l.found)}
	for _, r := range l.found {
		for id, is := range map[string]bool{
			"unnamed": len(r.names) == 0, "variants": len(r.names) > 1, "unaddressed": len(r.addresses) == 0, "interim": r.interim, "review": r.review,
		} {
			if is {
				counts[id]++
			}
		}
	}
	for _, id := range []string{"wanted", "found", "missing", "review", "unnamed", "variants", "unaddressed", "interim"} {
		fmt.Fprintf(cmd.OutOrStdout(), "%s\t%d\n", report.Text(lang, "recipients."+id), counts[id])
	}
	incomplete := counts["missing"] > 0
	for _, t := range sum.Targets {
		incomplete = incomplete || t.Err != nil
	}
	if incomplete {
		return &exitError{code: exitIncomplete}
	}
	return nil
}

// nothing is a store that remembers nothing.
type nothing struct{}

func (nothing) Known(context.Context, scan.Entry, func(string) bool) (scan.Reuse, error) {
	return scan.ReuseNone, nil
}
func (nothing) Save(context.Context, []scan.Outcome, scan.Completion) error { return nil }
func (nothing) Finish(context.Context, string, bool) error                  { return nil }

// writeRecipients writes the encrypted workbook and archive into the folder of a day.
func writeRecipients(cmd *cobra.Command, dir, lang string, list *recipients, password []byte) (err error) {
	now := time.Now()
	day, err := dayFolder(dir, now)
	if err != nil {
		return err
	}
	var files []*pendingFile
	defer func() {
		for _, f := range files {
			f.drop()
		}
	}()
	for name, write := range map[string]func(*pendingFile) error{
		"kagiban-recipients.xlsx": func(f *pendingFile) error { return list.workbook(f.buf, lang, password) },
		"kagiban-recipients.zip":  func(f *pendingFile) error { return list.archive(f.buf, lang, password) },
	} {
		f, err := newPendingFile(filepath.Join(day, name))
		if err != nil {
			return err
		}
		files = append(files, f)
		if err := write(f); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := f.place(); err != nil {
			return err
		}
	}
	if err := writeManifest(day, &report.Book{Version: version(), Made: now.UTC(), Lang: lang}, files); err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(cmd.OutOrStdout(), oneLine(f.path))
	}
	return nil
}
