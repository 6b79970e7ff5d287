package source_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A chaosWire is the way to a server on which one thing goes wrong once a
// number of bytes has passed in its direction.
type chaosWire struct {
	// answers: what the server sends counts, else what we send.
	answers bool
	at      int64
	// befall changes a piece of the stream that begins before at and ends
	// behind it, or what becomes of the connection.
	befall func(c *chaosConn, piece []byte) ([]byte, error)
	down   atomic.Int64 // Unix nanoseconds until which no connection is taken

	passed atomic.Int64
	struck atomic.Int64
	often  int64 // how many times it happens, each after as many bytes; 0 is once
}

func (w *chaosWire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if time.Now().UnixNano() < w.down.Load() {
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &chaosConn{Conn: conn, wire: w, closed: make(chan struct{})}, nil
}

// strikes counts bytes and reports whether it is time.
func (w *chaosWire) strikes(n int) bool {
	passed := w.passed.Add(int64(n))
	done := w.struck.Load()
	return done < max(w.often, 1) && passed > w.at*(done+1) && w.struck.CompareAndSwap(done, done+1)
}

type chaosConn struct {
	net.Conn
	wire   *chaosWire
	once   sync.Once
	closed chan struct{}
	left   []byte // of a piece that grew
	pace   atomic.Int64
}

func (c *chaosConn) Read(p []byte) (int, error) {
	if len(c.left) > 0 {
		n := copy(p, c.left)
		c.left = c.left[n:]
		return n, nil
	}
	if slow := c.pace.Load(); slow > 0 {
		p = p[:1]
		c.pace.Add(-1)
	}
	n, err := c.Conn.Read(p)
	if n == 0 || !c.wire.answers || !c.wire.strikes(n) {
		return n, err
	}
	piece, err := c.wire.befall(c, p[:n])
	if err != nil {
		return 0, err
	}
	n = copy(p, piece)
	c.left = append([]byte{}, piece[n:]...)
	return n, nil
}

func (c *chaosConn) Write(p []byte) (int, error) {
	if c.wire.answers || !c.wire.strikes(len(p)) {
		return c.Conn.Write(p)
	}
	piece, err := c.wire.befall(c, append([]byte{}, p...))
	if err != nil {
		return 0, err
	}
	if _, err := c.Conn.Write(piece); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *chaosConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// reset breaks the connection in the middle of whatever is under way.
func (c *chaosConn) reset([]byte) ([]byte, error) {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
	return nil, net.ErrClosed
}

// hang delivers nothing more.
func (c *chaosConn) hang([]byte) ([]byte, error) {
	<-c.closed
	return nil, net.ErrClosed
}
