package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts in testdata/script run this very program as
// "kagiban".
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && (os.Args[1] == decoderCommand || os.Args[1] == examinerCommand) { // as tests that scan in this process start it
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	if os.Getenv("KAGIBAN_TEST_SERVE") != "" { // as a test starts a service
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	testscript.Main(withCluster{m}, map[string]func(){
		"kagiban": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			formats, err := filepath.Abs("../../testdata/formats")
			if err != nil {
				return err
			}
			env.Setenv("FORMATS", formats)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("LANG", "C.UTF-8")
			return nil
		},
	})
}
