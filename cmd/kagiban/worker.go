package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/kagiban/kagiban/scan/format"
	"github.com/kagiban/kagiban/scan/isolate"
	"github.com/spf13/cobra"
)

// newWorker is what the program is when it reads a file for another one of it.
// People do not call it.
func newWorker() *cobra.Command {
	return &cobra.Command{
		Use: "worker", Short: "Read files for another kagiban", Args: cobra.NoArgs, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			// SIGTERM ends a worker at once, whatever its decoder does. Ctrl-C is
			// for its parent, which ends it when it has heard it itself.
			signal.Reset(syscall.SIGTERM)
			signal.Ignore(os.Interrupt)
			return fatal(isolate.Serve(context.WithoutCancel(cmd.Context()), cmd.InOrStdin(), cmd.OutOrStdout(), format.List(), os.Exit))
		},
	}
}

// newPool makes the pool of workers; they start when they are needed. They get
// an empty environment, since ours may hold a password.
func newPool() *isolate.Pool {
	return isolate.New(func() *exec.Cmd {
		self, err := os.Executable()
		if err != nil {
			self = os.Args[0] // the start fails and says why
		}
		cmd := exec.Command(self, "worker")
		cmd.Env = []string{}
		return cmd
	})
}
