package main

import (
	"fmt"
	"net/netip"

	"openseat/voice/media"
)

// openPorts is OpenSeat's own: the ports that trunk legs are made of. arrange says what they hear of each other.
func openPorts(arrange func(dir string, p []*media.Port) error) func(dir string, peers []netip.AddrPort) ([]netip.AddrPort, error) {
	return func(dir string, peers []netip.AddrPort) (addrs []netip.AddrPort, err error) {
		numbers, err := media.NewPorts(24000, 27999)
		if err != nil {
			return nil, err
		}
		beat := media.NewMetronome()
		var ports []*media.Port
		for _, peer := range peers {
			line, err := media.ListenUDP(netip.MustParseAddr("127.0.0.1"), numbers)
			if err != nil {
				return nil, err
			}
			line.SetRemote(peer)
			ports = append(ports, media.NewPort(line, media.Format{Codec: media.PCMU, DTMF: 101}, media.PortOptions{Metronome: beat}))
			addrs = append(addrs, line.LocalAddr())
		}
		return addrs, arrange(dir, ports)
	}
}

// inPairs are calls of two.
func inPairs(_ string, p []*media.Port) error {
	for i := 0; i+1 < len(p); i += 2 {
		media.Connect(p[i], p[i+1])
	}
	return nil
}

// recorded are calls of two, each of whom is recorded.
func recorded(dir string, p []*media.Port) error {
	spool, err := media.OpenSpool(dir, media.SpoolOptions{})
	if err != nil {
		return err
	}
	for i := range p {
		r, err := spool.Start(fmt.Sprint("leg-", i), media.PCMU)
		if err != nil {
			return err
		}
		p[i].Record(r)
	}
	return inPairs(dir, p)
}

// threeWay are calls of three who all hear each other; who is left over is a call of two.
func threeWay(dir string, p []*media.Port) error {
	for ; len(p) >= 3; p = p[3:] {
		a, b, c := p[0], p[1], p[2]
		new(media.Talk).Arrange(map[*media.Port][]*media.Port{a: {b, c}, b: {a, c}, c: {a, b}})
	}
	return inPairs(dir, p)
}

// monitored are calls of two that a third listens to.
func monitored(dir string, p []*media.Port) error {
	for ; len(p) >= 3; p = p[3:] {
		a, b, c := p[0], p[1], p[2]
		new(media.Talk).Arrange(map[*media.Port][]*media.Port{a: {b}, b: {a}, c: {a, b}})
	}
	return inPairs(dir, p)
}
