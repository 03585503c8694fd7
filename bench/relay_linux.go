package main

import (
	"errors"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// The experiments: what a relay could cost that reads and writes more cleverly.

const (
	batch      = 64
	bufferSize = 4 << 20 // one socket for all needs room for a moment's absence
)

// openBatched forwards for all legs over one socket, as many packets a system call as there are.
func openBatched(_ string, peers []netip.AddrPort) ([]netip.AddrPort, error) {
	socks, addrs, err := openSockets(1)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(socks[0].SetReadBuffer(bufferSize), socks[0].SetWriteBuffer(bufferSize)); err != nil {
		return nil, err
	}
	other := map[netip.AddrPort]*net.UDPAddr{}
	for i, peer := range peers {
		other[peer] = net.UDPAddrFromAddrPort(peers[i^1])
	}
	go forwardBatches(ipv4.NewPacketConn(socks[0]), other)
	legs := make([]netip.AddrPort, len(peers))
	for i := range legs {
		legs[i] = addrs[0]
	}
	return legs, nil
}

func forwardBatches(c *ipv4.PacketConn, other map[netip.AddrPort]*net.UDPAddr) {
	in, out := make([]ipv4.Message, batch), make([]ipv4.Message, 0, batch)
	for i := range in {
		in[i].Buffers = [][]byte{make([]byte, maxPacket)}
	}
	for {
		n, err := c.ReadBatch(in, 0)
		if err != nil {
			return
		}
		out = out[:0]
		for i := range in[:n] {
			from, ok := in[i].Addr.(*net.UDPAddr)
			if !ok {
				continue
			}
			if to := other[from.AddrPort()]; to != nil {
				out = append(out, ipv4.Message{Buffers: [][]byte{in[i].Buffers[0][:in[i].N]}, Addr: to})
			}
		}
		for sent := 0; sent < len(out); {
			n, err := c.WriteBatch(out[sent:], 0)
			if err != nil {
				return
			}
			sent += n
		}
	}
}

// openPolled keeps a socket a leg, but one goroutine asks the kernel itself which of them have something.
func openPolled(_ string, peers []netip.AddrPort) (addrs []netip.AddrPort, err error) {
	poll, err := unix.EpollCreate1(0)
	if err != nil {
		return nil, err
	}
	fds, to := make([]int, len(peers)), make([]unix.SockaddrInet4, len(peers))
	for i, peer := range peers {
		if fds[i], err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK, 0); err != nil {
			return nil, err
		}
		if err := unix.Bind(fds[i], &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			return nil, err
		}
		name, err := unix.Getsockname(fds[i])
		if err != nil {
			return nil, err
		}
		bound := name.(*unix.SockaddrInet4) //nolint:forcetypeassert // as it was opened
		addrs = append(addrs, netip.AddrPortFrom(netip.AddrFrom4(bound.Addr), uint16(bound.Port)))
		to[i] = unix.SockaddrInet4{Port: int(peer.Port()), Addr: peer.Addr().As4()}
		if err := unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, fds[i], &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)}); err != nil {
			return nil, err
		}
	}
	go forwardPolled(poll, fds, to)
	return addrs, nil
}

func forwardPolled(poll int, fds []int, to []unix.SockaddrInet4) {
	ready := make([]unix.EpollEvent, len(fds))
	buf := make([]byte, maxPacket)
	for {
		n, err := unix.EpollWait(poll, ready, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		for _, e := range ready[:max(n, 0)] {
			n, _, err := unix.Recvfrom(fds[e.Fd], buf, unix.MSG_DONTWAIT)
			if err == nil {
				_ = unix.Sendto(fds[e.Fd^1], buf[:n], unix.MSG_DONTWAIT, &to[e.Fd^1])
			}
		}
	}
}
