package postgres

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/kagiban/kagiban/scan"
)

// SQLSTATE codes (PostgreSQL manual, appendix A).
const (
	insufficientPrivilege = "42501"
	readOnly              = "25006"
	undefinedTable        = "42P01"
	wrongPassword         = "28P01"
	notAdmitted           = "28000"
	noDatabase            = "3D000"
	diskFull              = "53100"
	tooMany               = "53300"
	serialization         = "40001"
	deadlock              = "40P01"
	adminShutdown         = "57P01"
	crashShutdown         = "57P02"
	notYet                = "57P03"
	dataCorrupted         = "XX001"
	indexCorrupted        = "XX002"
)

func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Damaged reports whether the server finds its files not to be what they should be.
func Damaged(err error) bool {
	code := sqlState(err)
	return code == dataCorrupted || code == indexCorrupted
}

// lost reports whether an error may be one of the connection, so that the same may
// succeed on another one, or one that another try at the same may not meet.
func lost(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	if code := sqlState(err); code != "" {
		switch code {
		case serialization, deadlock, adminShutdown, crashShutdown, notYet, tooMany:
			return true
		}
		return strings.HasPrefix(code, "08")
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, sql.ErrConnDone) || pgconn.Timeout(err) || strings.Contains(err.Error(), "conn closed")
}

// Explain names the database that an error is about, and what to do about it.
func (s *Server) Explain(err error) error {
	if err == nil {
		return nil
	}
	if remedy := s.remedy(err); !remedy.Empty() {
		return scan.Errorf("state database %s (role %s): %v: %w", s.where, s.role, remedy, err)
	}
	return scan.Errorf("state database %s (role %s): %w", s.where, s.role, err)
}

func (s *Server) remedy(err error) scan.Text {
	switch sqlState(err) {
	case wrongPassword:
		return scan.Say("the server does not accept the password: look at ~/.pgpass, KAGIBAN_STATE_PASSWORD or --state-password-file")
	case notAdmitted:
		return scan.Say("the server does not let this role in from here: look at its pg_hba.conf, and whether it wants TLS or a password")
	case noDatabase:
		return scan.Say("there is no such database: make it with createdb, or name another --state")
	case insufficientPrivilege:
		return scan.Say("the role lacks a right: see kagiban help database for what a role needs")
	case readOnly:
		return scan.Say("the database cannot be written to: it is a standby or set to read only; name the primary server")
	case diskFull:
		return scan.Say("there is no room left on the disk of the server; make room and run the same command again: what was saved is kept")
	case tooMany:
		return scan.Say("the server takes no more connections: raise its max_connections, or lower pool_max_conns in the address of the nodes")
	case undefinedTable:
		return scan.Say("a table of kagiban is missing")
	case dataCorrupted, indexCorrupted:
		return scan.Say("the server found damage in its files: restore a copy, or look at pg_amcheck")
	case adminShutdown, crashShutdown, notYet:
		return scan.Say("the server is being stopped or started; run the same command again: what was saved is kept")
	case "":
	default:
		return scan.Text{}
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "tls error") || strings.Contains(text, "x509:") || strings.Contains(text, "TLS"):
		return scan.Say("no trusted TLS connection to the server: let it have a certificate for its name and name the authority with sslrootcert=FILE in the address")
	case strings.Contains(text, "password authentication failed"):
		return scan.Say("the server does not accept the password")
	case lost(err):
		return scan.Say("the server cannot be reached: look whether it runs and whether the address is right")
	}
	return scan.Text{}
}

// Denied reports whether the role lacks a right.
func Denied(err error) bool {
	code := sqlState(err)
	return code == insufficientPrivilege || code == readOnly
}
