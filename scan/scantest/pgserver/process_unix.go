//go:build unix

package pgserver

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"time"

	"github.com/kagiban/kagiban/scan/scantest/internal/child"
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
type process struct{ *child.Child }

const keeper = `"$@" </dev/null & server=$!
{ cat >/dev/null; kill -QUIT $server; } 2>/dev/null <&3 &
wait $server; status=$?; kill $! 2>/dev/null; exit $status`

func startProcess(dir string, command ...string) (*process, error) {
	cmd := exec.Command("/bin/sh", append([]string{"-c", "exec 3<&0; " + keeper, "keeper"}, command...)...)
	cmd.Dir = dir
	asServer(cmd)
	cmd.WaitDelay = 5 * time.Second // a helper may hold the output
	c, err := child.Start(cmd)
	return &process{c}, err
}

// stop ends the server and waits for that.
func (p *process) stop() error {
	p.Release()
	select {
	case <-p.Ended:
		return nil
	case <-time.After(20 * time.Second):
	}
	if err := syscall.Kill(-p.Cmd.Process.Pid, syscall.SIGKILL); err != nil {
		return err
	}
	<-p.Ended
	return nil
}
