package pgserver

import (
	"context"
	"fmt"
	"os"
	"sync"
)

// TB is what of a test is needed.
type TB interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Require skips a test where no server can be started, and says why. With
// KAGIBAN_TEST_REQUIRE=1 in the environment the test fails instead.
func Require(t TB) {
	t.Helper()
	err := Available()
	switch {
	case err == nil:
	case os.Getenv("KAGIBAN_TEST_REQUIRE") == "1":
		t.Fatalf("a PostgreSQL server is required: %v", err)
	default:
		t.Skipf("needs a PostgreSQL server: %v", err)
	}
}

// A Lazy is a server that starts when the first test wants it: one for all tests
// of a package. TestMain stops it.
type Lazy struct {
	Config Config
	once   sync.Once
	server *Server
	err    error

	mu        sync.Mutex
	databases int
}

// Server returns the server; the test is skipped where there can be none.
func (l *Lazy) Server(t TB) *Server {
	t.Helper()
	Require(t)
	l.once.Do(func() { l.server, l.err = Start(context.Background(), l.Config) })
	if l.err != nil {
		t.Fatalf("starting PostgreSQL: %v", l.err)
	}
	return l.server
}

// Database makes an empty database and returns its name.
func (l *Lazy) Database(t TB) string {
	t.Helper()
	s := l.Server(t)
	l.mu.Lock()
	l.databases++
	name := fmt.Sprintf("test%d", l.databases)
	l.mu.Unlock()
	if _, err := s.SQL(context.Background(), "postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatalf("a database: %v", err)
	}
	return name
}

// Stop stops the server if it was started.
func (l *Lazy) Stop() error {
	if l.server == nil {
		return nil
	}
	return l.server.Stop()
}
