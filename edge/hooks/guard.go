package hooks

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// Guard says which addresses may be asked: those of the public Internet, and the operator's own networks.
type Guard struct {
	Allowed []netip.Prefix // beside the public ones
}

// reserved lists what is global unicast by its form, and yet nobody's on the Internet, or leads into a private network
// (IANA's special-purpose registries, RFC 6890).
func reserved() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),       // this network
		netip.MustParsePrefix("100.64.0.0/10"),   // carriers' NAT, RFC 6598
		netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
		netip.MustParsePrefix("192.0.2.0/24"),    // documentation
		netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
		netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks, RFC 2544
		netip.MustParsePrefix("198.51.100.0/24"), // documentation
		netip.MustParsePrefix("203.0.113.0/24"),  // documentation
		netip.MustParsePrefix("240.0.0.0/4"),     // future use, broadcast
		netip.MustParsePrefix("64:ff9b::/96"),    // NAT64: an IPv4 address within, RFC 6052
		netip.MustParsePrefix("64:ff9b:1::/48"),  // local NAT64, RFC 8215
		netip.MustParsePrefix("100::/64"),        // discard
		netip.MustParsePrefix("2001::/23"),       // Teredo and other assignments
		netip.MustParsePrefix("2001:db8::/32"),   // documentation
		netip.MustParsePrefix("2002::/16"),       // 6to4: an IPv4 address within
		netip.MustParsePrefix("3fff::/20"),       // documentation
	}
}

// Permits tells whether an address may be asked.
func (g Guard) Permits(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	within := func(p netip.Prefix) bool { return p.Contains(a) }
	if slices.ContainsFunc(g.Allowed, within) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(reserved(), within)
}

// PermitsHost tells whether every address of a host may be asked. A host that is not found is not permitted.
func (g Guard) PermitsHost(ctx context.Context, host string) bool {
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	return err == nil && !slices.ContainsFunc(found, func(a netip.Addr) bool { return !g.Permits(a) })
}

// control is a net.Dialer's: it sees the very address that is about to be connected to.
func (g Guard) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	if !g.Permits(at.Addr()) {
		return fmt.Errorf("address %s is not public", at.Addr())
	}
	return nil
}
