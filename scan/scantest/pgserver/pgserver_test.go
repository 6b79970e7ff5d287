package pgserver

import (
	"os"
	"strings"
	"testing"
)

// A cluster answers, also after a crash, and leaves nothing behind.
func TestServer(t *testing.T) {
	Require(t)
	s, err := Start(t.Context(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SQL(t.Context(), "postgres", "CREATE DATABASE d"); err != nil {
		t.Error(err)
	}
	if _, err := s.SQL(t.Context(), "d", "CREATE TABLE a AS SELECT generate_series(1, 3) AS n; CHECKPOINT"); err != nil {
		t.Error(err)
	}
	if err := s.Halt(); err != nil {
		t.Error(err)
	}
	if _, err := s.SQL(t.Context(), "d", "SELECT 1"); err == nil {
		t.Error("it answers after its end")
	}
	if err := s.Go(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.SQL(t.Context(), "d", "SELECT n FROM a ORDER BY n"); err != nil || strings.Fields(got)[2] != "3" {
		t.Errorf("%q, %v", got, err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.Dir); !os.IsNotExist(err) {
		t.Errorf("its folder is left: %v", err)
	}
}
