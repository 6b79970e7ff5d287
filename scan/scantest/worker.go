package scantest

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/isolate"
)

// The environment tells a test binary what it is.
const (
	workerVariable = "KAGIBAN_TEST_WORKER" // set in a worker
	readyVariable  = "KAGIBAN_TEST_MAIN"   // set when TestMain knows how to be one
)

// Main is for TestMain of a package whose tests read isolated formats: the test
// binary starts itself again as a worker. It returns the exit code.
func Main(m *testing.M, list []scan.Format) int {
	if os.Getenv(workerVariable) != "" {
		if err := isolate.Serve(context.Background(), os.Stdin, os.Stdout, list, os.Exit); err != nil {
			return 4
		}
		return 0
	}
	if err := os.Setenv(readyVariable, "1"); err != nil {
		return 4
	}
	return m.Run()
}

// Isolator returns the isolator of a test, nil where there is no Main.
func Isolator(t testing.TB) scan.Isolator {
	if os.Getenv(readyVariable) == "" {
		return nil
	}
	pool := isolate.New(func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = []string{workerVariable + "=1"}
		return cmd
	})
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}
