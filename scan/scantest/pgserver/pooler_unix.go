//go:build unix

package pgserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A Pooler is a PgBouncer in transaction mode before a server.
type Pooler struct {
	Port string
	dir  string
	keep *process
}

// PoolerAvailable says why none can be started.
func PoolerAvailable() error {
	_, err := pooler()
	return err
}

func pooler() (string, error) {
	path, err := exec.LookPath("pgbouncer")
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/pgbouncer")
	}
	return path, err
}

// StartPooler starts one. The caller stops it.
func StartPooler(ctx context.Context, s *Server) (*Pooler, error) {
	program, err := pooler()
	if err != nil {
		return nil, err
	}
	p := &Pooler{}
	if p.dir, err = os.MkdirTemp("", "kagiban-pooler-"); err != nil {
		return nil, err
	}
	if p.Port, err = freePort(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(p.dir))
	}
	config, users := filepath.Join(p.dir, "pgbouncer.ini"), filepath.Join(p.dir, "users")
	text := strings.Join([]string{
		"[databases]", "* = host=" + Host + " port=" + s.Port,
		"[pgbouncer]", "listen_addr = " + Host, "listen_port = " + p.Port, "unix_socket_dir =", "auth_type = trust", "auth_file = " + users,
		"pool_mode = transaction", "default_pool_size = 6", "max_client_conn = 100", "server_idle_timeout = 2",
	}, "\n") + "\n"
	err = errors.Join(os.WriteFile(config, []byte(text), 0o644), os.WriteFile(users, []byte(`"`+Owner+`" ""`+"\n"), 0o644), own(p.dir))
	if err == nil {
		p.keep, err = startProcess(p.dir, program, config)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(p.dir))
	}
	for range 500 {
		var conn net.Conn
		if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(Host, p.Port)); err == nil {
			return p, conn.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("pgbouncer does not answer: %w: %s", err, p.keep.Said()), p.Stop())
}

// URL is a database behind it.
func (p *Pooler) URL(database string) string {
	return fmt.Sprintf("postgres://%s@%s:%s/%s?default_query_exec_mode=exec", Owner, Host, p.Port, database)
}

// Stop ends it.
func (p *Pooler) Stop() error { return errors.Join(p.keep.stop(), os.RemoveAll(p.dir)) }
