package main

import (
	"net"
	"sync"
	"testing"
)

// A meter forwards connections to one server and counts what the server sends.
// At a limit it stops, so that a program can be ended at a point which no clock
// decides about.
type meter struct {
	address string // what a client dials

	mu      sync.Mutex
	count   int64 // bytes since the last arm
	limit   int64 // 0: none
	reached chan struct{}
	resume  chan struct{}
}

func newMeter(t *testing.T, server string) *meter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &meter{address: listener.Addr().String(), reached: make(chan struct{}), resume: make(chan struct{})}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go m.join(client, server)
		}
	}()
	return m
}

func (m *meter) join(client net.Conn, server string) {
	defer client.Close()
	conn, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer conn.Close()
	go func() {
		defer conn.Close()
		forward(conn, client, func(int) {})
	}()
	forward(client, conn, m.add)
}

func forward(to, from net.Conn, count func(n int)) {
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			count(n)
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// add counts bytes; at the limit it waits until the meter is armed anew.
func (m *meter) add(n int) {
	m.mu.Lock()
	m.count += int64(n)
	if m.limit == 0 || m.count <= m.limit {
		m.mu.Unlock()
		return
	}
	select {
	case <-m.reached:
	default:
		close(m.reached)
	}
	resume := m.resume
	m.mu.Unlock()
	<-resume
}

// arm begins to count anew and returns what is closed at the limit, and the
// count so far.
func (m *meter) arm(limit int64) (reached <-chan struct{}, before int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before = m.count
	close(m.resume)
	m.count, m.limit, m.reached, m.resume = 0, limit, make(chan struct{}), make(chan struct{})
	return m.reached, before
}
