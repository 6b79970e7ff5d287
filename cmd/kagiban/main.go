// Command kagiban walks file shares, finds files that hold Japanese pension
// numbers and open without a password, and writes the report from which people
// put that right.
//
// This package is flags, configuration, credentials, wiring and the exit code;
// one file for each command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/kagiban/kagiban/cmd/internal/words"
	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/state"
)

// The exit codes; scripts rely on them.
const (
	exitDone       = 0 // nothing to put right
	exitFound      = 1 // violations (or what --fail-on says)
	exitUsage      = 2
	exitIncomplete = 3 // a target was not walked to its end or, where nothing was found, something was not examined
	exitFatal      = 4
	exitStopped    = 130
)

// An exitError is an error with its exit code. A nil err ends the program
// without a message.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &exitError{exitUsage, scan.Errorf(format, args...)}
}

func fatal(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, state.ErrNoKey): // the command line lacks it
		return &exitError{exitUsage, err}
	}
	return &exitError{exitFatal, err}
}

func main() {
	// Little garbage is made, so a tight heap costs next to nothing and keeps
	// the peak low on machines that do other work.
	debug.SetGCPercent(50)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory())
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program, as tests call it too.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second Ctrl-C ends the program at once
	}()
	lang, err := chosenLanguage(args)
	root := newRoot()
	translate(root, lang)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	if err == nil {
		err = root.ExecuteContext(words.With(ctx, lang))
	}
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(errOut, "kagiban:", lang.Text("interrupted; what was done is kept, run the same command again to go on"))
		return exitStopped
	}
	var exit *exitError
	if !errors.As(err, &exit) { // cobra's own
		exit = &exitError{exitUsage, scan.Errorf("%w; see kagiban --help", err)}
	}
	if exit.err != nil {
		fmt.Fprintln(errOut, "kagiban:", shown(lang.Outcome(exit.err)))
	}
	return exit.code
}
