package e2e

import (
	"os/exec"
	"syscall"
)

// dieWithUs lets a program end when the tests do, however they end.
func dieWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
