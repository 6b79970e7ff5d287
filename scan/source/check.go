package source

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/lsa"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// A Step is one thing that has to go well before a target can be scanned.
type Step struct {
	Name    scan.Text // resolve, reach, log on, identity, signing, list, read
	Detail  scan.Text // what was found; one line
	Err     error     // nil: it went well, or was not tried
	Remedy  scan.Text // what to do about Err
	Untried bool      // since a step before it went wrong, or there is nothing to try
}

const (
	checkEntries = 20_000 // looked at to find a file that can be read
	checkOpens   = 20     // files tried
)

// Check tries what a scan of the target needs, step by step, and reports each
// step. It reads the beginning of one file and nothing more. Targets that are
// not written correctly come back as an error.
func Check(ctx context.Context, target string, opts Options, report func(Step)) (ok bool, err error) {
	t, err := Parse(target)
	if err != nil {
		return false, err
	}
	opts.Impatient = true // somebody waits for the answer
	c := &check{ctx: ctx, written: target, target: t, opts: opts.withDefaults(), report: report}
	if takesSMB(t, c.opts) {
		c.step(scan.Say("resolve"), c.resolve)
		c.step(scan.Say("reach"), c.reach)
		c.step(scan.Say("log on"), c.logOn)
		c.step(scan.Say("identity"), c.identity)
		c.step(scan.Say("signing"), c.signing)
	}
	c.step(scan.Say("list"), c.list)
	c.step(scan.Say("read"), c.read)
	if c.pool != nil {
		c.pool.close()
	}
	if c.source != nil {
		_ = c.source.Close() // nothing was left open
	}
	return !c.failed, ctx.Err()
}

type check struct {
	ctx     context.Context
	written string
	target  Target
	opts    Options
	report  func(Step)
	failed  bool

	wire   *wiretap
	pool   *pool
	source scan.Source
	file   *scan.Entry // one to read
	denied error       // why the latest one could not be
}

// errUntried is a step that has nothing to try.
var errUntried = errors.New("not tried")

func (c *check) step(name scan.Text, try func() (scan.Text, error)) {
	if c.failed {
		c.report(Step{Name: name, Untried: true})
		return
	}
	detail, err := try()
	s := Step{Name: name, Detail: detail, Untried: errors.Is(err, errUntried)}
	if err != nil && !s.Untried {
		c.failed = true
		s.Err = err
		var target *TargetError
		if errors.As(err, &target) {
			s.Detail, s.Remedy = target.Reason, target.Remedy
		} else {
			s.Detail = scan.Say("%v", err)
		}
	}
	c.report(s)
}

func (c *check) resolve() (scan.Text, error) {
	addresses, err := net.DefaultResolver.LookupHost(c.ctx, c.target.Host)
	if err != nil {
		return scan.Text{}, (&pool{target: c.target, opts: c.opts}).targetError(scan.Errorf("%w: %w", ErrUnreachable, err))
	}
	return scan.Say("%s is %s", c.target.Host, strings.Join(addresses, ", ")), nil
}

func (c *check) reach() (scan.Text, error) {
	ctx, cancel := context.WithTimeout(c.ctx, min(connectIn, c.opts.Stall))
	defer cancel()
	begin := time.Now()
	conn, err := c.opts.Dial(ctx, "tcp", net.JoinHostPort(c.target.Host, c.target.Port))
	if err != nil {
		return scan.Text{}, (&pool{target: c.target, opts: c.opts}).targetError(scan.Errorf("%w: %w", ErrUnreachable, err))
	}
	took := time.Since(begin)
	return scan.Say("%s answers in %v", conn.RemoteAddr(), took.Round(100*time.Microsecond)), conn.Close()
}

// logOn makes the first line of a pool. Who fails at the identity only is on.
func (c *check) logOn() (scan.Text, error) {
	c.wire = &wiretap{}
	opts := c.opts
	opts.Dial = c.wire.dial(c.opts.Dial)
	opts.AllowGuest = true // the next step looks at it
	account, err := newLogon(c.target, c.opts)
	if err != nil {
		return scan.Text{}, err
	}
	p := &pool{target: c.target, opts: opts, account: account, limit: 1, dialing: make(chan struct{}, 1)}
	l, err := p.first(c.ctx)
	if err != nil {
		return scan.Text{}, p.targetError(err)
	}
	if err := p.add(l); err != nil {
		return scan.Text{}, err
	}
	c.pool = p
	by := "NTLM"
	if p.account.kerberos {
		by = "Kerberos"
	}
	return scan.Say("%q by %s", p.account.User, by), nil
}

func (c *check) identity() (scan.Text, error) {
	var user, domain string
	err := c.pool.use(c.ctx, "", func(l *session, _ *smb.Mount) error {
		return l.ask(c.ctx, func(a *lsa.Client) (err error) {
			user, domain, err = a.UserName()
			return err
		})
	})
	if err != nil {
		return scan.Say("the server does not tell whom it takes us for"), errUntried
	}
	who := strings.TrimLeft(domain+`\`+user, `\`)
	if isGuest(user) && !c.opts.AllowGuest {
		return scan.Text{}, c.pool.targetError(scan.Errorf("%w: the server takes %q for %q", ErrGuest, c.pool.account.User, who))
	}
	return scan.Say("the server takes us for %s", who), nil
}

func (c *check) signing() (scan.Text, error) {
	dialect, signed, sealed := c.wire.seen()
	switch {
	case sealed:
		return scan.Say("%s, encrypted", dialect), nil
	case signed:
		return scan.Say("%s, signed", dialect), nil
	case c.opts.Unsigned || c.opts.AllowGuest:
		return scan.Say("%s, neither signed nor encrypted", dialect), nil
	}
	return scan.Text{}, &TargetError{Target: c.target.String(), Reason: scan.Say("the server sends its answers without signatures"), Err: ErrLogon,
		Remedy: scan.Say("look at the server's settings, or accept it with --allow-unsigned")}
}

// list opens the target as a scan does and looks for a file.
func (c *check) list() (scan.Text, error) {
	src, err := Open(c.ctx, c.written, c.opts)
	if err != nil {
		return scan.Text{}, err
	}
	c.source = src
	entries, gaps, opens := 0, 0, 0
	enough := errors.New("enough")
	err = src.Walk(c.ctx, func(e scan.Entry, err error) error {
		entries++
		if err != nil {
			gaps++
		} else if c.readable(e) {
			c.file = &e
			return enough
		} else if opens++; opens >= checkOpens {
			return enough
		}
		if entries >= checkEntries {
			return enough
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return scan.Text{}, err
	}
	return scan.Say("%d entries looked at, %d of them could not be listed or are links", entries, gaps), nil
}

// readable reads the beginning of a file.
func (c *check) readable(e scan.Entry) bool {
	blob, err := c.source.Open(c.ctx, e)
	if err == nil {
		_, err = blob.ReadAt(make([]byte, min(1024, max(blob.Size(), 1))), 0)
		if errors.Is(err, io.EOF) {
			err = nil
		}
		err = errors.Join(err, blob.Close())
	}
	if err != nil {
		c.denied = scan.Errorf("%s: %w", e.Path, err)
	}
	return err == nil
}

func (c *check) read() (scan.Text, error) {
	switch {
	case c.file != nil:
		return scan.Say("%s (%d bytes)", c.file.Path, c.file.Size), nil
	case c.denied != nil:
		return scan.Text{}, &TargetError{Target: c.target.String(), Reason: scan.Say("no file could be read; the latest: %v", c.denied), Err: c.denied,
			Remedy: scan.Say("give the account the right to read files, or use another one")}
	}
	return scan.Say("there is no file"), errUntried
}
