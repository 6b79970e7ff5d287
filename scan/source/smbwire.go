package source

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"sync"
)

// A wiretap looks at what servers send, since the library does not say
// whether a session is signed or encrypted. It keeps nothing but that.
type wiretap struct {
	mu             sync.Mutex
	dialect        uint16
	signed, sealed bool
}

type dialer = func(ctx context.Context, network, address string) (net.Conn, error)

func (w *wiretap) dial(dial dialer) dialer {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &tappedConn{Conn: conn, tap: w}, nil
	}
}

// seen returns the dialect, and whether the latest answers were signed or
// encrypted.
func (w *wiretap) seen() (dialect string, signed, sealed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	dialect = fmt.Sprintf("SMB %d.%d", w.dialect>>8, w.dialect>>4&15)
	if last := w.dialect & 15; last != 0 {
		dialect += fmt.Sprintf(".%d", last)
	}
	return dialect, w.signed, w.sealed
}

const (
	frameHead = 4                  // length of a message, MS-SMB2 2.1
	headWant  = frameHead + 64 + 6 // up to the dialect in an answer to NEGOTIATE
)

// tappedConn cuts the stream into messages and looks at their heads.
type tappedConn struct {
	net.Conn
	tap  *wiretap
	head []byte
	rest int // of the present message
}

func (c *tappedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for b := p[:n]; len(b) > 0; {
		if c.rest > 0 && len(c.head) >= frameHead {
			take := min(c.rest, len(b))
			c.head = append(c.head, b[:min(take, max(0, headWant-len(c.head)))]...)
			c.rest -= take
			b = b[take:]
			if c.rest == 0 {
				c.tap.message(c.head[frameHead:])
				c.head = c.head[:0]
			}
			continue
		}
		take := min(frameHead-len(c.head), len(b))
		c.head = append(c.head, b[:take]...)
		b = b[take:]
		if len(c.head) == frameHead {
			c.rest = int(binary.BigEndian.Uint32(c.head) & 0xFFFFFF)
			if c.rest == 0 {
				c.head = c.head[:0]
			}
		}
	}
	return n, err
}

// message looks at the head of one answer: MS-SMB2 2.2.1.2 (plain), 2.2.41
// (encrypted) and 2.2.4 (NEGOTIATE). Interim answers are never signed.
func (w *wiretap) message(head []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if bytes.HasPrefix(head, []byte("\xFDSMB")) {
		w.sealed = true
		return
	}
	if len(head) < 64 || !bytes.HasPrefix(head, []byte("\xFESMB")) {
		return
	}
	const statusPending = 0x103
	status, command, flags := binary.LittleEndian.Uint32(head[8:]), binary.LittleEndian.Uint16(head[12:]), binary.LittleEndian.Uint32(head[16:])
	if command == 0 && len(head) >= 70 {
		w.dialect = binary.LittleEndian.Uint16(head[68:])
	}
	if status != statusPending {
		w.signed = flags&0x8 != 0
	}
}
