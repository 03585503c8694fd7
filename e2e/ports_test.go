package e2e

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// ports are where a center and the world around it listen; they stay the same when it is started again.
type ports struct {
	http, sip, rtc, carrier, peer, nats int
	rtpLow, rtpTop                      int // of the center
	worldLow, worldTop                  int // of the carrier
}

// Ports are given out in blocks. Higher ones are given out by the system itself.
const (
	firstPort = 10000
	lastPort  = 32000
	blockSize = 2000
	rtpPorts  = 990
)

// freePorts takes a block of ports for this test. The block's first port is held as long as the test runs, so that no other
// test takes the same block.
func freePorts(t *testing.T) ports {
	t.Helper()
	const blocks = (lastPort - firstPort) / blockSize
	for _, n := range rand.Perm(blocks) {
		base := firstPort + n*blockSize
		guard, err := net.Listen("tcp", addr(base))
		if err != nil {
			continue
		}
		t.Cleanup(func() { guard.Close() })
		var free []int
		for port := base + 1; port < base+blockSize-2*rtpPorts; port++ {
			if isFree(port) {
				free = append(free, port)
			}
		}
		if len(free) < 6 {
			continue
		}
		rtp := base + blockSize - 2*rtpPorts
		return ports{
			http: free[0], sip: free[1], rtc: free[2], carrier: free[3], peer: free[4], nats: free[5],
			rtpLow: rtp, rtpTop: rtp + rtpPorts - 1, worldLow: rtp + rtpPorts, worldTop: rtp + 2*rtpPorts - 1,
		}
	}
	t.Fatal("no free ports")
	return ports{}
}

// isFree tells whether a port is free for TCP and UDP.
func isFree(port int) bool {
	packets, err := net.ListenPacket("udp", addr(port))
	if err != nil {
		return false
	}
	defer packets.Close()
	stream, err := net.Listen("tcp", addr(port))
	if err != nil {
		return false
	}
	stream.Close()
	return true
}

func addr(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
