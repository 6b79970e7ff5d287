package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// What the server says is explained, and only what may pass is tried again.
func TestExplain(t *testing.T) {
	s := &Server{where: "postgres://db.example.jp/kagiban", role: "scan"}
	for _, c := range []struct {
		err   error
		words string
		again bool
	}{
		{&pgconn.PgError{Code: "53100"}, "make room", false},
		{&pgconn.PgError{Code: "53300"}, "max_connections", true},
		{&pgconn.PgError{Code: "28P01"}, "password", false},
		{&pgconn.PgError{Code: "28000"}, "pg_hba.conf", false},
		{&pgconn.PgError{Code: "3D000"}, "createdb", false},
		{&pgconn.PgError{Code: "42501"}, "kagiban help database", false},
		{&pgconn.PgError{Code: "25006"}, "standby", false},
		{&pgconn.PgError{Code: "57P01"}, "stopped or started", true},
		{&pgconn.PgError{Code: "57P03"}, "stopped or started", true},
		{&pgconn.PgError{Code: "08006"}, "scan", true},
		{&pgconn.PgError{Code: "40P01"}, "scan", true},
		{&pgconn.PgError{Code: "23505"}, "scan", false},
		{&pgconn.PgError{Code: "XX001"}, "pg_amcheck", false},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), "cannot be reached", true},
		{errors.New("tls error: x509: certificate signed by unknown authority"), "sslrootcert", false},
		{errors.New("something else"), "something else", false},
		{fmt.Errorf("%w: conn closed", context.Canceled), "scan", false},
	} {
		got := s.Explain(c.err)
		if !strings.Contains(got.Error(), c.words) || !strings.Contains(got.Error(), "db.example.jp") || !errors.Is(got, c.err) {
			t.Errorf("%v: %v, want %q", c.err, got, c.words)
		}
		if again := lost(fmt.Errorf("saving: %w", c.err)); again != c.again {
			t.Errorf("%v is tried again: %v", c.err, again)
		}
	}
}
