// Package krb gets the ticket with which a session logs on by Kerberos 5
// (RFC 4120): by password, from a keytab, or from a credential cache that
// somebody else keeps fresh.
//
// Each logon gets a client of its own, which is destroyed after it. Logons are
// few, and so nothing renews tickets in the background, a cache or keytab that
// was replaced is read anew, and a ticket that ended during a run is replaced by
// the next logon.
package krb

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/kagiban/kagiban/scan"
)

// Errors of this package, beside those of the file system for files that
// cannot be read.
var (
	ErrRefused = errors.New("Kerberos logon refused")            // the account: unknown, wrong password, locked, expired
	ErrNoKDC   = errors.New("no Kerberos server answers")        // KDC not found or silent
	ErrService = errors.New("Kerberos does not know the server") // no such service principal
	ErrConfig  = errors.New("Kerberos is not set up")            // realm unknown, krb5.conf, keytab or cache of no use
	ErrExpired = errors.New("Kerberos ticket has ended")         // of the cache; a password and a keytab get a new one
	ErrClock   = errors.New("clocks differ too much")
)

// An Account is who asks for tickets, and by what. One of Keytab, Cache and
// Password is used, in this order.
type Account struct {
	User, Realm string // of a cache both may be empty; an empty Realm is the default one of Conf
	Password    string
	Keytab      string // file
	Cache       string // file, with or without "FILE:" before it
	Conf        string // krb5.conf; if it is not there the KDCs are found by DNS
}

// Principal reads who a credential cache belongs to.
func Principal(cache string) (user, realm string, err error) {
	c, err := loadCache(cache)
	if err != nil {
		return "", "", err
	}
	return c.DefaultPrincipal.PrincipalName.PrincipalNameString(), c.DefaultPrincipal.Realm, nil
}

// Login gets a ticket for the file service of a host. The client that is
// returned holds it; the caller destroys the client after the logon.
func Login(a Account, host string) (*client.Client, error) {
	conf, err := loadConf(a.Conf)
	if err != nil {
		return nil, err
	}
	c, err := newClient(a, conf)
	if err != nil {
		return nil, err
	}
	if a.Cache == "" || a.Keytab != "" {
		err = c.Login()
	}
	if err == nil {
		_, _, err = c.GetServiceTicket(Service(host))
	}
	if err != nil {
		c.Destroy()
		return nil, classed(err)
	}
	return c, nil
}

// Service is the principal under which a host serves files.
func Service(host string) string { return "cifs/" + host }

func newClient(a Account, conf *config.Config) (*client.Client, error) {
	realm := a.Realm
	if realm == "" {
		realm = conf.LibDefaults.DefaultRealm
	}
	settings := client.DisablePAFXFAST(true) // servers of Windows do not know it
	switch {
	case a.Keytab == "" && a.Cache != "":
		cache, err := loadCache(a.Cache)
		if err != nil {
			return nil, err
		}
		c, err := client.NewFromCCache(cache, conf, settings)
		if err != nil {
			return nil, scan.Errorf("%w: credential cache %s: %w", ErrConfig, a.Cache, err)
		}
		return c, nil
	case realm == "":
		return nil, scan.Errorf("%w: the realm of %q is not known", ErrConfig, a.User)
	case a.Keytab != "":
		table, err := keytab.Load(a.Keytab)
		if err != nil {
			return nil, scan.Errorf("%w: keytab: %w", ErrConfig, err)
		}
		return client.NewWithKeytab(a.User, realm, table, conf, settings), nil
	}
	return client.NewWithPassword(a.User, realm, a.Password, conf, settings), nil
}

func loadCache(name string) (*credentials.CCache, error) {
	if kind, _, ok := strings.Cut(name, ":"); ok && len(kind) > 1 && kind != "FILE" {
		return nil, scan.Errorf("%w: credential cache %s: only caches in files can be read", ErrConfig, name)
	}
	cache, err := credentials.LoadCCache(strings.TrimPrefix(name, "FILE:"))
	if err != nil {
		return nil, scan.Errorf("%w: credential cache: %w", ErrConfig, err)
	}
	return cache, nil
}

// loadConf reads krb5.conf. Where there is none, as on Windows, names are
// looked up in DNS.
func loadConf(file string) (*config.Config, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		conf := config.New()
		conf.LibDefaults.DNSLookupKDC = true
		return conf, nil
	}
	if err != nil {
		return nil, scan.Errorf("%w: %w", ErrConfig, err)
	}
	defer f.Close()
	conf, err := config.NewFromReader(f)
	var unsupported config.UnsupportedDirective // which does no harm
	if err != nil && !errors.As(err, &unsupported) {
		return nil, scan.Errorf("%w: %s: %w", ErrConfig, file, err)
	}
	return conf, nil
}

// classed puts the library's errors, which can be distinguished by their words
// only, into those of this package. The names of codes are those of RFC 4120
// 7.5.9.
func classed(err error) error {
	text := err.Error()
	for _, class := range []struct {
		kind  error
		words []string
	}{
		{ErrService, []string{"KDC_ERR_S_PRINCIPAL_UNKNOWN"}},
		{ErrClock, []string{"KRB_AP_ERR_SKEW", "clock skew"}},
		{ErrExpired, []string{"KRB_AP_ERR_TKT_EXPIRED", "TGT expired", "has expired", "no valid existing session"}},
		{ErrRefused, []string{"KDC_ERR_PREAUTH_FAILED", "KDC_ERR_C_PRINCIPAL_UNKNOWN", "KDC_ERR_CLIENT_REVOKED", "KDC_ERR_KEY_EXPIRED",
			"KDC_ERR_NAME_EXP", "KRB_AP_ERR_BAD_INTEGRITY", "KDC_ERR_POLICY", "KDC_ERR_CLIENT_NOTYET", "Decrypting_Error", "matching key not found"}},
		{ErrNoKDC, []string{"Networking_Error", "sending to a KDC", "communication error with KDC", "failed to communicate with KDC", "no KDC"}},
	} {
		for _, word := range class.words {
			if strings.Contains(text, word) {
				return scan.Errorf("%w: %w", class.kind, err)
			}
		}
	}
	return scan.Errorf("%w: %w", ErrRefused, err)
}
