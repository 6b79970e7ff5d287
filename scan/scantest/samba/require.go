package samba

import (
	"context"
	"os"
)

// TB is what of a test is needed; the package does not import testing, since
// the program itself uses it.
type TB interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Require skips a test where no server can be started, and says why. With
// KAGIBAN_TEST_REQUIRE=1 in the environment the test fails instead, so that a
// build server cannot pass by leaving tests out.
func Require(t TB) {
	t.Helper()
	if err := Available(); err != nil {
		skip(t, "a real Samba", err)
	}
}

func skip(t TB, what string, err error) {
	t.Helper()
	if os.Getenv("KAGIBAN_TEST_REQUIRE") == "1" {
		t.Fatalf("%s is required: %v", what, err)
	}
	t.Skipf("needs %s: %v", what, err)
}

// StartFor starts a server for a test that has called Require.
func StartFor(t TB, c Config) *Server {
	t.Helper()
	s, err := Start(context.Background(), c)
	if err != nil {
		t.Fatalf("starting Samba: %v", err)
	}
	return s
}
