package isolate

import (
	"os/exec"
	"runtime"
	"syscall"
)

// launch starts processes that the kernel ends with this one, however it ends.
// The signal is tied to the thread that started them, so one thread is kept for
// that until stop is called.
func launch() (start func(*exec.Cmd) error, stop func()) {
	type order struct {
		cmd  *exec.Cmd
		done chan<- error
	}
	orders := make(chan order)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		for o := range orders {
			if o.cmd.SysProcAttr == nil {
				o.cmd.SysProcAttr = &syscall.SysProcAttr{}
			}
			o.cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
			o.done <- o.cmd.Start()
		}
	}()
	return func(cmd *exec.Cmd) error {
		done := make(chan error)
		orders <- order{cmd, done}
		return <-done
	}, func() { close(orders) }
}
