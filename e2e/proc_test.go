package e2e

import (
	"os/exec"
	"runtime"
	"time"
)

// process is a program that was started.
type process struct {
	*exec.Cmd
	over chan struct{} // closed when it has ended
	end  error         // how, once it has
}

// spawn starts a program. Where the system can, it ends with the tests, however they end.
func spawn(cmd *exec.Cmd) (*process, error) {
	p := &process{Cmd: cmd, over: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(p.over)
		runtime.LockOSThread() // it is this thread's child, and would die with it
		defer runtime.UnlockOSThread()
		dieWithUs(cmd)
		err := cmd.Start()
		started <- err
		if err == nil {
			p.end = cmd.Wait()
		}
	}()
	return p, <-started
}

// isOver tells whether the program has ended.
func (p *process) isOver() bool {
	select {
	case <-p.over:
		return true
	default:
		return false
	}
}

// kill ends the program as a power failure would.
func (p *process) kill() {
	_ = p.Process.Kill() // it may have ended
	<-p.over
}

// wait waits for done, for so long, and tells whether it came.
func wait(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
