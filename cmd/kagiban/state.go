package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
	"github.com/spf13/cobra"
)

func newState() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Look after the state: check, compact, export, backup, migrate, copy",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range []*cobra.Command{
		{Use: "check", Short: "Look whether the state is whole", RunE: withState(checkState)},
		{Use: "compact", Short: "Give unused space back; needs room for a second copy meanwhile", RunE: withState(compactState)},
		{Use: "export", Short: "Write what is known of each file to standard output, a line of JSON for each", RunE: withState(exportState)},
	} {
		c.Args = noArguments
		stateFlags(c.Flags())
		cmd.AddCommand(c)
	}
	cmd.AddCommand(newBackup(), newMigrate(), newCopy())
	return cmd
}

func newBackup() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the state as it is now, also while a scan is under way",
		Long: `Backup writes a consistent copy of the state to FILE, which must not be there yet,
and FILE.json with what it is a copy of: files, time, and the fingerprint of the
key under which numbers are hashed. The key itself is not in the copy: keep one
of the key file elsewhere. Without it the state still says what was found, but
no number can be looked up in it any more, and the next scan reads all again.`,
		Example: `  kagiban state backup /backup/kagiban-$(date +%F).db`,
		Args:    arguments(1, 1),
	}
	stateFlags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withState(func(cmd *cobra.Command, db *store) error { return backupState(cmd, db, args[0]) })(cmd, nil)
	}
	return cmd
}

// A backupNote says what a backup is a copy of.
type backupNote struct {
	Made    time.Time `json:"made"`
	Kagiban string    `json:"kagiban"` // version
	Schema  int       `json:"schema"`
	Files   int64     `json:"files"`          // results, gone ones too
	Key     string    `json:"keyFingerprint"` // "": there is no key file
}

func backupState(cmd *cobra.Command, db *store, path string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	if err := trusted(scan.Say("backup"), path); err != nil {
		return err
	}
	note := backupNote{Made: time.Now().UTC(), Kagiban: version()}
	keyPath, err := keyFile(v)
	if err != nil {
		return err
	}
	key, err := readKey(keyPath)
	switch {
	case err == nil:
		note.Key = fingerprint(key)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := db.Backup(cmd.Context(), path); err != nil {
		if elsewhere := (*state.ElsewhereBackup)(nil); errors.As(err, &elsewhere) {
			return usage("%w", err)
		}
		if errors.Is(err, fs.ErrExist) {
			return usage("%w; name a new file", err)
		}
		return fatal(err)
	}
	if note.Schema, note.Files, err = describeCopy(cmd, path); err != nil {
		return fatal(err)
	}
	text, err := json.Marshal(note)
	if err == nil {
		err = os.WriteFile(path+".json", append(text, '\n'), 0o600)
	}
	if err != nil {
		return fatal(err)
	}
	say(cmd, "%d files, schema %d: %s", note.Files, note.Schema, oneLine(path))
	if note.Key == "" {
		say(cmd, "there is no key file %s: no number can be looked up in this state", oneLine(keyPath))
		return nil
	}
	say(cmd, "the key file %s is not in it; keep a copy of it elsewhere (fingerprint %s)", oneLine(keyPath), note.Key)
	return nil
}

// describeCopy opens a copy, which shows that it can be.
func describeCopy(cmd *cobra.Command, path string) (schema int, files int64, err error) {
	copied, err := state.Open(cmd.Context(), path)
	if err != nil {
		return 0, 0, err
	}
	h, err := copied.Check(cmd.Context())
	if err = errors.Join(err, copied.Close()); err == nil && len(h.Damage) > 0 {
		err = scan.Errorf("%w, and so is its copy %s: %v", state.ErrDamaged, path, words.Told(h.Damage[0]))
	}
	_ = os.Remove(path + ".lock") // of no use beside a copy
	return h.Schema, h.Files, err
}

// withState opens the state for a command.
func withState(do func(*cobra.Command, *store) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		v, err := settings(cmd)
		if err != nil {
			return err
		}
		if err := existing(v); err != nil {
			return err
		}
		db, err := openState(cmd.Context(), v)
		if err != nil {
			return err
		}
		return errors.Join(do(cmd, db), fatal(db.Close()))
	}
}

func checkState(cmd *cobra.Command, db *store) error {
	h, err := db.Check(cmd.Context())
	if err != nil {
		return fatal(err)
	}
	say(cmd, "schema %d, %d files, %s of which %s are unused, %d runs that did not end",
		h.Schema, h.Files, humanize.IBytes(uint64(h.Bytes)), humanize.IBytes(uint64(h.Free)), h.Unending)
	for _, text := range h.Damage {
		say(cmd, "damaged: %s", shown(speech(cmd).Heard(text)))
	}
	if len(h.Damage) > 0 {
		return fatal(scan.Errorf("%w: what is readable is still reported, and state export writes it down; put the latest copy of kagiban state backup in its place, or scan again with --full", state.ErrDamaged))
	}
	say(cmd, "ok")
	return nil
}

func compactState(cmd *cobra.Command, db *store) error {
	err := db.Compact(cmd.Context())
	if errors.Is(err, scan.ErrBusy) {
		return usage("%w; wait for it", err)
	}
	return fatal(err)
}

func exportState(cmd *cobra.Command, db *store) error {
	out := bufio.NewWriter(cmd.OutOrStdout())
	_, err := db.Export(cmd.Context(), out)
	return fatal(errors.Join(err, out.Flush()))
}
