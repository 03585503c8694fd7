package sip

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/voice/media"
)

// The rhythm of looking after trunks.
const (
	lookEvery    = time.Second     // how soon a changed set-up is seen
	lookupEvery  = 5 * time.Minute // how long a peer's resolved name is believed
	lookupRetry  = 10 * time.Second
	lookupLimit  = 5 * time.Second
	maxPeerAddrs = 8
	trunkCalls   = 1000 // org.Trunk.MaxCalls, when it is zero
)

// trunkKey names a trunk.
type trunkKey struct {
	app  openseat.AppID
	name string
}

// trunk is a line to a carrier as this server sees it. Running calls keep it when the set-up changes or forgets it. A SIP phone
// that is registered is one, too: its extension is set, and it has no peers.
type trunk struct {
	key       trunkKey
	extension string

	cfg   atomic.Pointer[org.Trunk]
	peers atomic.Pointer[[]netip.AddrPort] // where Peer is
	calls atomic.Int64

	mu      sync.Mutex // guards status, shuns and binding
	status  TrunkStatus
	shuns   map[netip.AddrPort]time.Time
	binding *binding           // the newest registration
	stop    context.CancelFunc // ends its lookups, registration and health checks
}

func (t *trunk) prefer() []media.Codec {
	var codecs []media.Codec
	for _, name := range t.cfg.Load().Codecs {
		switch c := codecOf(name); {
		case c == nil:
		case !slices.Contains(codecs, *c):
			codecs = append(codecs, *c)
		}
	}
	if codecs == nil {
		return []media.Codec{media.PCMA, media.PCMU}
	}
	return codecs
}

func codecOf(name string) *media.Codec {
	for _, c := range []media.Codec{media.PCMA, media.PCMU} {
		if strings.EqualFold(name, c.String()) {
			return &c
		}
	}
	return nil
}

func (t *trunk) transport() string {
	switch strings.ToLower(t.cfg.Load().Transport) {
	case "tcp":
		return "TCP"
	case "tls":
		return "TLS"
	}
	return "UDP"
}

// peer is where calls over the trunk go now.
func (t *trunk) peer() (netip.AddrPort, bool) {
	peers := t.inOrder()
	if len(peers) == 0 {
		return netip.AddrPort{}, false
	}
	return peers[0], true
}

// shunned is how long an address of a peer that does not respond is tried last.
const shunned = time.Minute

// shun notes that an address of the peer did not respond.
func (t *trunk) shun(addr netip.AddrPort) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.shuns == nil || len(t.shuns) > maxPeerAddrs {
		t.shuns = map[netip.AddrPort]time.Time{}
	}
	t.shuns[addr] = time.Now().Add(shunned)
}

// inOrder is where calls over the trunk may go, in the order to be tried: those that respond, as far as we know, first.
func (t *trunk) inOrder() []netip.AddrPort {
	peers := t.peers.Load()
	if peers == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	ordered := slices.Clone(*peers)
	slices.SortStableFunc(ordered, func(a, b netip.AddrPort) int {
		return rankOf(now.Before(t.shuns[a])) - rankOf(now.Before(t.shuns[b]))
	})
	return ordered
}

// owns says that an address is one of the trunk's.
func (t *trunk) owns(ip netip.Addr) bool {
	if peers := t.peers.Load(); peers != nil {
		if slices.ContainsFunc(*peers, func(p netip.AddrPort) bool { return p.Addr() == ip }) {
			return true
		}
	}
	return slices.ContainsFunc(sourcesOf(t.cfg.Load()), func(p netip.Prefix) bool { return p.Contains(ip) })
}

// take counts a call in, unless the trunk is full.
func (t *trunk) take() bool {
	if t.calls.Add(1) > int64(t.limit()) {
		t.calls.Add(-1)
		return false
	}
	return true
}

func (t *trunk) limit() int {
	if n := t.cfg.Load().MaxCalls; n != 0 {
		return n
	}
	return trunkCalls
}

func (t *trunk) give() { t.calls.Add(-1) }

// sourcesOf reads where a trunk's calls may come from. What is neither an address nor a network is passed over.
func sourcesOf(cfg *org.Trunk) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, s := range cfg.Sources {
		if p, err := netip.ParsePrefix(s); err == nil {
			prefixes = append(prefixes, p.Masked())
		} else if ip, err := netip.ParseAddr(s); err == nil {
			prefixes = append(prefixes, netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()))
		}
	}
	return prefixes
}

// atlas says which trunks an address belongs to. It is made anew when trunks change and never changed in place.
type atlas struct {
	cfgs     []*org.Trunk
	trunks   map[trunkKey]*trunk
	sources  map[trunkKey][]netip.Prefix
	exact    map[netip.Addr][]*trunk // whose calls come from there
	networks []network
	peers    map[netip.Addr]bool // who answers us, even if its calls come from elsewhere
	former   []former
}

type network struct {
	prefix netip.Prefix
	trunk  *trunk
}

// former is where a trunk was, or calls came from, until its set-up changed. Its running calls go on.
type former struct {
	sources []netip.Prefix
	trunk   *trunk
	since   time.Time
}

// farewell is how long a trunk that is gone may still answer.
const farewell = time.Minute

func (f former) matters() bool { return f.trunk.calls.Load() > 0 || time.Since(f.since) < farewell }

func (f former) has(ip netip.Addr) bool {
	return slices.ContainsFunc(f.sources, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// drawAtlas takes trunks over from the old atlas where they are the same.
func drawAtlas(cfgs []*org.Trunk, old *atlas) *atlas {
	a := &atlas{
		cfgs: slices.Clone(cfgs), trunks: map[trunkKey]*trunk{}, exact: map[netip.Addr][]*trunk{}, sources: map[trunkKey][]netip.Prefix{},
		peers: map[netip.Addr]bool{},
	}
	for _, cfg := range cfgs {
		key := trunkKey{cfg.App, cfg.Name}
		t := old.trunks[key]
		if t == nil {
			t = &trunk{key: key, status: TrunkStatus{App: cfg.App, Name: cfg.Name}}
		}
		a.trunks[key] = t
		if was := t.cfg.Swap(cfg); was == nil || was.Peer != cfg.Peer || was.Transport != cfg.Transport {
			t.peers.Store(peersAt(cfg))
		}
		a.enter(t, cfg)
	}
	a.remember(old)
	return a
}

// remember keeps what the old atlas knew, as long as it matters.
func (a *atlas) remember(old *atlas) {
	for key, sources := range old.sources {
		if !slices.Equal(sources, a.sources[key]) {
			a.former = append(a.former, former{sources, old.trunks[key], time.Now()})
		}
	}
	for _, f := range old.former {
		if f.matters() {
			a.former = append(a.former, f)
		}
	}
}

// enter notes a trunk's addresses.
func (a *atlas) enter(t *trunk, cfg *org.Trunk) {
	sources := sourcesOf(cfg)
	peers := peerPrefixes(t)
	if len(sources) == 0 {
		sources = peers
	}
	for _, p := range peers {
		a.peers[p.Addr()] = true
	}
	a.sources[t.key] = append(slices.Clone(peers), sources...)
	for _, p := range sources {
		if p.IsSingleIP() {
			if !slices.Contains(a.exact[p.Addr()], t) {
				a.exact[p.Addr()] = append(a.exact[p.Addr()], t)
			}
			continue
		}
		a.networks = append(a.networks, network{p, t})
	}
}

func peerPrefixes(t *trunk) []netip.Prefix {
	peers := t.peers.Load()
	if peers == nil {
		return nil
	}
	var prefixes []netip.Prefix
	for _, p := range *peers {
		prefixes = append(prefixes, netip.PrefixFrom(p.Addr(), p.Addr().BitLen()))
	}
	return prefixes
}

// knows says whether an address belongs to any trunk, or did while calls still run.
func (a *atlas) knows(ip netip.Addr) bool {
	if _, ok := a.exact[ip]; ok || a.peers[ip] {
		return true
	}
	return slices.ContainsFunc(a.networks, func(n network) bool { return n.prefix.Contains(ip) }) ||
		slices.ContainsFunc(a.former, func(f former) bool { return f.has(ip) && f.matters() })
}

// at is the trunks an address belongs to, the most particular ones first: those with this very peer, this address, a network.
func (a *atlas) at(from netip.AddrPort) []*trunk {
	found := slices.Clone(a.exact[from.Addr()])
	slices.SortStableFunc(found, func(x, y *trunk) int { return rank(x, from) - rank(y, from) })
	for _, n := range a.networks {
		if n.prefix.Contains(from.Addr()) && !slices.Contains(found, n.trunk) {
			found = append(found, n.trunk)
		}
	}
	return found
}

func rank(t *trunk, from netip.AddrPort) int {
	peers := t.peers.Load()
	return rankOf(peers == nil || !slices.Contains(*peers, from))
}

// rankOf puts what is true behind what is not.
func rankOf(last bool) int {
	if last {
		return 1
	}
	return 0
}

// hostPort splits a Peer; port 0 means that none was said.
func hostPort(peer string) (host string, port uint16) {
	host, text, err := net.SplitHostPort(peer)
	if err != nil {
		return strings.Trim(peer, "[]"), 0
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return host, 0
	}
	return host, uint16(n)
}

// peersAt is where a Peer that is an address is; nil if it is a name.
func peersAt(cfg *org.Trunk) *[]netip.AddrPort {
	host, port := hostPort(cfg.Peer)
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return nil
	}
	return &[]netip.AddrPort{netip.AddrPortFrom(ip.Unmap(), portOr(port, cfg.Transport))}
}

func portOr(port uint16, transport string) uint16 {
	if port != 0 {
		return port
	}
	if strings.EqualFold(transport, "tls") {
		return 5061
	}
	return 5060
}
