// Package child starts the servers of the acceptance kits, which end when this
// process does, and keeps what they say.
package child

import (
	"bytes"
	"io"
	"os/exec"
	"sync"
)

// A Child is a process that was started here.
type Child struct {
	Cmd   *exec.Cmd
	Ended chan struct{} // closed when it has ended

	stdin io.Closer
	mu    sync.Mutex
	out   bytes.Buffer
}

// Start starts a command. Its standard input ends with this process, or with
// Release: whoever waits for that does not outlive us, whatever becomes of us.
func Start(cmd *exec.Cmd) (*Child, error) {
	c := &Child{Cmd: cmd, Ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = c, c
	var err error
	if c.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = cmd.Wait()
		close(c.Ended)
	}()
	return c, nil
}

// Release ends the standard input of the process.
func (c *Child) Release() { _ = c.stdin.Close() }

// most bounds what is kept, bytes.
const most = 1 << 16

// Write keeps what the process says, for messages.
func (c *Child) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out.Len() < most {
		c.out.Write(b)
	}
	return len(b), nil
}

// Said returns what the process has said.
func (c *Child) Said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}
