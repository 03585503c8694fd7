//go:build !unix

package bus

import "os"

// dirLock is the open file itself where there are no advisory locks.
type dirLock struct{ file *os.File }

func lockDir(path string) (*dirLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator's own path
	if err != nil {
		return nil, err
	}
	return &dirLock{f}, nil
}

func (l *dirLock) release() {
	if l != nil {
		_ = l.file.Close()
	}
}
