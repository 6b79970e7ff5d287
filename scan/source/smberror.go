package source

import (
	"context"
	"errors"
	"io/fs"
	"net"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// targetError says in one sentence why a server cannot be scanned, and what to
// do about it.
func (p *pool) targetError(err error) error {
	var already *TargetError
	if errors.As(err, &already) {
		return err
	}
	t := p.target
	server := net.JoinHostPort(t.Host, t.Port)
	e := &TargetError{Target: t.String(), Err: err, lost: true}
	var dns *net.DNSError
	switch {
	case e.ticketError(err, p.account, t.Host):
	case errors.As(err, &dns):
		e.Reason = scan.Say("the server %q is not known here", t.Host)
		e.Remedy = scan.Say("look at the spelling, or write its address")
	case errors.Is(err, scan.ErrStalled):
		e.Reason = scan.Say("the server at %s takes the connection and does not answer for %v", server, p.opts.Stall)
		e.Remedy = scan.Say("look whether it is a file server and whether it is well")
	case errors.Is(err, ErrUnreachable):
		e.Reason = scan.Say("the server cannot be reached at %s (%v)", server, rootOf(err))
		e.Remedy = scan.Say("look whether it runs and whether a firewall stands between")
	case errors.Is(err, ErrGuest):
		e.Reason = scan.Say("%v", rootOf(err))
		e.Remedy = scan.Say("look at user and password, or allow guests if that is meant")
	case errors.Is(err, smb.ErrLogon):
		e.Reason = scan.Say("the server refuses the logon of %q (%v)", p.account.User, rootOf(err))
		e.Remedy = scan.Say("look at user, domain and password (" + passwordSources + ")")
		e.Err = errors.Join(ErrLogon, err)
	case errors.Is(err, smb.ErrNTLM):
		e.Reason = scan.Say("the server does not accept NTLM")
		e.Remedy = scan.Say("use --auth kerberos")
		e.Err = errors.Join(ErrLogon, err)
	case errors.Is(err, smb.ErrBroken), errors.Is(err, smb.ErrBusy), errors.Is(err, smb.ErrWrong):
		e.Reason = scan.Say("the server at %s breaks off the conversation (%v)", server, rootOf(err))
		e.Remedy = scan.Say("look whether it is a file server that speaks SMB 2 or 3 and accepts this account")
		e.Err = errors.Join(ErrUnreachable, err)
	default:
		e.Reason = scan.Say("the server at %s answers with an error (%v)", server, rootOf(err))
	}
	return e
}

// placeError is the same for a share, or a path in it.
func (p *pool) placeError(share, path string, err error) error {
	var already *TargetError
	if errors.As(err, &already) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e := &TargetError{Target: p.target.String(), Err: err}
	at := scan.Say("the share %q", share)
	if path != "" {
		at = scan.Say("%q in the share %q", path, share)
	}
	switch {
	case errors.Is(err, smb.ErrNoShare), path == "" && errors.Is(err, fs.ErrNotExist):
		e.Reason = scan.Say("the server %s has no share %q", p.target.Host, share)
		e.Remedy = scan.Say("look at the spelling; kagiban shares smb://%s lists them (of a DFS name write the server behind it)", p.target.Host)
		e.Err = errors.Join(ErrNoShare, err)
	case errors.Is(err, fs.ErrNotExist):
		e.Reason = scan.Say("there is no %v", at)
		e.Remedy = scan.Say("look at the spelling")
	case errors.Is(err, fs.ErrPermission):
		e.Reason = scan.Say("%q has no right to read %v", p.account.User, at)
		e.Remedy = scan.Say("give the account the right to read, or use another one")
	case errors.Is(err, scan.ErrLink):
		e.Reason = scan.Say("%v is a DFS link or a link to another place", at)
		e.Remedy = scan.Say("write the server and share that it leads to")
	default:
		e.Reason = scan.Say("%v cannot be read (%v)", at, rootOf(err))
		e.Remedy = scan.Say("look whether the server is well")
	}
	return e
}

// rootOf is the innermost error: what the system or the server said.
func rootOf(err error) error {
	for {
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			if x.Unwrap() == nil {
				return err
			}
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			all := x.Unwrap()
			err = all[len(all)-1]
		default:
			return err
		}
	}
}
