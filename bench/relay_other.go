//go:build !linux

package main

import (
	"errors"
	"net/netip"
)

var errLinux = errors.New("the experiments with system calls, and what is read in /proc, are for Linux only")

func openBatched(string, []netip.AddrPort) ([]netip.AddrPort, error) { return nil, errLinux }

func openPolled(string, []netip.AddrPort) ([]netip.AddrPort, error) { return nil, errLinux }
