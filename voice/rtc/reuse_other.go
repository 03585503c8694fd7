//go:build !linux

package rtc

import "syscall"

// readers is one: other systems do not spread packets over the sockets of a port.
func readers() int { return 1 }

func shareable(string, string, syscall.RawConn) error { return nil }
