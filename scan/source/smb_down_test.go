package source_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// A turnstile lets no connection through while it is shut, in one of the ways
// in which a server that is down, or what stands before it, looks from outside.
type turnstile struct {
	shut  atomic.Bool
	how   func(net.Conn) error // nil: refused
	tries atomic.Int64
	first chan struct{} // closed at the first connection that is not let through
}

func (g *turnstile) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if !g.shut.Load() {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if g.tries.Add(1) == 1 {
		close(g.first)
	}
	if g.how == nil {
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return conn, g.how(conn)
}

// A server that is down for a part of the stall time ends nothing, neither at
// the logon nor later.
func TestSMBServerIsDownForAMoment(t *testing.T) {
	t.Parallel()
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	for _, name := range []string{"a.txt", "b/c.txt", "d/e.txt"} {
		write(t, filepath.Join(dir, name), "x", 0o644)
	}
	for name, how := range map[string]func(net.Conn) error{
		"refused":          nil,
		"taken and closed": func(conn net.Conn) error { return conn.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			g := &turnstile{how: how, first: make(chan struct{})}
			opts := options(t, s)
			opts.Dial, opts.Stall, opts.Sessions = g.dial, 20*time.Second, 1
			opens := func() {
				<-g.first
				time.AfterFunc(time.Second, func() { g.shut.Store(false) })
			}
			g.shut.Store(true)
			go opens()
			src := open(t, s.URL("data"), opts)
			if g.tries.Load() < 2 {
				t.Errorf("%d connections were tried at the logon, want more", g.tries.Load())
			}
			files, gaps := scantest.WalkAll(t, src)
			if len(files) != 3 || len(gaps) != 0 {
				t.Errorf("%d files, %v", len(files), gaps)
			}
			g.tries.Store(0)
			g.first = make(chan struct{})
			g.shut.Store(true)
			go opens()
			if err := s.DropClients(); err != nil {
				t.Fatal(err)
			}
			if got := read(t, src, files["d/e.txt"]); got != "x" || g.tries.Load() < 2 {
				t.Errorf("read %q after %d tries", got, g.tries.Load())
			}
		})
	}
}

// Who asks for an answer now, or has misspelt the name of a server, does not wait.
func TestSMBImpatience(t *testing.T) {
	g := &turnstile{first: make(chan struct{})}
	g.shut.Store(true)
	opts := source.Options{User: "u", Password: func() (string, error) { return "p", nil }, Stall: time.Hour, Dial: g.dial, Impatient: true}
	if _, err := source.Open(t.Context(), "smb://127.0.0.1/data", opts); !errors.Is(err, source.ErrUnreachable) || g.tries.Load() != 1 {
		t.Errorf("%v after %d tries, want ErrUnreachable after one", err, g.tries.Load())
	}
	opts.Impatient = false
	opts.Dial = func(context.Context, string, string) (net.Conn, error) {
		g.tries.Add(1)
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	if _, err := source.Open(t.Context(), "smb://fs1/data", opts); err == nil || g.tries.Load() != 2 {
		t.Errorf("%v after %d tries, want an error after two", err, g.tries.Load())
	}
}

// A request that was damaged on its way is not taken for a refusal: the server
// answers both alike, as it finds the signature wrong.
func TestSMBDamagedRequest(t *testing.T) {
	t.Parallel()
	s := serve(t, samba.Config{Signing: true, Shares: []samba.Share{{Name: "data", AsUser: true}}})
	dir := shareDir(t, s, "data")
	write(t, filepath.Join(dir, "a.txt"), "x", 0o644)
	write(t, filepath.Join(dir, "denied.txt"), "x", 0o600)
	var damage atomic.Bool
	opts := options(t, s)
	opts.Sessions = 1
	opts.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return &damagingConn{conn, &damage}, err
	}
	src := open(t, s.URL("data"), opts)
	files, _ := scantest.WalkAll(t, src)
	for range 20 {
		damage.Store(true)
		if got := read(t, src, files["a.txt"]); got != "x" {
			t.Fatalf("read %q", got)
		}
	}
	if damage.Load() {
		t.Error("nothing was damaged")
	}
	if _, err := src.Open(t.Context(), files["denied.txt"]); scan.ProblemOf(err).Kind != scan.KindDenied {
		t.Errorf("%v, want denied", err)
	}
}

// A damagingConn flips a bit of the signature of one request.
type damagingConn struct {
	net.Conn
	damage *atomic.Bool
}

func (c *damagingConn) Write(p []byte) (int, error) {
	const signature = 4 + 48 // MS-SMB2 2.2.1.2, behind the length
	if len(p) > signature+16 && c.damage.CompareAndSwap(true, false) {
		q := append([]byte{}, p...)
		q[signature+3] ^= 1
		return c.Conn.Write(q)
	}
	return c.Conn.Write(p)
}
