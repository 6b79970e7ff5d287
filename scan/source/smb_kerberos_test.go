package source_test

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// kerberos starts a realm, and in it a server that does not accept NTLM. The
// server is known to Kerberos as localhost.
func kerberos(t *testing.T, life time.Duration) (*samba.Server, *samba.KDC) {
	t.Helper()
	samba.Require(t)
	samba.RequireKDC(t)
	k, err := samba.StartKDC(t.Context(), "KAGIBAN.TEST", life)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Stop(); err != nil {
			t.Errorf("stopping the KDC: %v", err)
		}
	})
	s := serve(t, samba.Config{Kerberos: k, Shares: []samba.Share{{Name: "data"}}})
	s.Host = "localhost"
	write(t, filepath.Join(shareDir(t, s, "data"), "年金", "a.txt"), "content", 0o644)
	if err := k.AddUser(t.Context(), s.User, s.Password); err != nil {
		t.Fatal(err)
	}
	return s, k
}

func TestSMBKerberos(t *testing.T) {
	s, k := kerberos(t, time.Hour)
	dir := t.TempDir()
	cache, table := filepath.Join(dir, "cache"), filepath.Join(dir, "keytab")
	if err := k.Cache(t.Context(), s.User, s.Password, cache); err != nil {
		t.Fatal(err)
	}
	password := func() (string, error) { return s.Password, nil }
	unasked := func() (string, error) { t.Error("a password was asked for"); return "", errors.ErrUnsupported }
	check := func(name, target string, opts source.Options) {
		t.Run(name, func(t *testing.T) {
			opts.Kerberos.Conf, opts.Stall = k.Conf, 20*time.Second
			src, err := source.Open(t.Context(), target, opts)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			if got := read(t, src, scan.Entry{Path: "年金/a.txt"}); got != "content" {
				t.Errorf("content = %q", got)
			}
			if owner, err := src.(scan.Owned).Owner(t.Context(), scan.Entry{Path: "年金/a.txt"}); err != nil || owner == "" {
				t.Errorf("Owner = %q, %v", owner, err)
			}
		})
	}
	nobody := strings.Replace(s.URL("data"), s.User+"@", "", 1)
	check("password", s.URL("data"), source.Options{Auth: source.AuthKerberos, Password: password})
	check("auto where NTLM is not accepted", s.URL("data"), source.Options{Password: password})
	check("realm in the user", nobody, source.Options{Auth: source.AuthKerberos, Password: password, User: s.User + "@kagiban.test"})
	check("cache", nobody, source.Options{Auth: source.AuthKerberos, Password: unasked, Kerberos: source.Kerberos{Cache: "FILE:" + cache}})
	check("cache, auto", nobody, source.Options{Password: unasked, Kerberos: source.Kerberos{Cache: cache}})
	if err := k.Keytab(t.Context(), s.User, table); err != nil { // voids the password
		t.Fatal(err)
	}
	check("keytab", s.URL("data"), source.Options{Password: unasked, Kerberos: source.Kerberos{Keytab: table, Realm: k.Realm}})
}

func TestSMBKerberosErrors(t *testing.T) {
	s, k := kerberos(t, time.Hour)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent.Close()
	away := filepath.Join(t.TempDir(), "krb5.conf")
	write(t, away, "[libdefaults]\n\tudp_preference_limit = 1\n[realms]\n\tAWAY.TEST = {\n\t\tkdc = "+silent.Addr().String()+"\n\t}\n", 0o644)
	const wrong = "himitsu-no-password"
	for name, tt := range map[string]struct {
		target   string
		opts     source.Options
		password string
		want     error
		says     string
	}{
		"wrong password":  {s.URL("data"), source.Options{}, wrong, source.ErrLogon, "refuses"},
		"unknown user":    {"smb://nobody-here@" + s.Address() + "/data", source.Options{}, wrong, source.ErrLogon, "nobody-here"},
		"NTLM wanted":     {s.URL("data"), source.Options{Auth: source.AuthNTLM}, s.Password, source.ErrLogon, "--auth kerberos"},
		"address":         {"smb://" + s.User + "@127.0.0.1:" + s.Port + "/data", source.Options{}, s.Password, source.ErrLogon, "cifs/127.0.0.1"},
		"no KDC":          {s.URL("data"), source.Options{Kerberos: source.Kerberos{Conf: away, Realm: "AWAY.TEST"}}, s.Password, source.ErrUnreachable, "Kerberos server"},
		"no realm":        {s.URL("data"), source.Options{Kerberos: source.Kerberos{Conf: away}}, s.Password, source.ErrLogon, "--realm"},
		"no cache":        {s.URL("data"), source.Options{Kerberos: source.Kerberos{Cache: away + ".none"}}, wrong, source.ErrLogon, "kinit"},
		"cache in memory": {s.URL("data"), source.Options{Kerberos: source.Kerberos{Cache: "KCM:0"}}, wrong, source.ErrLogon, "KCM"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := tt.opts
			if opts.Auth == "" {
				opts.Auth = source.AuthKerberos
			}
			if opts.Kerberos.Conf == "" {
				opts.Kerberos.Conf = k.Conf
			}
			opts.Password = func() (string, error) { return tt.password, nil }
			src, err := source.Open(t.Context(), tt.target, opts)
			if err == nil {
				src.Close()
				t.Fatal("Open found nothing wrong")
			}
			var target *source.TargetError
			if !errors.As(err, &target) || !errors.Is(err, tt.want) || target.Remedy.Empty() {
				t.Errorf("Open: %v, want a TargetError with a remedy that is %v", err, tt.want)
			}
			if text := err.Error(); !strings.Contains(text, tt.says) || strings.Contains(text, wrong) {
				t.Errorf("the error reads %q: it has to name %q and not the password", text, tt.says)
			}
			t.Log(err)
		})
	}
}
