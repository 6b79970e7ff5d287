package main

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/kagiban/kagiban/cmd/internal/web"
	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/incident"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func newLookup() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lookup [-]",
		Short: "Is this number in it? One at a prompt, a list, or a service for a call centre",
		Long: `Lookup says whether a pension number was found in the files that are remembered,
or in those of one incident (--scope), and always how many files were read and how
many nobody has read: "not found" is said of what was looked into, and of nothing
else. A number is typed at a prompt or comes on standard input (lookup -, one a
line), and is never an argument. It is compared by its keyed hash and read as
detection reads it; what had to be mended first is said.

Each question is logged beside the state (who, when, not the number). With --serve
numbers are answered on a loopback address or a socket, to who has the token.
The exit code is 0, or 3 if files of the scope were not read.`,
		Example: `  kagiban lookup
  kagiban lookup - --scope kagiban-impact/2026-05-30/kagiban-impact.jsonl < numbers.txt > answers.tsv
  kagiban lookup --serve 127.0.0.1:8931 --token-file token`,
		Args: arguments(0, 1),
		RunE: runLookup,
	}
	f := cmd.Flags()
	stateFlags(f)
	f.String("scope", "", "only the files of an incident: `FILE` kagiban-impact.jsonl")
	f.Bool("files", false, "name the files too")
	f.String("by", "", "who asks, for the log (default: the user of this computer)")
	f.String("log", "", "`FILE` in which questions are logged (default: the state's name with .lookups.jsonl)")
	f.String("serve", "", "answer on `ADDRESS`: 127.0.0.1:PORT or unix:PATH")
	f.String("token-file", "", "`FILE` whose first line whoever asks the service must show")
	f.Int("rate", 0, "questions a second at most (default: 500 of a service, no limit of a list)")
	return cmd
}

func runLookup(cmd *cobra.Command, args []string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	if len(args) == 1 && args[0] != "-" {
		return usage("a number is never an argument: others of this computer see those, and the shell keeps them; type it at the prompt of kagiban lookup, or give a list on standard input (lookup -)")
	}
	harden()
	desk, db, err := openDesk(cmd, v)
	if err != nil {
		return err
	}
	defer db.Close()
	defer desk.log.Close()
	switch {
	case v.GetString("serve") != "" && len(args) == 1:
		return usage("--serve takes no list; leave out the -, or --serve")
	case v.GetString("serve") != "":
		err = desk.serve(cmd, v)
	case len(args) == 1:
		err = desk.list(cmd, v.GetInt("rate"))
	default:
		err = desk.prompt(cmd)
	}
	if err == nil && desk.scope.NotRead() > 0 && v.GetString("serve") == "" {
		return &exitError{code: exitIncomplete}
	}
	return err
}

// A desk answers questions about one scope.
type desk struct {
	asker *detectors.Asker
	index scan.PersonIndex
	past  scan.HistoryReader
	scope *incident.Scope
	named string // of the scope, for the log
	log   *lookupLog
	files bool
	lang  string
	who   string
}

func openDesk(cmd *cobra.Command, v *viper.Viper) (d *desk, db *store, err error) {
	if err := existing(v); err != nil {
		return nil, nil, err
	}
	d = &desk{lang: language(v), files: v.GetBool("files"), who: whoever(v), named: v.GetString("scope")}
	opened, err := openState(cmd.Context(), v)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			_ = opened.Close() // nothing was written
		}
	}()
	db = opened
	d.index, d.past = db, db
	key, other, err := knownKey(cmd.Context(), v, db)
	if err != nil {
		return nil, nil, err
	}
	d.asker = detectors.NewAsker(key)
	if d.named != "" {
		d.scope, err = readScope(d.named)
	} else {
		d.scope, err = incident.Whole(cmd.Context(), db, db)
		err = fatal(err)
	}
	if err != nil {
		return nil, nil, err
	}
	d.scope.Missing += other
	d.log, err = openLookupLog(v)
	return d, db, err
}

// knownKey is the key of the hashes. One that the state does not know would find
// nobody, so it is refused; it is not made here either. Other counts the files
// that were examined under another one: no number can be found in them.
func knownKey(ctx context.Context, v *viper.Viper, db *store) (key []byte, other int64, err error) {
	path, err := keyFile(v)
	if err != nil {
		return nil, 0, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, 0, usage("key file: %w; name that of the scan with --key-file", err)
	}
	key, err = readKey(path)
	if err != nil {
		return nil, 0, err
	}
	if err := db.BelongsTo(ctx, fingerprint(key), false); err != nil {
		return nil, 0, usage("%w", err)
	}
	revisions, err := db.Revisions(ctx)
	if err != nil {
		return nil, 0, fatal(err)
	}
	same := int64(0)
	for name, files := range revisions {
		switch {
		case strings.Contains(name, "-"+detectors.KeyPrint(key)):
			same += files
		case strings.Contains(name, "rules:"):
			other += files
		}
	}
	switch {
	case same == 0 && other > 0:
		return nil, 0, usage("key file %s is not that of this state: no number could be found with it; name that of the scan with --key-file", path)
	}
	return key, other, nil
}

// A reply is what is said of one number.
type reply struct {
	Result string     `json:"result"` // found, review, not-found, unreadable
	Mended string     `json:"mended,omitempty"`
	Class  string     `json:"class,omitempty"`
	First  *time.Time `json:"first,omitempty"`
	Last   *time.Time `json:"last,omitempty"` // none: it is in a file now
	Files  int        `json:"files"`          // that hold or held it
	Paths  []string   `json:"paths,omitempty"`
	Read   int64      `json:"read"`
	Unread int64      `json:"unread"`
}

var classCodes = map[scan.Class]string{scan.ClassNumber: "number", scan.ClassTwo: "two", scan.ClassThree: "three", scan.ClassFour: "four"}

// ask answers one question and clears the number.
func (d *desk) ask(ctx context.Context, number []byte, files bool) (reply, error) {
	typed, ok := d.asker.Ask(number)
	clear(number)
	return d.answer(ctx, typed, ok, files)
}

// answer answers for what was typed, if that is a number.
func (d *desk) answer(ctx context.Context, typed detectors.Typed, ok, files bool) (reply, error) {
	r := reply{Read: d.scope.Read, Unread: d.scope.NotRead()}
	if !ok {
		r.Result = "unreadable"
		return r, nil
	}
	a, err := d.scope.Ask(ctx, d.index, typed.Hash)
	if err != nil {
		return r, err
	}
	r.Mended, r.Result = typed.Mended, "not-found"
	if !a.Found {
		return r, nil
	}
	if r.Result = "review"; a.Sure {
		r.Result = "found"
	}
	seen := map[int64]bool{}
	for _, f := range a.Files {
		seen[f.File] = true
	}
	r.Class, r.First, r.Files = classCodes[a.Class], &a.First, len(seen)
	if !a.Last.IsZero() {
		r.Last = &a.Last
	}
	if files {
		entries, err := incident.Paths(ctx, d.past, a)
		if err != nil {
			return r, err
		}
		for _, e := range entries {
			r.Paths = append(r.Paths, shown(strings.TrimSuffix(e.Target, "/")+"/"+e.Path))
		}
	}
	return r, nil
}

// serve answers for others until it is interrupted.
func (d *desk) serve(cmd *cobra.Command, v *viper.Viper) error {
	if v.GetString("token-file") == "" {
		return usage("--serve needs --token-file: a file whose first line whoever asks must show (openssl rand -hex 16 > token; chmod 600 token)")
	}
	token, err := passwordIn(v.GetString("token-file"))
	if err != nil {
		return err
	}
	if len(token) < 16 {
		return usage("--token-file: a token of fewer than 16 characters can be guessed; make one with openssl rand -hex 16")
	}
	l, err := web.Listen(cmd.Context(), v.GetString("serve"))
	if err != nil {
		return usage("--serve: %w", err)
	}
	rate := v.GetInt("rate")
	if rate <= 0 {
		rate = 500
	}
	s := &web.Server{Token: []byte(token), Rate: rate, Lang: d.lang, Words: map[string]any{"ja": lookupWords("ja"), "en": lookupWords("en")},
		Answer: func(ctx context.Context, q web.Query) (any, error) {
			r, err := d.ask(ctx, q.Number, q.Files)
			if err != nil {
				return nil, err
			}
			return r, d.log.one("serve", who(q.Who, d.who), d.named, r)
		}}
	say(cmd, "answering on %s", l.Addr())
	return fatal(s.Serve(cmd.Context(), l))
}

// who is whoever asked, by the name that was given.
func who(given, otherwise string) string {
	if given = shown(strings.TrimSpace(given)); given == "" {
		return otherwise
	}
	if runes := []rune(given); len(runes) > 80 {
		given = string(runes[:80])
	}
	return given
}

// lookupWords are the words of the page.
func lookupWords(lang string) map[string]string {
	words := map[string]string{}
	for _, id := range []string{
		"title", "other", "token", "who", "number", "ask", "class", "first", "last", "now", "files", "coverage", "coverage-unread",
		"result-found", "result-review", "result-not-found", "result-unreadable", "mended-zero", "mended-code", "mended-text",
		"class-number", "class-two", "class-three", "class-four", "error-token", "error-too-many", "error-unreadable", "error-failed", "error-forbidden",
	} {
		words[id] = report.Text(lang, "lookup."+id)
	}
	return words
}
