// Package slowlink is a line to a distant server: a proxy on the loopback
// interface that delivers each byte later, in both directions, and takes
// nothing from the bandwidth. Tests and benchmarks use it.
package slowlink

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// inFlight is how many pieces of at most pieceSize a direction holds: enough
// for 20 ms at several hundred megabytes a second.
const (
	inFlight  = 1024
	pieceSize = 64 << 10
)

// A Link forwards connections to one server until it is closed.
type Link struct {
	listener net.Listener
	server   string
	delay    time.Duration // in each direction

	all   sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]bool
}

// Start opens a link to server ("host:port") whose round trip takes roundTrip
// longer than without it. The caller closes it.
func Start(server string, roundTrip time.Duration) (*Link, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &Link{listener: listener, server: server, delay: roundTrip / 2, conns: map[net.Conn]bool{}}
	l.all.Go(l.serve)
	return l, nil
}

// Address is what a client dials.
func (l *Link) Address() string { return l.listener.Addr().String() }

// Close breaks all connections and waits until they are gone.
func (l *Link) Close() error {
	err := l.listener.Close()
	l.mu.Lock()
	for conn := range l.conns {
		_ = conn.Close()
	}
	l.conns = nil
	l.mu.Unlock()
	l.all.Wait()
	return err
}

func (l *Link) serve() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.all.Go(func() { l.join(client) })
	}
}

// join forwards one connection until either side ends it.
func (l *Link) join(client net.Conn) {
	server, err := net.Dial("tcp", l.server)
	if err != nil {
		_ = client.Close()
		return
	}
	if !l.hold(client, server) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { l.forward(server, client) })
	both.Go(func() { l.forward(client, server) })
	both.Wait()
	l.release(client, server)
}

// hold remembers connections for Close; false if it was called.
func (l *Link) hold(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range conns {
		if l.conns == nil {
			_ = conn.Close()
			continue
		}
		l.conns[conn] = true
	}
	return l.conns != nil
}

func (l *Link) release(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close()
		delete(l.conns, conn)
	}
}

// A piece is what was read at once, and when it is to arrive.
type piece struct {
	data []byte
	due  time.Time
}

// forward copies from one connection to the other, each piece after the delay,
// so that many are under way at a time. At the end it closes both.
func (l *Link) forward(to, from net.Conn) {
	pieces := make(chan piece, inFlight)
	spare := sync.Pool{New: func() any { return make([]byte, pieceSize) }}
	var writing sync.WaitGroup
	writing.Go(func() {
		failed := false
		for p := range pieces {
			time.Sleep(time.Until(p.due))
			if !failed {
				_, err := to.Write(p.data)
				failed = err != nil
			}
			spare.Put(p.data[:pieceSize]) //nolint:staticcheck // a slice header is allocated, the 64 KiB are not
		}
		_, _ = to.Close(), from.Close()
	})
	for {
		buf := spare.Get().([]byte)
		n, err := from.Read(buf)
		if n > 0 {
			pieces <- piece{buf[:n], time.Now().Add(l.delay)}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = to.Close()
			}
			break
		}
	}
	close(pieces)
	writing.Wait()
}
