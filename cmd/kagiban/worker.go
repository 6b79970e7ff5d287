package main

import (
	"os"
	"os/exec"

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
			return fatal(isolate.Serve(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), format.List()))
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
