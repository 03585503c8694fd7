package rtc

import (
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxReaders is how many sockets share the UDP port at most.
const maxReaders = 16

// readers is how many sockets shall share the UDP port. The kernel gives all packets of a page to the same one, so that they stay
// in order; each has a buffer of its own, and a reader that is held up delays only its own pages.
func readers() int { return min(runtime.GOMAXPROCS(0), maxReaders) }

// shareable lets several sockets have the same port.
func shareable(_, _ string, c syscall.RawConn) error {
	var err error
	outer := c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1) })
	if outer != nil {
		return outer
	}
	return err
}
