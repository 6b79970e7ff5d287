package isolate

import (
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// launch starts processes that the kernel ends with this one, however it ends.
// The signal is tied to the thread that started them, so one thread is kept for
// that until stop is called. It has given up its capabilities, and what it starts
// has none, whoever runs this program.
func launch() (start func(*exec.Cmd) error, stop func()) {
	type order struct {
		cmd  *exec.Cmd
		done chan<- error
	}
	orders := make(chan order)
	go onThreadOfItsOwn(func() {
		dropCapabilities()
		for o := range orders {
			if o.cmd.SysProcAttr == nil {
				o.cmd.SysProcAttr = &syscall.SysProcAttr{}
			}
			o.cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
			o.done <- o.cmd.Start()
		}
	})
	return func(cmd *exec.Cmd) error {
		done := make(chan error)
		orders <- order{cmd, done}
		return <-done
	}, func() { close(orders) }
}

// onThreadOfItsOwn runs f on a thread that ends with it, and that is not the first
// of the process, which stands for all of it in what the system shows of it.
func onThreadOfItsOwn(f func()) {
	runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
	if unix.Gettid() != unix.Getpid() {
		f()
		return
	}
	other := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		close(other)
		f()
	}()
	<-other
	runtime.UnlockOSThread()
}

// dropCapabilities takes all capabilities from this thread. A program that it
// starts would have them again if it is root's, or has some in its file; with
// no_new_privs it gets no more than the thread has (capabilities(7), prctl(2)).
// What a kernel does not know it does not have.
func dropCapabilities() {
	if unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != nil {
		return
	}
	_ = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	for capability := uintptr(0); capability <= unix.CAP_LAST_CAP; capability++ {
		_ = unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0) // needs CAP_SETPCAP
	}
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3} // of this thread
	var none [2]unix.CapUserData
	_ = unix.Capset(&head, &none[0])
}
