//go:build unix

package samba

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kagiban/kagiban/scan/scantest/internal/child"
)

func supported() error {
	if os.Getuid() != 0 {
		return errors.New("samba can be started by root only, since it takes on the rights of its users")
	}
	return nil
}

// A process is a server and its helpers: one process group.
type process struct{ *child.Child }

// startProcess starts smbd or a KDC; smbd in the foreground ends when its standard
// input does.
func startProcess(name string, args ...string) (*process, error) {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c, err := child.Start(cmd)
	return &process{c}, err
}

// stop ends the server and then the helpers that it has sent into process
// groups of their own; those leave the numbers of their leaders in pidDir.
func (p *process) stop(pidDir string) error {
	p.Release()
	helpers := leaders(pidDir)
	err := endGroup(p.Cmd.Process.Pid)
	if err == nil {
		<-p.Ended
	}
	for _, pid := range append(helpers, leaders(pidDir)...) {
		if pid != p.Cmd.Process.Pid {
			err = errors.Join(err, endGroup(pid))
		}
	}
	return err
}

// kill ends the server and all its helpers at once.
func (p *process) kill(pidDir string) error {
	groups := append(leaders(pidDir), p.Cmd.Process.Pid)
	for _, pid := range groups {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
	<-p.Ended
	for _, pid := range groups {
		if err := endGroup(pid); err != nil {
			return err
		}
	}
	return nil
}

// freeze stops the members of the server's group, with all also its leader.
func (p *process) freeze(all bool) error {
	if all {
		return syscall.Kill(-p.Cmd.Process.Pid, syscall.SIGSTOP)
	}
	members, err := groupOf(p.Cmd.Process.Pid)
	for _, pid := range members {
		if pid != p.Cmd.Process.Pid {
			err = errors.Join(err, syscall.Kill(pid, syscall.SIGSTOP))
		}
	}
	return err
}

func (p *process) thaw() error { return syscall.Kill(-p.Cmd.Process.Pid, syscall.SIGCONT) }

// groupOf lists the processes of a group.
func groupOf(group int) (pids []int, err error) {
	all, err := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if g, err := syscall.Getpgid(pid); err == nil && g == group {
			pids = append(pids, pid)
		}
	}
	return pids, err
}

// leaders reads the process numbers in a folder. Only those that lead a group
// are taken: a number that was given to somebody else in the meantime hardly
// does, and neither does a worker.
func leaders(pidDir string) []int {
	files, _ := filepath.Glob(filepath.Join(pidDir, "*.pid"))
	var pids []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil || pid <= 1 {
			continue
		}
		if group, err := syscall.Getpgid(pid); err == nil && group == pid {
			pids = append(pids, pid)
		}
	}
	return pids
}

// endGroup asks a process group to end and makes it end after a while.
func endGroup(pid int) error {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		_ = syscall.Kill(-pid, signal)
		for range 200 {
			if gone(pid) {
				_ = syscall.Kill(-pid, syscall.SIGKILL) // what the leader left behind
				return nil
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return fmt.Errorf("process group %d does not end", pid)
}

// gone says whether a process has ended. In a container nobody may collect an
// orphan, which then stays as a zombie for good.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, state, _ := bytes.Cut(stat, []byte(") "))
	return bytes.HasPrefix(state, []byte("Z"))
}

// dropClients ends the processes that serve clients of the moment.
func (p *process) dropClients() error {
	members, err := groupOf(p.Cmd.Process.Pid)
	for _, pid := range members {
		if pid != p.Cmd.Process.Pid {
			err = errors.Join(err, syscall.Kill(pid, syscall.SIGKILL))
		}
	}
	return err
}
