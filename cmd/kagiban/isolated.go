package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/kagiban/kagiban/detectors"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/engine"
	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/isolate"
	"github.com/kagiban/kagiban/scan/policy"
	"github.com/spf13/cobra"
)

// The commands by which the program starts itself; people do not call them.
const (
	decoderCommand  = "isolated-decoder"
	examinerCommand = "isolated-examiner"
)

// newDecoder is what the program is when it decodes files for another one of it.
func newDecoder() *cobra.Command {
	return &cobra.Command{
		Use: decoderCommand, Short: "Decode files for another kagiban", Args: noArguments, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := outliveSignals(cmd.Context())
			return fatal(isolate.Serve(ctx, cmd.InOrStdin(), cmd.OutOrStdout(), format.List(), os.Exit))
		},
	}
}

// newExaminer is what the program is when it examines a file that may have
// taken another one of it down.
func newExaminer() *cobra.Command {
	return &cobra.Command{
		Use: examinerCommand, Short: "Examine a file for another kagiban", Args: noArguments, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := outliveSignals(cmd.Context())
			pool := newPool()
			defer pool.Close()
			examine := func(ctx context.Context, setup []byte, src scan.Source, e scan.Entry) (*scan.Result, error) {
				cfg, err := examinerConfig(setup, pool)
				if err != nil {
					return nil, err
				}
				return engine.Examine(ctx, cfg, src, e), nil
			}
			return fatal(isolate.ServeExamination(ctx, cmd.InOrStdin(), cmd.OutOrStdout(), examine, os.Exit))
		},
	}
}

// outliveSignals leaves signals that reach the whole group, as Ctrl-C and the
// stop of a service do, to the parent: it ends its processes when it has heard
// them itself, and a decoder that went first would be taken for one that failed
// over its file. The process ends with its parent, however that ends.
func outliveSignals(ctx context.Context) context.Context {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	return context.WithoutCancel(ctx)
}

// itself is the command line of another process of this program. It gets an
// empty environment, since ours may hold a password.
func itself(command string) func() *exec.Cmd {
	return func() *exec.Cmd {
		self, err := os.Executable()
		if err != nil {
			self = os.Args[0] // the start fails and says why
		}
		cmd := exec.Command(self, command)
		cmd.Env = []string{}
		return cmd
	}
}

// newPool makes the pool of decoders; they start when they are needed.
func newPool() *isolate.Pool { return isolate.New(itself(decoderCommand)) }

// An examination is what decides about one file; an examiner gets it through a
// pipe.
type examination struct {
	Key         []byte
	Detection   detectors.Options
	Limits      scan.Limits
	Passwords   []string
	PasswordsID string
	Nearby      bool
	TempDir     string
}

// config makes a configuration that lacks what concerns more than one file.
func (x examination) config(pool *isolate.Pool) (engine.Config, error) {
	detector, err := x.Detection.New(x.Key)
	if err != nil {
		return engine.Config{}, usage("config file, detection: %w", err)
	}
	var hints *scan.PasswordHints
	if x.Nearby {
		hints = policy.PasswordHints()
	}
	return engine.Config{
		Formats: format.List(), Detector: detector, Limits: x.Limits, TempDir: x.TempDir,
		Passwords: x.Passwords, PasswordsID: x.PasswordsID, Nearby: hints, Isolator: pool,
	}, nil
}

// newQuarantine makes the quarantine for a scan.
func newQuarantine(x examination) (*isolate.Quarantine, error) {
	setup, err := json.Marshal(x)
	if err != nil {
		return nil, fatal(err)
	}
	return isolate.NewQuarantine(itself(examinerCommand), setup), nil
}

// closeProcesses ends the processes that a configuration has started.
func closeProcesses(cfg engine.Config) {
	for _, part := range []any{cfg.Isolator, cfg.Quarantine} {
		if c, ok := part.(io.Closer); ok {
			_ = c.Close() // it ends what is idle
		}
	}
}

// examinerConfig is the inverse, in the examiner.
func examinerConfig(setup []byte, pool *isolate.Pool) (engine.Config, error) {
	var x examination
	if err := json.Unmarshal(setup, &x); err != nil {
		return engine.Config{}, err
	}
	return x.config(pool)
}
