package media

import "time"

// run reads whatever transport the port has, until Close.
func (p *Port) run() {
	buf := make([]byte, maxPacket)
	for line := p.nextLine(nil); line != nil; line = p.nextLine(line) {
		for {
			n, err := line.ReadRTP(buf)
			if err != nil {
				break
			}
			p.hear(buf[:n])
		}
	}
}

// nextLine waits for a transport other than the one that is used up; nil means the port is closed.
func (p *Port) nextLine(usedUp Transport) Transport {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && (p.line == nil || p.line == usedUp) {
		p.changed.Wait()
	}
	return p.line
}

// hear handles one packet from beginning to end. packet is overwritten.
func (p *Port) hear(packet []byte) {
	h, ok := parseRTP(packet)
	f := p.Format()
	if !ok || !f.carries(h.pt) {
		p.refuse(h, ok)
		return
	}
	now := p.now()
	p.in.count(&h, now)
	p.watch.heard()
	if f.isKey(h.pt) {
		p.hearKey(h, packet, now)
		return
	}
	p.hearSound(h, packet, f, now)
}

// refuse passes over a packet that is no sound. Comfort noise says that there is none (RFC 3389): some gateways send it, though
// nobody agreed to, and then nothing.
func (p *Port) refuse(h rtpHeader, rtp bool) {
	if !rtp {
		p.in.refuse()
		return
	}
	p.leaveOut(h)
	if h.pt == comfortNoise {
		p.in.count(&h, p.now())
		p.watch.silent()
		return
	}
	p.in.refuse()
}

// carries says whether a payload type is understood. Both laws always are: their numbers are static (RFC 3551).
func (f Format) carries(pt uint8) bool {
	return pt == uint8(PCMU) || pt == uint8(PCMA) || f.isKey(pt)
}

func (f Format) isKey(pt uint8) bool { return f.DTMF != 0 && pt == f.DTMF }

func (p *Port) hearSound(h rtpHeader, packet []byte, f Format, now time.Duration) {
	codec, sound := Codec(h.pt), packet[h.start:h.end]
	if p.opts.Inband && f.DTMF == 0 {
		p.keys.listen(codec, sound, p.digit)
	}
	if p.muted.Load() {
		hush(codec, sound)
	}
	if p.opts.Hear != nil {
		p.opts.Hear(h.ts, codec, sound)
	}
	if t := p.tap.Load(); t != nil {
		t.recording.hear(now+t.shift, h.ssrc, h.ts, codec, sound)
	}
	a := p.audience.Load()
	if a == nil {
		return
	}
	if a.shared() {
		a.share(p, h, codec, packet, now)
	}
	if a.peer != nil {
		a.peer.forward(p, h, codec, packet, now)
	}
}

// hearKey tells a key once and passes its packets on, unless they are for us alone.
func (p *Port) hearKey(h rtpHeader, packet []byte, now time.Duration) {
	key, fresh := p.keys.event(h, packet[h.start:h.end])
	if fresh {
		p.digit(key)
	} else {
		key = 0
	}
	a := p.audience.Load()
	switch {
	case a == nil:
	case p.secret.Load():
		a.skip(p, h)
	default:
		a.key(p, h, packet, now, key)
	}
}

// leaveOut closes the gap that a packet nobody understands would leave at those who hear the port.
func (p *Port) leaveOut(h rtpHeader) {
	if a := p.audience.Load(); a != nil {
		a.skip(p, h)
	}
}

func (p *Port) digit(d byte) {
	if p.opts.Events.Digit != nil {
		p.opts.Events.Digit(d)
	}
}

func hush(c Codec, sound []byte) {
	quiet := c.Silence()
	for i := range sound {
		sound[i] = quiet
	}
}
