package samba

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

// A KDC is a Kerberos server of MIT of one's own, on loopback, with its
// database in a temporary folder. Its tickets hold no PAC, since a Samba that
// is no member of a domain refuses one.
type KDC struct {
	Realm string
	Conf  string // krb5.conf for its clients

	dir, port string
	process   *process
}

// KDCAvailable says why no Kerberos server can be started here; nil if one can.
func KDCAvailable() error {
	for _, program := range []string{"krb5kdc", "kdb5_util", "kadmin.local", "kinit"} {
		if _, err := find(program); err != nil {
			return fmt.Errorf("krb5-kdc, krb5-admin-server or krb5-user is not installed: %w", err)
		}
	}
	return nil
}

// RequireKDC is Require for a Kerberos server.
func RequireKDC(t TB) {
	t.Helper()
	if err := KDCAvailable(); err != nil {
		skip(t, "a real KDC", err)
	}
}

// StartKDC starts a server for a realm with no accounts but its own. Tickets
// last for life. The caller stops it.
func StartKDC(ctx context.Context, realm string, life time.Duration) (*KDC, error) {
	dir, err := os.MkdirTemp("", "kagiban-kdc-")
	if err != nil {
		return nil, err
	}
	k := &KDC{Realm: realm, Conf: filepath.Join(dir, "krb5.conf"), dir: dir}
	if err := k.start(ctx, life); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return k, nil
}

func (k *KDC) start(ctx context.Context, life time.Duration) error {
	var err error
	if k.port, err = freePort(); err != nil {
		return err
	}
	if err := k.configure(life); err != nil {
		return err
	}
	if err := k.run(ctx, "", "kdb5_util", "create", "-s", "-r", k.Realm, "-P", "of-no-worth"); err != nil {
		return err
	}
	kdc, err := find("krb5kdc")
	if err != nil {
		return err
	}
	// The server does not end with its standard input, as smbd does; the shell
	// sees to it.
	k.process, err = startProcess("/bin/sh", "-c", k.environment()+` "$0" -n & cat >/dev/null; kill $!`, kdc)
	if err != nil {
		return err
	}
	if err := k.await(ctx); err != nil {
		return errors.Join(err, k.process.stop(k.dir))
	}
	return nil
}

func (k *KDC) configure(life time.Duration) error {
	seconds := int(life.Seconds())
	client := fmt.Sprintf(`[libdefaults]
	default_realm = %[1]s
	dns_lookup_kdc = false
	dns_lookup_realm = false
	rdns = false
	udp_preference_limit = 1
	ticket_lifetime = %[3]ds
[realms]
	%[1]s = {
		kdc = 127.0.0.1:%[2]s
	}
[domain_realm]
	localhost = %[1]s
`, k.Realm, k.port, seconds)
	server := fmt.Sprintf(`[kdcdefaults]
	kdc_listen = 127.0.0.1:%[2]s
	kdc_tcp_listen = 127.0.0.1:%[2]s
[realms]
	%[1]s = {
		database_name = %[3]s/principal
		key_stash_file = %[3]s/stash
		acl_file = %[3]s/acl
		max_life = %[4]ds
		default_principal_flags = +preauth
		disable_pac = true
	}
[logging]
	kdc = FILE:%[3]s/log
`, k.Realm, k.port, k.dir, seconds)
	return errors.Join(
		os.WriteFile(k.Conf, []byte(client), 0o644),
		os.WriteFile(filepath.Join(k.dir, "kdc.conf"), []byte(server), 0o600))
}

func (k *KDC) environment() string {
	return "KRB5_CONFIG=" + k.Conf + " KRB5_KDC_PROFILE=" + filepath.Join(k.dir, "kdc.conf")
}

// run runs one of the programs that administer the database.
func (k *KDC) run(ctx context.Context, input, program string, args ...string) error {
	path, err := find(program)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), strings.Fields(k.environment())...)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// AddUser makes an account with a password.
func (k *KDC) AddUser(ctx context.Context, user, password string) error {
	return k.run(ctx, "addprinc -pw "+password+" "+user+"\n", "kadmin.local", "-r", k.Realm)
}

// Keytab makes the account if it is not there, gives it keys of its own, and
// writes them to a file. A password that it had is void then.
func (k *KDC) Keytab(ctx context.Context, principal, file string) error {
	_ = k.run(ctx, "", "kadmin.local", "-r", k.Realm, "-q", "addprinc -randkey "+principal)
	if err := k.run(ctx, "", "kadmin.local", "-r", k.Realm, "-q", "ktadd -k "+file+" "+principal); err != nil {
		return err
	}
	_, err := os.Stat(file) // kadmin.local tells failures by words only
	return err
}

// Cache logs a user on by password and leaves the ticket in a file.
func (k *KDC) Cache(ctx context.Context, user, password, file string) error {
	return k.run(ctx, password+"\n", "kinit", "-c", file, user)
}

// Stop ends the server and removes its folder.
func (k *KDC) Stop() error { return errors.Join(k.process.stop(k.dir), os.RemoveAll(k.dir)) }

func (k *KDC) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", k.port))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("krb5kdc does not answer: %w: %s", err, k.process.Said())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
