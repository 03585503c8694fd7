//go:build unix

package bus

import (
	"fmt"
	"os"
	"syscall"
)

// dirLock keeps a second process away from the engine's files, which would not survive it. The system takes it back when the
// process ends, however it ends.
type dirLock struct{ file *os.File }

func lockDir(path string) (*dirLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator's own path
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: another process uses this directory: %w", path, err)
	}
	return &dirLock{f}, nil
}

func (l *dirLock) release() {
	if l != nil {
		_ = l.file.Close()
	}
}
