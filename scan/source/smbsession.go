package source

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/source/internal/smb"
)

// A session is one connection with one logon. It is given up, never repaired:
// once something about it is in doubt the connection is closed, all calls on
// it fail at once, and the pool makes another.
//
// Calls on a session take no context of their own, since a call that is abandoned
// leaves the session in disorder. Instead a watchdog closes the connection when
// the server stalls or the person who waits has gone.
type session struct {
	conn     *pulse
	client   *smb.Client
	stall    time.Duration
	inFlight *semaphore.Weighted // bytes in flight; see creditLimit.weight
	credits  *creditLimit
	born     time.Time
	done     chan struct{} // closed with the connection
	load     atomic.Int32  // callers that have chosen this session

	mounting chan struct{} // held while a share is mounted
	mounts   sync.Map      // name of a share: *smb.Mount

	mu      sync.Mutex
	calls   map[uint64]time.Time // in flight, since when
	last    uint64
	handles int   // open on the server
	err     error // why the session is dead
}

// closeDelay is how long after its connection the context of a session ends:
// by then the library has seen that the connection is gone.
const closeDelay = time.Second

// logoffIn is how long a server is given to take leave.
const logoffIn = 5 * time.Second

// newSession logs on. It owns conn, also when it fails.
func newSession(ctx context.Context, conn net.Conn, host string, account smb.Account, stall time.Duration, credits *creditLimit) (*session, error) {
	l := &session{
		credits: credits, born: time.Now(),
		conn: &pulse{Conn: conn}, stall: stall, inFlight: semaphore.NewWeighted(smb.Credits),
		done: make(chan struct{}), mounting: make(chan struct{}, 1), calls: map[uint64]time.Time{},
	}
	session, cancel := context.WithCancel(context.Background())
	go l.watch(cancel)
	err := l.do(ctx, 1, func() (err error) {
		l.client, err = smb.Logon(session, l.conn, host, account)
		return err
	})
	if err != nil {
		l.kill(err)
		return nil, err
	}
	return l, nil
}

// watch ends with the session.
func (l *session) watch(cancel context.CancelFunc) {
	tick := time.NewTicker(max(l.stall/16, 5*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-l.done:
			time.AfterFunc(closeDelay, cancel)
			return
		case now := <-tick.C:
			if l.stalled(now) {
				l.kill(scan.Errorf("%w for %v", scan.ErrStalled, l.stall))
			}
		}
	}
}

// stalled says whether a call has waited too long: while nothing at all came
// from the server, or, since one answer may be lost among many, much longer.
func (l *session) stalled(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, since := range l.calls {
		waits := now.Sub(since)
		if waits > 4*l.stall || waits > l.stall && l.quietFor(now) > l.stall {
			return true
		}
	}
	return false
}

// quietFor is how long nothing has come from the server.
func (l *session) quietFor(now time.Time) time.Duration {
	return now.Sub(time.Unix(0, l.conn.beat.Load()))
}

// idle says that nobody would miss the session.
func (l *session) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err == nil && len(l.calls) == 0 && l.handles == 0
}

// kill closes the connection; pending calls return at once.
func (l *session) kill(cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = cause
	_ = l.conn.Close()
	close(l.done)
}

// broke kills the session. One that is young and breaks under several calls may
// have been asked for more than the server had granted.
func (l *session) broke(cause error) {
	if l.strained() {
		l.credits.lower()
	}
	l.kill(cause)
}

// strained says that a young session has several calls in flight.
func (l *session) strained() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err == nil && len(l.calls) > 1 && time.Since(l.born) < youngFor
}

func (l *session) dead() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// A brokenError is the failure of a session, not of what was asked: the same call
// may go well on another one.
type brokenError struct{ cause error }

func (e *brokenError) Error() string { return e.cause.Error() }
func (e *brokenError) Unwrap() error { return e.cause }

// do makes one call to the server, with at most smb.Credits in flight. If ctx
// is cancelled meanwhile the session is given up, so that the call ends at once;
// a deadline, which is that of one file, is seen by the caller after the call.
func (l *session) do(ctx context.Context, credits int64, call func() error) error {
	weight := l.credits.weight(credits)
	if err := l.inFlight.Acquire(ctx, weight); err != nil {
		return context.Cause(ctx)
	}
	defer l.inFlight.Release(weight)
	id, err := l.begin()
	if err != nil {
		return &brokenError{err}
	}
	defer l.end(id)
	stop := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.Canceled) {
			l.kill(context.Cause(ctx))
		}
	})
	defer stop()
	err = call()
	if errors.Is(err, smb.ErrWrong) && credits > 1 && l.strained() {
		l.credits.suspect()
	}
	if errors.Is(err, smb.ErrBroken) {
		l.broke(err)
		err = &brokenError{l.dead()} // the first cause, such as a stall
	}
	if ctx.Err() != nil && err != nil {
		return context.Cause(ctx)
	}
	return err
}

func (l *session) begin() (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return 0, l.err
	}
	l.last++
	l.calls[l.last] = time.Now()
	return l.last, nil
}

func (l *session) end(id uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.calls, id)
}

// mount returns the connected share, connecting it at first use.
func (l *session) mount(ctx context.Context, share string) (*smb.Mount, error) {
	select {
	case l.mounting <- struct{}{}:
		defer func() { <-l.mounting }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if m, ok := l.mounts.Load(share); ok {
		return m.(*smb.Mount), nil
	}
	var m *smb.Mount
	err := l.do(ctx, 1, func() (err error) {
		m, err = l.client.Mount(share)
		return err
	})
	if err == nil {
		l.mounts.Store(share, m)
	}
	return m, err
}

// unmounted forgets a share that the server has disconnected.
func (l *session) unmounted(share string) { l.mounts.Delete(share) }

// open opens a file or folder. What it returns has to be closed by close.
func (l *session) open(ctx context.Context, m *smb.Mount, path string) (*smb.File, error) {
	var f *smb.File
	err := l.do(ctx, 1, func() (err error) {
		if f, err = m.Open(path); err == nil {
			l.held(1)
		}
		return err
	})
	return f, err
}

// close returns a handle back, also when the caller's own context has ended. On
// a dead session there is nothing to give back: the server has closed all.
func (l *session) close(f *smb.File) error {
	err := l.do(context.Background(), 1, func() error {
		err := f.Close()
		if err == nil {
			l.held(-1)
		}
		return err
	})
	if broken := (*brokenError)(nil); errors.As(err, &broken) {
		return nil
	}
	return err
}

func (l *session) held(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handles += n
}

// retire ends an idle session with a logoff. With calls in flight or handles open
// the library does not survive a logoff, so the connection is just closed,
// which to a server says the same.
func (l *session) retire() {
	if l.idle() {
		impatient := time.AfterFunc(logoffIn, func() { l.kill(net.ErrClosed) })
		defer impatient.Stop()
		_ = l.do(context.Background(), 1, l.client.Logoff)
	}
	l.kill(net.ErrClosed)
}

// A pulse is a connection that remembers when something last came.
type pulse struct {
	net.Conn
	beat atomic.Int64 // Unix nanoseconds
}

func (p *pulse) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if n > 0 {
		p.beat.Store(time.Now().UnixNano())
	}
	return n, err
}
