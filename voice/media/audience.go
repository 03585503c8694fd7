package media

import (
	"fmt"
	"strings"
	"time"
)

// audience is who hears a port. It is replaced as a whole, never changed in place; the port's reading goroutine alone uses it.
type audience struct {
	peer  *Port   // hears the port alone: its packets are forwarded in place
	more  []*Port // others who do: theirs are copies
	mixed []*Port // hear others, too
	inlet *inlet  // where those get it from: nil when there are none
	copy  []byte  // room for one packet, when there are more
}

// add lets a listener hear the port alone.
func (a *audience) add(listener *Port) {
	if a.peer == nil {
		a.peer = listener
		return
	}
	a.more = append(a.more, listener)
	a.copy = make([]byte, maxPacket)
}

// setAudience says who hears the port from its next packet on.
func (p *Port) setAudience(a *audience) {
	p.audience.Store(a)
	if a != nil && p.isClosed() { // closed meanwhile: Close may have looked too early
		p.audience.Store(nil)
	}
}

// shared says that others than the peer hear the port.
func (a *audience) shared() bool { return a.inlet != nil || len(a.more) > 0 }

// share gives a packet's sound to all but the peer. packet stays as it is.
func (a *audience) share(from *Port, h rtpHeader, codec Codec, packet []byte, now time.Duration) {
	if a.inlet != nil {
		a.inlet.put(h.ssrc, h.ts, codec, packet[h.start:h.end])
	}
	for _, listener := range a.more {
		listener.forward(from, h, codec, a.copy[:copy(a.copy, packet)], now)
	}
}

// forward sends another port's packet on to this one's far end, in its law. packet is overwritten.
func (p *Port) forward(from *Port, h rtpHeader, codec Codec, packet []byte, now time.Duration) {
	to := p.Format().Codec
	if to != codec {
		translate(codec, packet[h.start:h.end])
	}
	p.out.relay(from, h, uint8(to), packet, now)
}

// key passes a telephone-event's packet on under each listener's payload type. In a mix there is no place for it, so a fresh
// key is pressed anew there.
func (a *audience) key(from *Port, h rtpHeader, packet []byte, now time.Duration, fresh byte) {
	for _, listener := range a.more {
		listener.forwardKey(from, h, a.copy[:copy(a.copy, packet)], now)
	}
	if a.peer != nil {
		a.peer.forwardKey(from, h, packet, now)
	}
	if fresh == 0 {
		return
	}
	for _, listener := range a.mixed {
		if listener.Format().DTMF != 0 {
			_ = listener.SendDigits(string(fresh), nil) // who presses more than can wait is not served
		}
	}
}

func (p *Port) forwardKey(from *Port, h rtpHeader, packet []byte, now time.Duration) {
	if pt := p.Format().DTMF; pt != 0 {
		p.out.relay(from, h, pt, packet, now)
		return
	}
	p.out.skip(from, h)
}

// skip closes the gap that a packet which is not passed on would leave.
func (a *audience) skip(from *Port, h rtpHeader) {
	for _, listener := range a.more {
		listener.out.skip(from, h)
	}
	if a.peer != nil {
		a.peer.out.skip(from, h)
	}
}

// describe names those who hear a port.
func (a *audience) describe() string {
	if a == nil {
		return ""
	}
	var b strings.Builder
	for _, listener := range append([]*Port{a.peer}, a.more...) {
		if listener != nil {
			fmt.Fprintf(&b, " -> %s %s", listener.name(), listener.Format().Codec)
		}
	}
	for _, listener := range a.mixed {
		fmt.Fprintf(&b, " -> mix of %s", listener.name())
	}
	return b.String()
}

// describe tells whom a port hears.
func (e *egress) describe() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.speaker != nil:
		return " <- " + e.speaker.name()
	case e.mixing > 0:
		return fmt.Sprintf(" <- mix of %d", e.mixing)
	}
	return ""
}
