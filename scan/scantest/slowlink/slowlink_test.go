package slowlink

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// echo answers each connection with what it sends.
func echo(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	return listener
}

func TestLinkDelaysAndKeepsContent(t *testing.T) {
	const roundTrip = 40 * time.Millisecond
	link, err := Start(echo(t).Addr().String(), roundTrip)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", link.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MiB
	begin := time.Now()
	go func() { _, _ = conn.Write(sent) }()
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(conn, got[:1]); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < roundTrip {
		t.Errorf("the first byte came back after %v, want at least %v", took, roundTrip)
	}
	if _, err := io.ReadFull(conn, got[1:]); err != nil || !bytes.Equal(got, sent) {
		t.Errorf("what came back differs, %v", err)
	}
	// Pieces one after the other would take 256 round trips.
	if took := time.Since(begin); took > 128*roundTrip {
		t.Errorf("all came back after %v: the link does not carry many pieces at a time", took)
	}
	if err := link.Close(); err != nil {
		t.Error(err)
	}
	if _, err := conn.Read(got); err == nil {
		t.Error("the connection outlives its link")
	}
}

func TestLinkToNobody(t *testing.T) {
	link, err := Start("127.0.0.1:1", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	conn, err := net.Dial("tcp", link.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("Read = %d, %v, want the connection to end", n, err)
	}
}
