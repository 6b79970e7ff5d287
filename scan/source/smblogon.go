package source

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/krb"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// The ways of logging on.
const (
	AuthAuto     = "auto" // Kerberos if a keytab or a cache is given or the server does not accept NTLM, else NTLM
	AuthNTLM     = "ntlm"
	AuthKerberos = "kerberos"
)

// Kerberos says by what a ticket is had: a keytab, a credential cache, or,
// with neither, the password. No password is asked for with the former two.
type Kerberos struct {
	Realm  string // if the user names none; the default realm of Conf if this is empty too
	Keytab string // file
	Cache  string // file, "FILE:" may stand before it
	Conf   string // krb5.conf; where there is none the servers are found by DNS
}

// A logon is what a pool knows of the account.
type logon struct {
	smb.Account
	kerberos bool
	ticket   krb.Account // of use if kerberos
}

// newLogon finds out who logs on and by what. The password is asked for here,
// if one is needed.
func newLogon(t Target, opts Options) (logon, error) {
	a := logon{Account: smb.Account{Unsigned: opts.Unsigned}}
	a.Domain, a.User = t.Domain, t.User
	if a.User == "" {
		a.Domain, a.User = splitUser(opts.User)
	}
	if a.Domain == "" && !strings.Contains(a.User, "@") {
		a.Domain = opts.Domain
	}
	k := opts.Kerberos
	stored := k.Keytab != "" || k.Cache != ""
	a.kerberos = opts.Auth == AuthKerberos || opts.Auth != AuthNTLM && stored
	a.ticket = krb.Account{Keytab: k.Keytab, Cache: k.Cache, Conf: k.Conf}
	a.ticket.User, a.ticket.Realm = a.principal(k.Realm)
	if a.kerberos && k.Keytab == "" && k.Cache != "" {
		user, realm, err := krb.Principal(k.Cache)
		if err != nil {
			return a, &TargetError{Target: t.String(), Reason: scan.Say("no Kerberos ticket can be had: %v", err), Err: errors.Join(ErrLogon, err), Remedy: scan.Say("run kinit, or name the cache with --ccache FILE")}
		}
		a.User, a.Domain = user, realm
		return a, nil
	}
	if a.User == "" {
		if opts.AllowGuest && !a.kerberos {
			return a, nil
		}
		return a, &TargetError{Target: t.String(), Reason: scan.Say("no user is named"), Err: ErrLogon,
			Remedy: scan.Say("write smb://DOMAIN;user@server/share, or allow guests")}
	}
	if a.kerberos && k.Keytab != "" {
		return a, nil
	}
	return a, a.askPassword(t.String(), opts)
}

// principal is the user as Kerberos knows it. The short name of a domain is no
// realm, its DNS name is.
func (a *logon) principal(realm string) (string, string) {
	user, at, _ := strings.Cut(a.User, "@")
	switch {
	case realm != "":
	case at != "":
		realm = at
	case strings.Contains(a.Domain, "."):
		realm = a.Domain
	}
	return user, strings.ToUpper(realm)
}

func (a *logon) askPassword(target string, opts Options) error {
	if opts.Password == nil {
		return &TargetError{Target: target, Reason: scan.Say("no password is given for %s", a.User), Err: ErrLogon, Remedy: scan.Say(passwordSources)}
	}
	var err error
	if a.Password, err = opts.Password(); err != nil {
		return &TargetError{Target: target, Reason: scan.Say("the password could not be had: %v", err), Err: errors.Join(ErrLogon, err), Remedy: scan.Say(passwordSources)}
	}
	a.ticket.Password = a.Password
	return nil
}

const passwordSources = "use --password-file FILE or the environment variable KAGIBAN_PASSWORD"

// first makes the first session of a pool, and finds out whether the server
// accepts NTLM if that is open.
func (p *pool) first(ctx context.Context) (*session, error) {
	l, err := p.patiently(ctx, mayAppear)
	if errors.Is(err, smb.ErrNTLM) && !p.account.kerberos && p.opts.Auth != AuthNTLM {
		p.account.kerberos = true
		p.opts.Notice(scan.Say("%s: the server does not accept NTLM; trying Kerberos", p.target))
		l, err = p.patiently(ctx, mayAppear)
	}
	return l, err
}

// logOn makes a session of a connection, which it owns.
func (p *pool) logOn(ctx context.Context, conn net.Conn) (*session, error) {
	account := p.account.Account
	if p.account.kerberos {
		tickets, err := krb.Login(p.account.ticket, p.target.Host)
		if err != nil {
			_ = conn.Close()
			return nil, err
		}
		defer tickets.Destroy()
		account.Tickets, account.Service = tickets, krb.Service(p.target.Host)
	}
	return newSession(ctx, conn, p.target.Host, account, p.opts.Stall, &p.credits)
}

// ticketError fills in why no ticket could be had; false if err is no such error.
func (e *TargetError) ticketError(err error, a logon, host string) bool {
	who := a.ticket.User
	if a.ticket.Realm != "" {
		who += "@" + a.ticket.Realm
	}
	switch {
	case errors.Is(err, krb.ErrRefused):
		e.Reason = scan.Say("Kerberos refuses the logon of %q (%v)", who, rootOf(err))
		e.Remedy = scan.Say("look at user, realm and password or keytab")
		e.Err = errors.Join(ErrLogon, err)
	case errors.Is(err, krb.ErrNoKDC):
		e.Reason = scan.Say("no Kerberos server answers (%v)", rootOf(err))
		e.Remedy = scan.Say("look at the realm and at krb5.conf, or whether a firewall stands between")
		e.Err = errors.Join(ErrUnreachable, err)
	case errors.Is(err, krb.ErrService):
		e.Reason = scan.Say("Kerberos does not know the service %q", krb.Service(host))
		e.Remedy = scan.Say("write the server by the full name under which it is a member of the domain, not by its address or an alias")
		e.Err = errors.Join(ErrLogon, err)
	case errors.Is(err, krb.ErrExpired):
		e.Reason = scan.Say("the Kerberos ticket in the cache has ended")
		e.Remedy = scan.Say("run kinit, or use a keytab")
	case errors.Is(err, krb.ErrClock):
		e.Reason = scan.Say("the clocks of this computer and the Kerberos server differ by more than is allowed")
		e.Remedy = scan.Say("set the clock")
	case errors.Is(err, krb.ErrConfig):
		e.Reason = scan.Say("Kerberos cannot be used (%v)", err)
		e.Remedy = scan.Say("name the realm with --realm, and look at the files that are named")
		e.Err = errors.Join(ErrLogon, err)
	default:
		return false
	}
	return true
}
