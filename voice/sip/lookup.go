package sip

import (
	"context"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"openseat/core/org"
)

// lookAfter keeps the atlas fresh until ctx ends.
func (s *Server) lookAfter(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.Refresh()
		}
	}
}

// Refresh looks at the trunks now instead of within a second.
func (s *Server) Refresh() {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	cfgs := s.opts.Trunks()
	if old := s.atlas.Load(); !slices.EqualFunc(old.cfgs, cfgs, sameTrunk) {
		s.redraw(old, cfgs)
	}
}

// redraw makes the new atlas known and looks after new trunks, and no longer after those that are gone or changed.
func (s *Server) redraw(old *atlas, cfgs []*org.Trunk) {
	changed := map[trunkKey]bool{}
	for _, cfg := range cfgs {
		key := trunkKey{cfg.App, cfg.Name}
		if t := old.trunks[key]; t == nil || !sameTrunk(t.cfg.Load(), cfg) {
			changed[key] = true
		}
	}
	fresh := drawAtlas(cfgs, old)
	s.atlas.Store(fresh)
	for key, t := range old.trunks {
		if (fresh.trunks[key] == nil || changed[key]) && t.stop != nil {
			t.stop()
		}
	}
	for key := range changed {
		s.serve(fresh.trunks[key])
	}
}

func sameTrunk(a, b *org.Trunk) bool { return a == b || reflect.DeepEqual(a, b) }

// serve starts what a trunk needs done all the time.
func (s *Server) serve(t *trunk) {
	if s.ctx.Err() != nil {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	t.stop = stop
	cfg := t.cfg.Load()
	if t.peers.Load() == nil {
		s.keepers.Run(func() { s.lookUp(ctx, t, cfg) })
	}
	if cfg.Register {
		s.keepers.Run(func() { s.register(ctx, t, cfg) })
	}
	if s.opts.Health > 0 {
		s.keepers.Run(func() { s.watchHealth(ctx, t, cfg) })
	}
}

// lookUp resolves a peer's name again and again.
func (s *Server) lookUp(ctx context.Context, t *trunk, cfg *org.Trunk) {
	for {
		pause := lookupEvery
		if peers, err := s.resolve(ctx, cfg); err != nil {
			s.log.Warn("sip: peer's name cannot be resolved", "trunk", cfg.Name, "peer", cfg.Peer, "error", err)
			pause = lookupRetry
		} else if was := t.peers.Swap(&peers); was == nil || !slices.Equal(*was, peers) {
			s.recharge()
		}
		if !sleep(ctx, pause) {
			return
		}
	}
}

// recharge draws the atlas again because a trunk's addresses changed.
func (s *Server) recharge() {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	old := s.atlas.Load()
	s.atlas.Store(drawAtlas(old.cfgs, old))
}

// resolve finds a peer's addresses: SRV if no port is said, else A and AAAA (RFC 3263 section 4.2).
func (s *Server) resolve(ctx context.Context, cfg *org.Trunk) ([]netip.AddrPort, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupLimit)
	defer cancel()
	host, port := hostPort(cfg.Peer)
	if port == 0 {
		if peers := s.resolveSRV(ctx, host, cfg.Transport); len(peers) > 0 {
			return peers, nil
		}
	}
	return s.resolveIP(ctx, host, portOr(port, cfg.Transport))
}

func (s *Server) resolveSRV(ctx context.Context, host, transport string) []netip.AddrPort {
	service, proto := "sip", strings.ToLower(transport)
	switch proto {
	case "tls":
		service, proto = "sips", "tcp"
	case "":
		proto = "udp"
	}
	_, records, err := s.opts.Resolver.LookupSRV(ctx, service, proto, host)
	if err != nil {
		return nil // most carriers have none
	}
	var peers []netip.AddrPort
	for _, r := range records[:min(len(records), maxPeerAddrs)] {
		found, err := s.resolveIP(ctx, strings.TrimSuffix(r.Target, "."), r.Port)
		if err == nil {
			peers = append(peers, found...)
		}
	}
	return peers[:min(len(peers), maxPeerAddrs)]
}

func (s *Server) resolveIP(ctx context.Context, host string, port uint16) ([]netip.AddrPort, error) {
	ips, err := s.opts.Resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var peers []netip.AddrPort
	for _, ip := range ips[:min(len(ips), maxPeerAddrs)] {
		peers = append(peers, netip.AddrPortFrom(ip.Unmap(), port))
	}
	slices.SortStableFunc(peers, func(a, b netip.AddrPort) int { return a.Addr().BitLen() - b.Addr().BitLen() }) // IPv4 first
	return peers, nil
}

// sleep waits; false says that ctx ended meanwhile.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
