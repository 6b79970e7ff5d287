package source

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/krb"
	"github.com/kagiban/kagiban/scan/source/internal/lsa"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

const (
	tries     = 3                // of one call, on different sessions
	downFor   = 30 * time.Second // how long a server that is gone is left alone
	connectIn = 15 * time.Second // for TCP alone
)

// A pool holds the sessions to one server.
type pool struct {
	target  Target
	opts    Options
	account logon
	dialing chan struct{} // held while a session is made: one logon at a time
	credits creditLimit

	mu      sync.Mutex
	lines   []*session
	limit   int       // sessions that may be open,
	limited time.Time // since when these are fewer than was asked for
	refused error     // the server refused the logon; never tried again, lest it lock the account
	down    error     // the server could not be reached,
	until   time.Time
	closed  bool

	unnamed sync.Once // that the server does not tell whom it takes us for
}

// newPool connects once, so that what is wrong is known at the start.
func newPool(ctx context.Context, t Target, opts Options) (*pool, error) {
	account, err := newLogon(t, opts)
	if err != nil {
		return nil, err
	}
	p := &pool{target: t, opts: opts, account: account, limit: opts.Sessions, dialing: make(chan struct{}, 1)}
	l, err := p.first(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, p.targetError(err)
	}
	p.lines = append(p.lines, l)
	return p, nil
}

// use makes a call on one of the sessions, and again on another if the session
// breaks under it. Without a share the call gets no mount.
func (p *pool) use(ctx context.Context, share string, call func(*session, *smb.Mount) error) error {
	for try := 1; ; try++ {
		err := p.try(ctx, share, call)
		// A request that was damaged on its way has a wrong signature, and the
		// answer to that is the same as where there is no right: it is asked twice.
		again := mayPass(err) || try == 1 && errors.Is(err, fs.ErrPermission) && !isLost(err)
		if err == nil || !again || try == tries || ctx.Err() != nil {
			return err
		}
		if !mayPass(err) {
			continue // there is nothing to wait for
		}
		if err := pause(ctx, time.Duration(try*try)*100*time.Millisecond); err != nil {
			return err
		}
	}
}

func (p *pool) try(ctx context.Context, share string, call func(*session, *smb.Mount) error) error {
	l, err := p.pick(ctx)
	if err != nil {
		return err
	}
	defer l.load.Add(-1)
	if share == "" {
		return call(l, nil)
	}
	m, err := l.mount(ctx, share)
	if err != nil {
		return err
	}
	if err = call(l, m); errors.Is(err, smb.ErrUnmounted) {
		l.unmounted(share)
	}
	return err
}

// mayPass says whether the same call may go well on another session or later.
func mayPass(err error) bool {
	return !isLost(err) && (handleLost(err) || errors.Is(err, smb.ErrBusy) || errors.Is(err, smb.ErrWrong))
}

// handleLost says that the server has closed what was open.
func handleLost(err error) bool {
	var broken *brokenError
	return errors.As(err, &broken) || errors.Is(err, smb.ErrUnmounted)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pick chooses the session with the fewest callers and counts the caller in. It
// makes a further session when all are in use and there may be more.
func (p *pool) pick(ctx context.Context) (*session, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	l, enough, err := p.idlest()
	if err == nil && !enough {
		l, err = p.another(ctx, l)
	}
	if err != nil {
		return nil, err
	}
	l.load.Add(1)
	return l, nil
}

// idlest returns the live session with the fewest callers, nil if there is none;
// enough says that there is no reason to make another.
func (p *pool) idlest() (best *session, enough bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropDead()
	if p.limit < p.opts.Sessions && time.Since(p.limited) > downFor {
		p.limit = p.opts.Sessions
	}
	for _, l := range p.lines {
		if best == nil || l.load.Load() < best.load.Load() {
			best = l
		}
	}
	switch {
	case p.closed:
		return nil, false, net.ErrClosed
	case best != nil:
		return best, best.load.Load() == 0 || len(p.lines) >= p.limit, nil
	case p.refused != nil:
		return nil, false, p.refused
	case p.down != nil && time.Now().Before(p.until):
		return nil, false, p.down
	}
	return nil, false, nil
}

// dropDead forgets the sessions that are dead. When the server stalled on one, those
// that have long been idle are given up with it: each would cost the next
// caller as long again, and a new one shows at once whether the server is back.
func (p *pool) dropDead() {
	stalled := false
	p.lines = slices.DeleteFunc(p.lines, func(l *session) bool {
		err := l.dead()
		stalled = stalled || errors.Is(err, scan.ErrStalled)
		return err != nil
	})
	if !stalled {
		return
	}
	p.lines = slices.DeleteFunc(p.lines, func(l *session) bool {
		idle := l.quietFor(time.Now()) > l.stall/2 && l.idle()
		if idle {
			l.kill(scan.ErrStalled)
		}
		return idle
	})
}

// another makes a further session. Who has a spare one does not wait for it.
func (p *pool) another(ctx context.Context, spare *session) (*session, error) {
	if spare != nil {
		select {
		case p.dialing <- struct{}{}:
		default:
			return spare, nil // somebody else is at it
		}
	} else {
		select {
		case p.dialing <- struct{}{}:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	defer func() { <-p.dialing }()
	if l, _, err := p.idlest(); err != nil || spare == nil && l != nil {
		return l, err // somebody else was at it
	}
	if spare == nil {
		return p.redial(ctx)
	}
	l, err := p.dial(ctx)
	if err == nil {
		return l, p.add(l)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	p.mu.Lock()
	p.limit, p.limited = max(1, len(p.lines)), time.Now() // the server lets us have no more now
	p.mu.Unlock()
	p.opts.Notice(scan.Say("%s: going on with fewer connections: %v", p.target, err))
	return spare, nil
}

// redial brings back a server whose sessions have all broken, with patience for
// one that restarts. After that it is left alone for a while: each file that
// still waits would otherwise wait as long.
func (p *pool) redial(ctx context.Context) (*session, error) {
	l, err := p.patiently(ctx, mayReturn)
	if err == nil {
		return l, p.add(l)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	err = p.targetError(err)
	p.mu.Lock()
	defer p.mu.Unlock()
	if errors.Is(err, ErrLogon) || errors.Is(err, ErrGuest) {
		p.refused = err
	}
	p.down, p.until = err, time.Now().Add(downFor)
	return nil, err
}

// patiently makes a session, and as long as the reason for which there is none
// may pass, tries again for the stall time: at first soon, then less often.
func (p *pool) patiently(ctx context.Context, passing func(error) bool) (*session, error) {
	began := time.Now()
	for wait := p.opts.Stall / 64; ; wait = min(2*wait, p.opts.Stall/8) {
		l, err := p.dial(ctx)
		if err == nil || ctx.Err() != nil || !passing(err) || p.opts.Impatient {
			return l, err
		}
		if time.Since(began)+wait > p.opts.Stall {
			return nil, err
		}
		if wait == p.opts.Stall/64 {
			p.opts.Notice(scan.Say("%s: no connection; it is tried again for %v: %v", p.target, p.opts.Stall, rootOf(err)))
		}
		if err := pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// mayReturn says of a failed connection or logon that the next may go well: the
// server, what stands before it, or what it asks about accounts may be starting.
// One that let us wait for the stall time was waited for; a logon that was refused
// is never tried again, lest it lock the account.
func mayReturn(err error) bool {
	if errors.Is(err, scan.ErrStalled) {
		return false
	}
	return errors.Is(err, ErrUnreachable) || errors.Is(err, smb.ErrBroken) || errors.Is(err, smb.ErrBusy) || errors.Is(err, krb.ErrNoKDC)
}

// mayAppear is the same of a server that was never seen: a name that nobody
// knows is misspelt.
func mayAppear(err error) bool {
	var dns *net.DNSError
	return mayReturn(err) && !(errors.As(err, &dns) && dns.IsNotFound)
}

func (p *pool) add(l *session) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		l.kill(net.ErrClosed)
		return net.ErrClosed
	}
	p.lines = append(p.lines, l)
	return nil
}

// dial makes one session: connection, logon, and a look at whom we are taken for.
func (p *pool) dial(ctx context.Context) (*session, error) {
	dialCtx, cancel := context.WithTimeout(ctx, min(connectIn, p.opts.Stall))
	defer cancel()
	conn, err := p.opts.Dial(dialCtx, "tcp", net.JoinHostPort(p.target.Host, p.target.Port))
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, scan.Errorf("%w: %w", ErrUnreachable, err)
	}
	l, err := p.logOn(ctx, conn)
	if err != nil {
		return nil, err
	}
	if err := p.identify(ctx, l); err != nil {
		l.retire()
		return nil, err
	}
	return l, nil
}

// identify refuses to scan as a guest unawares: servers can be set to take
// whoever fails to log on for one, and then the share looks cleaner than it is.
// The library does not say, so the server's security authority is asked.
func (p *pool) identify(ctx context.Context, l *session) error {
	if p.account.User == "" || p.opts.AllowGuest {
		return nil
	}
	var user, domain string
	err := l.ask(ctx, func(c *lsa.Client) (err error) {
		user, domain, err = c.UserName()
		return err
	})
	switch {
	case err != nil && (mayPass(err) || ctx.Err() != nil):
		return err
	case err != nil:
		p.unnamed.Do(func() {
			p.opts.Notice(scan.Say("%s: the server does not tell whom it takes us for: %v", p.target, err))
		})
		return nil
	case isGuest(user):
		return scan.Errorf("%w: the server takes %q for %q", ErrGuest, p.account.User, strings.TrimLeft(domain+`\`+user, `\`))
	}
	return nil
}

func isGuest(user string) bool {
	return strings.EqualFold(user, "Anonymous Logon") || strings.EqualFold(user, "Guest")
}

// close ends all sessions, at the same time: a server that hangs takes long to let
// go of each.
func (p *pool) close() {
	p.mu.Lock()
	lines := p.lines
	p.lines, p.closed = nil, true
	p.mu.Unlock()
	var ending sync.WaitGroup
	for _, l := range lines {
		ending.Go(l.retire)
	}
	ending.Wait()
}
