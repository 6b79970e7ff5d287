//go:build unix

package pgserver

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// account is whom the server runs as where the tests run as root, which it
// refuses.
func account() (*user.User, error) {
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return u, nil
		}
	}
	return nil, fmt.Errorf("root cannot run a PostgreSQL server, and there is no account postgres or nobody")
}

func ids() (uid, gid int, err error) {
	if os.Getuid() != 0 {
		return os.Getuid(), os.Getgid(), nil
	}
	u, err := account()
	if err != nil {
		return 0, 0, err
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

func supported() error {
	_, _, err := ids()
	return err
}

// own hands a file or folder to the account of the server.
func own(path string) error {
	uid, gid, err := ids()
	if err != nil || uid == os.Getuid() {
		return err
	}
	return os.Chown(path, uid, gid)
}

// asServer has a program run under the account of the server.
func asServer(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if uid, gid, err := ids(); err == nil && uid != os.Getuid() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
}

// A process is a shell that waits for the end of its input, which comes with the
// end of this process at the latest, and then ends the server.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
	ended chan struct{}

	mu  sync.Mutex
	out bytes.Buffer
}

const keeper = `"$@" </dev/null & server=$!
{ cat >/dev/null; kill -QUIT $server; } 2>/dev/null <&3 &
wait $server; status=$?; kill $! 2>/dev/null; exit $status`

func startProcess(dir string, command ...string) (*process, error) {
	p := &process{cmd: exec.Command("/bin/sh", append([]string{"-c", "exec 3<&0; " + keeper, "keeper"}, command...)...), ended: make(chan struct{})}
	p.cmd.Dir = dir
	asServer(p.cmd)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.WaitDelay = 5 * time.Second // a helper may hold the output
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.stdin = stdin
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// Write keeps what the server says, for messages.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out.Len() < 1<<16 {
		p.out.Write(b)
	}
	return len(b), nil
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// stop ends the server and waits for that.
func (p *process) stop() error {
	_ = p.stdin.Close()
	select {
	case <-p.ended:
		return nil
	case <-time.After(20 * time.Second):
	}
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		return err
	}
	<-p.ended
	return nil
}
