package e2e

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// ports are where a center listens; they stay the same when it is started again.
type ports struct {
	http, sip, rtc int
	rtpLow, rtpTop int
	worldLow       int // of the carrier's RTP, worldPorts of them
}

const (
	firstPort  = 10000
	lastPort   = 32000 // the system gives out higher ones by itself
	rtpPorts   = 1200
	worldPorts = 1200
)

// freePorts finds ports that nobody uses. The range is searched from a random place, so that tests of other packages that do
// the same at the same time look elsewhere.
func freePorts(t *testing.T) ports {
	t.Helper()
	p := ports{http: freePort(t), sip: freePort(t), rtc: freePort(t)}
	p.rtpLow = freeRange(t, rtpPorts+worldPorts)
	p.rtpTop = p.rtpLow + rtpPorts - 1
	p.worldLow = p.rtpLow + rtpPorts
	return p
}

func freePort(t *testing.T) int {
	t.Helper()
	for range 1000 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		if isFree(port) {
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

// isFree tells whether a port is free for TCP and UDP.
func isFree(port int) bool {
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	packets, err := net.ListenPacket("udp", addr)
	if err != nil {
		return false
	}
	defer packets.Close()
	stream, err := net.Listen("tcp", addr)
	if err != nil {
		return false
	}
	stream.Close()
	return true
}

// freeRange finds n UDP ports in a row, beginning with an even one. A few are tried of each row: RTP skips what is taken.
func freeRange(t *testing.T, n int) int {
	t.Helper()
	for range 1000 {
		low := (firstPort + rand.IntN(lastPort-firstPort-n)) &^ 1
		free := true
		for port := low; port < low+n && free; port += 50 {
			free = isFree(port)
		}
		if free {
			return low
		}
	}
	t.Fatal("no free range of ports")
	return 0
}
