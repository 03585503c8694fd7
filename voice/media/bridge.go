package media

// Connect lets a and b hear each other, and nobody else. Packets are forwarded, not decoded; where the laws differ, each
// byte is looked up once. While something is played to a port, it does not hear its peer.
func Connect(a, b *Port) {
	if a == b {
		return
	}
	Disconnect(a)
	Disconnect(b)
	a.peer.Store(b)
	b.peer.Store(a)
	if a.isClosed() || b.isClosed() { // closed while being connected: Close may have looked too early
		Disconnect(a)
	}
}

// Disconnect ends a port's bridge: neither it nor its peer hears the other.
func Disconnect(p *Port) {
	if peer := p.peer.Swap(nil); peer != nil {
		peer.peer.CompareAndSwap(p, nil)
	}
}
