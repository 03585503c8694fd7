package media

// Connect lets two ports hear each other, and nobody else. It is for ports that no Talk arranges.
func Connect(a, b *Port) {
	if a == b {
		return
	}
	Disconnect(a)
	Disconnect(b)
	a.join(b)
	b.join(a)
}

// join lets the port hear another one alone.
func (p *Port) join(speaker *Port) {
	p.out.setSpeaker(speaker, 0)
	speaker.setAudience(&audience{peer: p})
}

// Disconnect ends what Connect began: neither the port nor its peer hears the other.
func Disconnect(p *Port) {
	a := p.audience.Swap(nil)
	p.out.setSpeaker(nil, 0)
	if a == nil || a.peer == nil {
		return
	}
	if back := a.peer.audience.Load(); back != nil && back.peer == p {
		a.peer.setAudience(nil)
		a.peer.out.setSpeaker(nil, 0)
	}
}
