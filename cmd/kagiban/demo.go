//go:build demo

// The demonstration is built with the tag demo: the scanner that people install
// links no Samba launcher and no maker of sample shares.

package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/kagiban/kagiban/report"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/scantest/sample"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

// demoShare is the name of the share that the demonstration offers.
const demoShare = "共有"

// extraCommands are those of this build.
func extraCommands() []*cobra.Command { return []*cobra.Command{newDemo()} }

func newDemo() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Make a sample share, scan it, write the reports",
		Long: `Demo makes a sample share of about 300 files with invented people, offers it
with a Samba server on the loopback interface, scans it over SMB and writes the
reports. Where no Samba can be started (it is not installed, or this is not
root) the same folder is scanned as a local path.`,
		Example: `  kagiban-demo demo
  kagiban-demo demo --dir /tmp/kagiban-demo --lang ja`,
		Args: noArguments,
		RunE: runDemo,
	}
	scanFlags(cmd)
	reportFlags(cmd)
	lossFlags(cmd.Flags())
	cmd.Flags().String("dir", "kagiban-demo", "`FOLDER` that holds all of the demonstration")
	cmd.Flags().Uint64("seed", 1, "another number invents other people")
	cmd.Flags().String("progress", "auto", "auto, plain or none")
	return cmd
}

func runDemo(cmd *cobra.Command, _ []string) error {
	v, err := settings(cmd)
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(v.GetString("dir"))
	if err != nil {
		return usage("--dir: %w", err)
	}
	// Nothing of the demonstration mixes with what the user really scans.
	for key, name := range map[string]string{"state": "state.db", "key-file": "hash.key", "out": "report"} {
		if !cmd.Flags().Changed(key) {
			v.Set(key, filepath.Join(dir, name))
		}
	}
	share := filepath.Join(dir, "share")
	if err := freshFolder(share); err != nil {
		return err
	}
	truth, err := sample.Write(share, v.GetUint64("seed"))
	if err != nil {
		return fatal(err)
	}
	say(cmd, "Made %d files in %s", len(truth.Files), share)
	output, err := newOutput(cmd, v)
	if err != nil {
		return err
	}
	target, stop, err := demoTarget(cmd, v, share)
	if err != nil {
		return err
	}
	err = demoScan(cmd, v, output, target)
	return errors.Join(err, stop())
}

// freshFolder makes the folder of the sample, or empties the one of an earlier
// demonstration. It refuses to touch anything else.
func freshFolder(share string) error {
	mark := filepath.Join(filepath.Dir(share), ".kagiban-demo")
	if entries, err := os.ReadDir(filepath.Dir(share)); err == nil && len(entries) > 0 {
		if _, err := os.Stat(mark); err != nil {
			return usage("%s holds other things; name a new folder with --dir", filepath.Dir(share))
		}
	}
	if err := os.RemoveAll(share); err != nil {
		return usage("demo folder: %w; name another with --dir", err)
	}
	if err := os.MkdirAll(share, 0o755); err != nil {
		return usage("demo folder: %w; name another with --dir", err)
	}
	return os.WriteFile(mark, nil, 0o600)
}

// demoTarget offers the folder over SMB, or says why it is read directly.
func demoTarget(cmd *cobra.Command, v *viper.Viper, share string) (engine.Target, func() error, error) {
	nothing := func() error { return nil }
	log, err := newLog(cmd, v.GetString("log-format"))
	if err != nil {
		return engine.Target{}, nothing, err
	}
	if why := samba.Available(); why != nil {
		say(cmd, "No Samba here (%v); scanning the folder directly", why)
		targets, err := openers(cmd, log, []chosen{{Target: share, v: v}})
		if err != nil {
			return engine.Target{}, nothing, err
		}
		return targets[0], nothing, nil
	}
	server, err := samba.Start(cmd.Context(), samba.Config{Shares: []samba.Share{{Name: demoShare, Dir: share}}})
	if err != nil {
		return engine.Target{}, nothing, fatal(scan.Errorf("samba: %w", err))
	}
	target := server.URL(demoShare)
	opts, parsed, err := sourceOptions(cmd, chosen{Target: target, v: v}, log)
	if err != nil {
		return engine.Target{}, nothing, errors.Join(err, server.Stop())
	}
	skip, err := newSkip(v)
	if err != nil {
		return engine.Target{}, nothing, errors.Join(err, server.Stop())
	}
	opts.Password = func() (string, error) { return server.Password, nil }
	say(cmd, "Samba offers it as %s\n", parsed)
	// The port is another one each time; a name without it lets a second
	// demonstration show what an unchanged share costs.
	return engine.Target{Name: "smb://localhost/" + demoShare, Open: opener(target, opts), Skip: skip}, server.Stop, nil
}

func demoScan(cmd *cobra.Command, v *viper.Viper, o *output, target engine.Target) error {
	db, err := openState(cmd.Context(), v)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := o.prepare(); err != nil {
		return err
	}
	var book *report.Book
	_, err = scanInto(cmd, v, db, []engine.Target{target}, func(run scan.Run, sum engine.Summary) (err error) {
		if err := sum.Targets[0].Err; err != nil {
			return err
		}
		book, err = o.conclude(cmd.Context(), db, run, sum)
		return err
	})
	if err != nil {
		return err
	}
	return o.write(cmd.Context(), book)
}
