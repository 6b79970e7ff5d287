// Package pgserver starts a PostgreSQL cluster of one's own for tests: on the
// loopback interface, on a free port, with its files in a temporary folder. It
// never touches a cluster that the system runs.
package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Roles that every cluster has. Owner is a superuser and Worker has no rights;
// both are let in without a password. Strict needs its Password, and only over
// TLS.
const (
	Owner    = "kagiban_owner"
	Worker   = "kagiban_worker"
	Strict   = "kagiban_strict"
	Password = "wild boar 7"
)

// A Config says what the cluster is like. The zero value does for tests.
type Config struct {
	Sync  bool     // commits reach the disk, for measurements
	NoTLS bool     // the server has no certificate
	Lines []string // further lines of postgresql.conf
}

// A Server is a running cluster.
type Server struct {
	Port string
	Dir  string // its files; certificate.pem is that of its TLS
	bin  string
	keep *process // ends the server when this process does
}

// Host is where it listens.
const Host = "127.0.0.1"

// programs returns the folder with the newest server programs.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		if path, err := exec.LookPath("postgres"); err == nil {
			return filepath.Dir(path), nil
		}
		return "", errors.Join(errors.New("the programs of a PostgreSQL server are not installed"), err)
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// Available says why no server can be started here; nil if one can.
func Available() error {
	if err := supported(); err != nil {
		return err
	}
	_, err := programs()
	return err
}

// Start starts a cluster and waits until it answers. The caller stops it.
func Start(ctx context.Context, c Config) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kagiban-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{Dir: dir, bin: bin}
	if err := s.prepare(ctx, c); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	// Between finding a free port and its use somebody else may take it.
	for range 3 {
		if s.Port, err = freePort(); err == nil {
			err = s.Go(ctx)
		}
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	if err == nil {
		_, err = s.SQL(ctx, "postgres", "CREATE ROLE "+Worker+" LOGIN; CREATE ROLE "+Strict+" LOGIN PASSWORD '"+Password+"'")
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", Host+":0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

func (s *Server) data(name string) string { return filepath.Join(s.Dir, "data", name) }

// prepare makes the files of the cluster.
func (s *Server) prepare(ctx context.Context, c Config) error {
	if err := own(s.Dir); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "--pgdata="+s.data(""), "--username="+Owner,
		"--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	cmd.Dir = s.Dir
	asServer(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	conf := []string{
		"listen_addresses = '" + Host + "'", "unix_socket_directories = '" + s.Dir + "'", "shared_buffers = 64MB", "max_connections = 100",
		"jit = off", "max_wal_size = 1GB", "log_min_messages = error",
	}
	if !c.Sync {
		conf = append(conf, "fsync = off", "synchronous_commit = off", "full_page_writes = off")
	}
	if !c.NoTLS {
		if err := certificate(s.Dir); err != nil {
			return err
		}
		conf = append(conf, "ssl = on", "ssl_cert_file = '"+s.Certificate()+"'", "ssl_key_file = '"+filepath.Join(s.Dir, "key.pem")+"'")
	}
	access := "local all all trust\nhostssl all " + Strict + " " + Host + "/32 scram-sha-256\nhost all " + Strict + " all reject\nhost all all " + Host + "/32 trust\n"
	return errors.Join(
		appendFile(s.data("postgresql.conf"), strings.Join(append(conf, c.Lines...), "\n")+"\n"),
		os.WriteFile(s.data("pg_hba.conf"), []byte(access), 0o600))
}

// Certificate is the file with the certificate of the server, which signed itself.
func (s *Server) Certificate() string { return filepath.Join(s.Dir, "certificate.pem") }

func appendFile(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// Go starts the server, also once more after Halt.
func (s *Server) Go(ctx context.Context) error {
	keep, err := startProcess(s.Dir, filepath.Join(s.bin, "postgres"), "-D", s.data(""), "-p", s.Port)
	if err != nil {
		return err
	}
	s.keep = keep
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	for {
		if _, err = s.SQL(ctx, "postgres", "SELECT 1"); err == nil {
			return nil
		}
		select {
		case <-keep.Ended:
			return fmt.Errorf("postgres ended at once: %s", keep.Said())
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("postgres does not answer: %w: %s", err, keep.Said()), keep.stop())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Halt ends the server at once, as a crash would; Go starts it again.
func (s *Server) Halt() error { return s.keep.stop() }

// Stop ends the server and removes its files.
func (s *Server) Stop() error {
	var err error
	if s.keep != nil {
		err = s.keep.stop()
	}
	return errors.Join(err, os.RemoveAll(s.Dir))
}

// URL is a database for a role.
func (s *Server) URL(role, database string) string {
	return fmt.Sprintf("postgres://%s@%s:%s/%s", role, Host, s.Port, database)
}

// SQL runs statements as the owner and returns what they select, a line for
// each row.
func (s *Server) SQL(ctx context.Context, database, statements string) (string, error) {
	psql := filepath.Join(s.bin, "psql")
	cmd := exec.CommandContext(ctx, psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
		"--host="+s.Dir, "--port="+s.Port, "--username="+Owner, "--dbname="+database, "--file=-")
	cmd.Stdin = strings.NewReader(statements)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("psql: %w: %s", err, bytes.TrimSpace(said.Bytes()))
	}
	return strings.TrimSpace(string(out)), nil
}
