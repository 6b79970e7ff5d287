package source_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kagiban/kagiban/scan"
	"github.com/kagiban/kagiban/scan/scantest"
	"github.com/kagiban/kagiban/scan/scantest/samba"
	"github.com/kagiban/kagiban/scan/source"
)

// A wire is where a test makes connections fail.
type wire struct {
	dials   atomic.Int64
	cutAt   atomic.Int64 // each connection breaks after so many bytes received; 0: never
	freezes atomic.Bool  // connections deliver nothing more
	refuses atomic.Bool  // no new connections
}

func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if w.refuses.Load() {
		return nil, errors.New("connection refused by the test")
	}
	w.dials.Add(1)
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	return &wiredConn{Conn: conn, wire: w, closed: make(chan struct{})}, err
}

type wiredConn struct {
	net.Conn
	wire   *wire
	got    atomic.Int64
	once   sync.Once
	closed chan struct{}
}

func (c *wiredConn) Read(p []byte) (int, error) {
	if c.wire.freezes.Load() {
		<-c.closed
		return 0, net.ErrClosed
	}
	if at := c.wire.cutAt.Load(); at > 0 && c.got.Load() > at {
		_ = c.Close() // in the middle of whatever is under way
	}
	n, err := c.Conn.Read(p)
	c.got.Add(int64(n))
	if c.wire.freezes.Load() {
		<-c.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *wiredConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// faulty serves one share with a big file in it and opens it over a wire.
func faulty(t *testing.T, stall time.Duration, size int) (scan.Source, *wire, []byte, string) {
	t.Helper()
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	data := make([]byte, size)
	rnd := rand.NewChaCha8([32]byte{7})
	_, _ = rnd.Read(data)
	write(t, filepath.Join(dir, "big.bin"), string(data), 0o644)
	w := &wire{}
	opts := options(t, s)
	opts.Dial, opts.Stall = w.dial, stall
	return open(t, s.URL("data"), opts), w, data, dir
}

func TestSMBConnectionCutInTheMiddleOfReads(t *testing.T) {
	src, w, data, _ := faulty(t, 20*time.Second, 24<<20)
	w.cutAt.Store(3<<20 + 4321)
	blob, err := src.Open(t.Context(), scan.Entry{Path: "big.bin"})
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	got, err := io.ReadAll(io.NewSectionReader(blob, 0, blob.Size()))
	if err != nil || !bytes.Equal(got, data) {
		t.Fatalf("read %d bytes, %v; want %d equal ones", len(got), err, len(data))
	}
	if n := w.dials.Load(); n < 6 {
		t.Errorf("%d connections were made: the test did not cut any", n)
	}
	// And with several readers of one Blob at once, which together ask for more
	// than a connection lives for: each read may break several times by the
	// others' bytes, and comes in the end.
	cuts := w.dials.Load()
	var wg sync.WaitGroup
	for part := range 8 {
		wg.Go(func() {
			p := make([]byte, 1<<20)
			for off := int64(part) * 3 << 20; off < int64(part+1)*3<<20; off += int64(len(p)) {
				if _, err := blob.ReadAt(p, off); err != nil || !bytes.Equal(p, data[off:off+int64(len(p))]) {
					t.Errorf("ReadAt %d: %v", off, err)
				}
			}
		})
	}
	wg.Wait()
	if n := w.dials.Load() - cuts; n < 4 {
		t.Errorf("%d connections were made for several readers: the test did not cut any", n)
	}
}

func TestSMBConnectionCutInTheMiddleOfWalk(t *testing.T) {
	src, w, _, dir := faulty(t, 20*time.Second, 1)
	want := map[string]bool{"big.bin": true}
	for i := range 300 {
		name := fmt.Sprintf("%02d/%03d.txt", i%60, i)
		write(t, filepath.Join(dir, name), "x", 0o644)
		want[name] = true
	}
	w.cutAt.Store(15_000)
	files, gaps := scantest.WalkAll(t, src) // fails if anything is told twice
	if len(files) != len(want) || len(gaps) != 0 {
		t.Errorf("Walk tells %d files and %v, want %d", len(files), gaps, len(want))
	}
	if n := w.dials.Load(); n < 3 {
		t.Errorf("%d connections were made: the test did not cut any", n)
	}
}

func TestSMBFileSavedWhileConnectionIsLost(t *testing.T) {
	src, w, data, dir := faulty(t, 20*time.Second, 4<<20)
	files, _ := scantest.WalkAll(t, src)
	blob, err := src.Open(t.Context(), files["big.bin"])
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	data[0]++
	if err := os.WriteFile(filepath.Join(dir, "big.bin"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	w.cutAt.Store(1)
	time.AfterFunc(100*time.Millisecond, func() { w.cutAt.Store(0) })
	if _, err := io.ReadAll(io.NewSectionReader(blob, 1<<20, 1<<20)); !errors.Is(err, scan.ErrLocked) {
		t.Errorf("reading on in another content: %v, want ErrLocked", err)
	}
}

func TestSMBServerFallsSilent(t *testing.T) {
	const stall = 6 * time.Second // the logon has to go well within it, on a busy machine too
	src, w, _, _ := faulty(t, stall, 8<<20)
	blob, err := src.Open(t.Context(), scan.Entry{Path: "big.bin"})
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	w.freezes.Store(true)
	begin := time.Now()
	_, err = blob.ReadAt(make([]byte, 1<<20), 4<<20)
	if !errors.Is(err, scan.ErrStalled) {
		t.Errorf("ReadAt from a silent server: %v, want ErrStalled", err)
	}
	if took := time.Since(begin); took < stall/2 || took > 10*stall {
		t.Errorf("it took %v with a stall time of %v", took, stall)
	}
	// A server that was found dead is not waited for again and again.
	begin = time.Now()
	for range 20 {
		if _, err := src.Open(t.Context(), scan.Entry{Path: "big.bin"}); !errors.Is(err, scan.ErrStalled) {
			t.Errorf("Open: %v, want ErrStalled", err)
		}
	}
	if took := time.Since(begin); took > 10*stall {
		t.Errorf("20 files of a dead server took %v", took)
	}
}

// When the server is gone the walk ends with the reason, rather than telling
// each remaining folder as a gap.
func TestSMBServerGoneEndsWalk(t *testing.T) {
	src, w, _, dir := faulty(t, 5*time.Second, 1)
	for i := range 50 {
		write(t, filepath.Join(dir, fmt.Sprintf("%02d/x.txt", i)), "x", 0o644)
	}
	gaps := 0
	err := src.Walk(t.Context(), func(e scan.Entry, err error) error {
		if strings.HasPrefix(e.Path, "10/") {
			w.refuses.Store(true)
			w.cutAt.Store(1)
		}
		if err != nil {
			gaps++
		}
		return nil
	})
	var target *source.TargetError
	if !errors.As(err, &target) || !errors.Is(err, source.ErrUnreachable) || gaps != 0 {
		t.Errorf("Walk = %v with %d gaps, want a TargetError that is ErrUnreachable", err, gaps)
	}
}

func TestSMBCancelIsPrompt(t *testing.T) {
	src, w, _, _ := faulty(t, time.Minute, 8<<20)
	ctx, cancel := context.WithCancel(t.Context())
	blob, err := src.Open(ctx, scan.Entry{Path: "big.bin"})
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	w.freezes.Store(true)
	ends := make(chan error, 3)
	go func() { _, err := blob.ReadAt(make([]byte, 1<<20), 4<<20); ends <- err }()
	go func() { _, err := src.Open(ctx, scan.Entry{Path: "big.bin"}); ends <- err }()
	go func() { ends <- src.Walk(ctx, func(scan.Entry, error) error { return nil }) }()
	time.Sleep(200 * time.Millisecond)
	begin := time.Now()
	cancel()
	for range cap(ends) {
		if err := <-ends; !errors.Is(err, context.Canceled) {
			t.Errorf("after cancel: %v, want context.Canceled", err)
		}
	}
	if took := time.Since(begin); took > 20*time.Second { // it waits a minute for the server otherwise
		t.Errorf("cancel took %v", took)
	}
	w.freezes.Store(false)
}

// The deadline of one file must not cost the others their connection.
func TestSMBDeadlineOfOneFileLeavesTheSession(t *testing.T) {
	src, w, data, _ := faulty(t, time.Minute, 8<<20)
	for i := range 30 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*time.Millisecond)
		blob, err := src.Open(ctx, scan.Entry{Path: "big.bin"})
		if err == nil {
			_, err = blob.ReadAt(make([]byte, len(data)), 0)
			if err := blob.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %d ms: %v", i, err)
		}
		cancel()
	}
	if n := w.dials.Load(); n != 1 {
		t.Errorf("%d connections were made, want 1", n)
	}
}

func TestSMBLeavesNoGoroutines(t *testing.T) {
	s := serve(t, samba.Config{Shares: []samba.Share{{Name: "data"}}})
	write(t, filepath.Join(shareDir(t, s, "data"), "a.bin"), strings.Repeat("x", 1<<20), 0o644)
	before := runtime.NumGoroutine()
	for range 3 {
		src, err := source.Open(t.Context(), s.URL("data"), options(t, s))
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() { read(t, src, scan.Entry{Path: "a.bin"}) })
		}
		wg.Wait()
		left, err := src.Open(t.Context(), scan.Entry{Path: "a.bin"}) // forgotten by its user
		if err != nil {
			t.Fatal(err)
		}
		if err := src.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := left.ReadAt(make([]byte, 10), 500_000); err == nil {
			t.Error("ReadAt after Close of the source")
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.GC() // runs the finalizers of forgotten files, which must not hang
		time.Sleep(50 * time.Millisecond)
	}
	var stacks bytes.Buffer
	buf := make([]byte, 1<<20)
	stacks.Write(buf[:runtime.Stack(buf, true)])
	t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks.String())
}

// Servers that require signing make hirochachacha/go-smb2 lose reads; this is
// the measure for the library that is used.
func TestSMBSigningRequiredManySmallFiles(t *testing.T) {
	s := serve(t, samba.Config{Signing: true, Shares: []samba.Share{{Name: "data"}}})
	dir := shareDir(t, s, "data")
	const n = 2000
	for i := range n {
		write(t, filepath.Join(dir, fmt.Sprint(i%20), fmt.Sprintf("%d.txt", i)), strings.Repeat(fmt.Sprintf("%07d ", i), 1+i%4096), 0o644)
	}
	src := open(t, s.URL("data"), options(t, s))
	var failed, seen atomic.Int64
	var wg sync.WaitGroup
	gate := make(chan struct{}, 16)
	err := src.Walk(t.Context(), func(e scan.Entry, err error) error {
		if err != nil {
			t.Errorf("%q: %v", e.Path, err)
			return nil
		}
		seen.Add(1)
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			blob, err := src.Open(t.Context(), e)
			if err != nil {
				failed.Add(1)
				return
			}
			p := make([]byte, blob.Size())
			name, _, _ := strings.Cut(filepath.Base(e.Path), ".")
			if _, err := blob.ReadAt(p, 0); err != nil || !strings.HasPrefix(string(p), fmt.Sprintf("%07s ", name)) {
				failed.Add(1)
			}
			if blob.Close() != nil {
				failed.Add(1)
			}
		})
		return nil
	})
	wg.Wait()
	if err != nil || seen.Load() != n || failed.Load() != 0 {
		t.Errorf("Walk: %v; %d of %d files seen, %d failed", err, seen.Load(), n, failed.Load())
	}
}
