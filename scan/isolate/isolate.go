// Package isolate runs decoders of others in worker processes: the same
// program, started again with nothing but two pipes. A worker gets the bytes
// of a file by asking for them, and sends back members, rows and problems. If
// it dies or is too slow, that one item has a problem and the next a new worker.
//
// The files, in order: isolate.go (the pool of workers), start*.go (how one is
// started, so that it ends with this process), remote.go (a document that lives
// in one), wire.go (what goes over the pipes), serve.go (inside the worker),
// watch.go (a worker that gets nowhere), confine*.go (what a worker may not
// do). Quarantine.go and examiner.go do the same with a whole file.
package isolate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/kagiban/kagiban/scan"
)

// helloTime is how long a worker may take to start.
const helloTime = 20 * time.Second

// A Pool is the scan.Isolator. It starts a worker when none is idle.
type Pool struct {
	command func() *exec.Cmd
	start   func(*exec.Cmd) error
	stop    func()

	mu     sync.Mutex
	idle   []*worker
	closed bool
}

var _ scan.Isolator = (*Pool)(nil)

// New makes a pool. Command returns the command line of a worker, which must
// call Serve; its pipes are set here. Nothing is started yet.
func New(command func() *exec.Cmd) *Pool {
	p := &Pool{command: command}
	p.start, p.stop = launch()
	return p
}

// Open implements scan.Isolator.
func (p *Pool) Open(ctx context.Context, format string, f *scan.File) (scan.Document, error) {
	w, err := p.take()
	if err != nil {
		return nil, err
	}
	d := &remote{pool: p, worker: w, file: f, ctx: ctx}
	d.unwatch = context.AfterFunc(ctx, w.kill)
	if err := d.open(format); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// InForce starts a worker and reports what holds it, in words for a technician.
func (p *Pool) InForce() (string, error) {
	w, err := p.take()
	if err != nil {
		return "", err
	}
	p.give(w)
	return w.inForce, nil
}

// Close ends the idle workers; the pool cannot be used any more. Those at work
// end with their document or, on Linux, now.
func (p *Pool) Close() error {
	p.mu.Lock()
	idle, again := p.idle, p.closed
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, w := range idle {
		w.end()
	}
	if !again {
		p.stop()
	}
	return nil
}

func (p *Pool) take() (*worker, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return w, nil
	}
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return nil, fmt.Errorf("worker asked for after the end: %w", scan.ErrCrashed)
	}
	w, err := p.begin(p.command())
	if errors.Is(err, errStartAgain) {
		w, err = p.begin(p.command())
	}
	return w, err
}

// errStartAgain says that a process did not start in the way that holds it most,
// which is not tried any more.
var errStartAgain = errors.New("it does not start so; it is tried in another way")

// reuse is how many items one worker serves: what a decoder leaks ends there.
const reuse = 500

// give takes a worker back that has done its work.
func (p *Pool) give(w *worker) {
	p.mu.Lock()
	keep := !p.closed && w.items < reuse && w.busy < busyMax && len(p.idle) < runtime.GOMAXPROCS(0)
	if keep {
		p.idle = append(p.idle, w)
	}
	p.mu.Unlock()
	if !keep {
		w.end()
	}
}

// A worker is one process. It serves one document at a time.
type worker struct {
	cmd     *exec.Cmd
	wire    *wire
	stderr  *head
	inForce string
	items   uint32
	busy    time.Duration // spent on items
	ended   sync.Once
	state   error // of the process, once it has ended
}

// begin starts a worker and waits until it says that it is there.
func (p *Pool) begin(cmd *exec.Cmd) (*worker, error) {
	w := &worker{cmd: cmd, stderr: &head{}}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("worker: %v: %w", err, scan.ErrCrashed)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("worker: %v: %w", err, scan.ErrCrashed)
	}
	cmd.Stderr = w.stderr
	if err := p.start(cmd); err != nil {
		return nil, fmt.Errorf("worker does not start: %w: %w", err, scan.ErrCrashed)
	}
	w.wire = newWire(out, in)
	late := time.AfterFunc(helloTime, w.kill)
	defer late.Stop()
	kind, body, err := w.wire.receive()
	if err != nil || kind != msgHello {
		return nil, w.died()
	}
	w.inForce = string(body)
	return w, nil
}

func (w *worker) kill() { _ = w.cmd.Process.Kill() }

// end ends the process and waits until it is gone.
func (w *worker) end() {
	w.ended.Do(func() {
		w.kill()
		w.state = w.cmd.Wait()
	})
}

// died reports why a worker is gone. Of its last words only those of the runtime
// are repeated: others may quote what it was reading.
func (w *worker) died() error {
	// The pipe may break a moment before the process is gone; killing it then
	// would hide how it ended.
	gone := time.AfterFunc(2*time.Second, w.kill)
	w.ended.Do(func() { w.state = w.cmd.Wait() })
	gone.Stop()
	if w.cmd.ProcessState != nil && w.cmd.ProcessState.ExitCode() == exitStalled {
		return &scan.LimitError{Limit: "progress"}
	}
	why := "ended"
	if w.state != nil {
		why = w.state.Error()
	}
	if w.cmd.ProcessState != nil && w.cmd.ProcessState.ExitCode() == exitFull {
		why += fmt.Sprintf(", it held more than %d MiB", memoryMax>>20)
	}
	for line := range bytes.Lines(w.stderr.bytes()) {
		if text := strings.TrimSpace(string(line)); strings.HasPrefix(text, "fatal error: ") || strings.HasPrefix(text, "panic: runtime error: ") {
			why += ", " + text
			break
		}
	}
	return fmt.Errorf("worker died (%s): %w", why, scan.ErrCrashed)
}

// head keeps the first words of a process.
type head struct {
	mu   sync.Mutex
	text []byte
}

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if room := 4<<10 - len(h.text); room > 0 {
		h.text = append(h.text, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

func (h *head) bytes() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text
}

var _ io.Writer = (*head)(nil)
