// Package samba starts a real Samba file server of one's own: on the loopback
// interface, on a free port, with its configuration, accounts and state in a
// temporary folder. It never touches a Samba that the system runs. Tests and
// the demonstration use it.
package samba

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// account is the unix account behind the Samba user: one that every Debian has
// and that owns nothing.
const account = "games"

// A Config says what the server is like. The zero value is one that logs on
// User by Password and shares nothing.
type Config struct {
	User, Password string // default "kagiban" and a password of no worth
	Signing        bool   // required of clients
	Encryption     bool   // required of clients
	Guests         bool   // who is not known becomes a guest
	NoSymlinks     bool   // links are not followed by the server
	Shares         []Share
	Lines          []string // further lines of the global section
	DebugLevel     int      // of the server's log, which is in Server.Dir
	// Kerberos, if not nil, is where the server, under the name localhost,
	// lets its users prove themselves; it then does not accept NTLM.
	Kerberos *KDC
}

// A Share is a folder that the server offers.
type Share struct {
	Name, Comment string
	Dir           string // made if it is missing
	// AsUser reads with the rights of the user and not with those of root, so
	// that modes count.
	AsUser  bool
	Guests  bool     // open to guests
	Writers bool     // may be written to
	Lines   []string // further lines of its section
}

// A Server is a running Samba.
type Server struct {
	Host, Port     string
	User, Password string
	Dir            string // its configuration, state and log

	process *process
}

// Address is what a client dials.
func (s *Server) Address() string { return net.JoinHostPort(s.Host, s.Port) }

// URL is a share, or a path in one, as a target; without a name the server.
func (s *Server) URL(path string) string {
	return strings.TrimSuffix("smb://"+s.User+"@"+s.Address()+"/"+path, "/")
}

// Available says why no server can be started here; nil if one can.
func Available() error {
	if err := supported(); err != nil {
		return err
	}
	for _, program := range []string{"smbd", "smbpasswd"} {
		if _, err := find(program); err != nil {
			return fmt.Errorf("samba is not installed: %w", err)
		}
	}
	if _, err := user.Lookup(account); err != nil {
		return fmt.Errorf("the account %q is needed: %w", account, err)
	}
	return nil
}

// find looks also where the path of an ordinary user does not lead.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", program))
	}
	return path, err
}

// Start starts a server and waits until it answers. The caller stops it.
func Start(ctx context.Context, c Config) (*Server, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kagiban-samba-")
	if err != nil {
		return nil, err
	}
	s := &Server{Host: "127.0.0.1", User: c.User, Password: c.Password, Dir: dir}
	if s.User == "" {
		s.User, s.Password = "kagiban", "kagiban-demo"
	}
	// Between finding a free port and its use by smbd somebody else may take it.
	for range 3 {
		if err = s.start(ctx, c); err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, c Config) error {
	var err error
	if s.Port, err = freePort(); err != nil {
		return err
	}
	if err := s.configure(ctx, c); err != nil {
		return err
	}
	if err := s.addUser(ctx); err != nil {
		return err
	}
	return s.run(ctx)
}

// run starts the program and waits until it answers.
func (s *Server) run(ctx context.Context) error {
	smbd, err := find("smbd")
	if err != nil {
		return err
	}
	s.process, err = startProcess(smbd, "--foreground", "--no-process-group", "--configfile="+s.path("smb.conf"))
	if err != nil {
		return err
	}
	if err := s.await(ctx); err != nil {
		return errors.Join(err, s.process.stop(s.path("pid")))
	}
	return nil
}

// Stop ends the server with all its helpers and removes its folder. Shared
// folders outside of it stay.
func (s *Server) Stop() error {
	return errors.Join(s.process.stop(s.path("pid")), os.RemoveAll(s.Dir))
}

func (s *Server) path(name string) string { return filepath.Join(s.Dir, name) }

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

func (s *Server) configure(ctx context.Context, c Config) error {
	for _, name := range []string{"private", "state", "cache", "lock", "pid", "ncalrpc"} {
		if err := os.MkdirAll(s.path(name), 0o755); err != nil {
			return err
		}
	}
	if err := os.Chmod(s.Dir, 0o755); err != nil { // shares may lie in it
		return err
	}
	names := s.User
	if c.Kerberos != nil { // puts a domain before the name
		names += fmt.Sprintf(` %[2]s\%[1]s KAGIBAN\%[1]s KAGISRV\%[1]s`, s.User, c.Kerberos.Realm)
	}
	if err := os.WriteFile(s.path("users.map"), []byte("!"+account+" = "+names+"\n"), 0o644); err != nil {
		return err
	}
	if c.Kerberos != nil {
		if err := c.Kerberos.Keytab(ctx, "cifs/localhost", s.path("private/keytab")); err != nil {
			return err
		}
	}
	var conf bytes.Buffer
	s.global(&conf, c)
	for _, share := range c.Shares {
		if err := share.write(&conf); err != nil {
			return err
		}
	}
	return os.WriteFile(s.path("smb.conf"), conf.Bytes(), 0o644)
}

func (s *Server) global(conf *bytes.Buffer, c Config) {
	line := func(key, value string) { fmt.Fprintf(conf, "\t%s = %s\n", key, value) }
	conf.WriteString("[global]\n")
	line("workgroup", "KAGIBAN")
	line("netbios name", "KAGISRV")
	line("server role", "standalone server")
	line("interfaces", s.Host)
	line("bind interfaces only", "yes")
	line("smb ports", s.Port)
	line("disable netbios", "yes")
	line("private dir", s.path("private"))
	line("passdb backend", "tdbsam:"+s.path("private/passdb.tdb"))
	line("state directory", s.path("state"))
	line("cache directory", s.path("cache"))
	line("lock directory", s.path("lock"))
	line("pid directory", s.path("pid"))
	line("ncalrpc dir", s.path("ncalrpc"))
	line("log file", s.path("log"))
	line("log level", strconv.Itoa(c.DebugLevel))
	line("username map", s.path("users.map"))
	line("load printers", "no")
	line("printcap name", "/dev/null")
	line("disable spoolss", "yes")
	line("usershare max shares", "0")
	line("server min protocol", "SMB2_02")
	line("unix charset", "UTF-8")
	line("unix extensions", "no")
	line("map to guest", choose(c.Guests, "bad user", "never"))
	line("guest account", "nobody")
	line("server signing", choose(c.Signing, "mandatory", "default"))
	line("smb encrypt", choose(c.Encryption, "required", "default"))
	if !c.NoSymlinks {
		line("follow symlinks", "yes")
		line("allow insecure wide links", "yes")
	}
	if c.Kerberos != nil {
		line("realm", c.Kerberos.Realm)
		line("kerberos method", "dedicated keytab")
		line("dedicated keytab file", s.path("private/keytab"))
		line("ntlm auth", "disabled")
	}
	for _, l := range c.Lines {
		conf.WriteString("\t" + l + "\n")
	}
}

func (share Share) write(conf *bytes.Buffer) error {
	if err := os.MkdirAll(share.Dir, 0o755); err != nil {
		return err
	}
	fmt.Fprintf(conf, "[%s]\n\tpath = %s\n\tcomment = %s\n\tread only = %s\n\tguest ok = %s\n",
		share.Name, share.Dir, share.Comment, choose(share.Writers, "no", "yes"), choose(share.Guests, "yes", "no"))
	if !share.AsUser {
		conf.WriteString("\tforce user = root\n")
	}
	for _, l := range share.Lines {
		conf.WriteString("\t" + l + "\n")
	}
	return nil
}

func choose(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// addUser writes the account into the private password database. The password
// goes by standard input, so that no process list shows it.
func (s *Server) addUser(ctx context.Context) error {
	smbpasswd, err := find("smbpasswd")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, smbpasswd, "-c", s.path("smb.conf"), "-a", "-s", account)
	cmd.Stdin = strings.NewReader(s.Password + "\n" + s.Password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("smbpasswd: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// await returns once the server takes connections.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Address())
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.process.Ended:
			return fmt.Errorf("smbd ended at once: %s", s.process.Said())
		case <-ctx.Done():
			return fmt.Errorf("smbd does not answer: %w: %s", err, s.process.Said())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
