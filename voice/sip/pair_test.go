package sip_test

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/sip"
)

// pair is two of our servers, one calling the other, over a network that loses packets.
type pair struct {
	caller, callee *exchange
}

func openPair(t *testing.T, f *fabric) pair {
	t.Helper()
	const there = "192.0.2.1:5060"
	caller := openIn(t, f, nil)
	callee := openIn(t, f, func(x *exchange, o *sip.Options) {
		o.PacketConn = f.open(there)
		x.trunks = []*org.Trunk{trunkTo(ourAddr)}
	})
	return pair{caller, callee}
}

// TestLossyNetwork makes calls over a network that loses one packet in four. Whatever is lost: each side is told of the end
// once, an answer that one side was told of was one for both, and in the end nothing is left of the call.
func TestLossyNetwork(t *testing.T) {
	for seed := range uint64(150) {
		synctest.Test(t, func(t *testing.T) { lossyCall(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func lossyCall(t *testing.T, random *rand.Rand) {
	t.Helper()
	f := newFabric()
	p := openPair(t, f)
	defer p.caller.close()
	defer p.callee.close()
	var mu sync.Mutex
	f.lose = func(_, _ netip.AddrPort, _ string) bool {
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(4) == 0
	}
	pick := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(n)
	}
	out := &diary{}
	leg := p.caller.Dial(p.caller.trunks[0], "4008001000", "13800138000", 20*time.Second, out)
	in := &diary{}
	select {
	case c := <-p.callee.calls:
		c.Attach(in)
		act(c.Leg, pick(5), time.Duration(pick(10000))*time.Millisecond)
	case <-time.After(2 * time.Minute): // lost altogether
	}
	time.Sleep(time.Duration(pick(40000)) * time.Millisecond)
	if pick(2) == 0 {
		leg.HangUp(0, 0)
	}
	time.Sleep(time.Hour) // session timers clean up what no BYE could
	check(t, "caller", out, p.caller)
	check(t, "callee", in, p.callee)
	refused := strings.Contains(in.read(), "ended 48") // 480, 486, 487
	if strings.Contains(out.read(), "answered") && refused {
		t.Errorf("caller: %s\ncallee: %s", out.read(), in.read())
	}
}

// act is what a callee does, after thinking about it.
func act(l voice.Leg, what int, after time.Duration) {
	l.Ring()
	time.Sleep(after)
	switch what {
	case 0:
		l.HangUp(486, 17)
	case 1:
		l.Answer()
		l.HangUp(0, 0)
	default:
		l.Answer()
	}
}

func check(t *testing.T, who string, d *diary, x *exchange) {
	t.Helper()
	told := d.read()
	if n := strings.Count(told, "ended"); n > 1 || n == 0 && told != "" {
		t.Errorf("%s: ended %d times: %s", who, n, told)
	}
	if n := strings.Count(told, "answered"); n > 1 {
		t.Errorf("%s: answered %d times: %s", who, n, told)
	}
	if i := strings.Index(told, "ended"); i >= 0 && strings.Contains(told[i:], ", ") {
		t.Errorf("%s: something after the end: %s", who, told)
	}
	if s := x.Stats(); s.Legs != 0 || s.Faults != 0 || x.Status()[0].Calls != 0 {
		t.Errorf("%s: left: %+v %+v after %s", who, s, x.Status(), told)
	}
}

// Over IPv6 all is the same.
func TestIPv6(t *testing.T) {
	there := openOffice(t, func(o *office, opts *sip.Options) {
		opts.Addr = "[::1]:0"
		o.trunks[0].Peer, o.trunks[0].Sources = "[::1]:5060", []string{"::1"}
	})
	for _, transport := range []string{"udp", "tcp"} {
		here := openOffice(t, func(o *office, opts *sip.Options) {
			opts.Addr = "[::1]:0"
			o.trunks[0].Peer, o.trunks[0].Transport = there.Addr().String(), transport
		})
		n := newAnswered()
		leg := here.Dial(here.trunks[0], "1", "2", patience, n)
		<-n.up
		leg.HangUp(0, 0)
		<-n.over
	}
	for _, got := range there.told(t, 2) {
		if got != "answered false, ended 200 q850=0 byPeer=true" {
			t.Errorf("told %s", got)
		}
	}
}

// A CANCEL that comes after the answer changes nothing.
func TestCancelTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, told := x.arrived()
		in.Leg.Answer()
		ok := c.expect("200")
		c.request("CANCEL", "")
		c.expect("200")
		c.inDialog(ok)
		c.ack()
		told.want(t, "answered false")
		c.bye()
		c.expect("200")
		told.want(t, "answered false, ended 200 q850=0 byPeer=true")
	})
}
