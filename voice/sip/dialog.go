package sip

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	wire "github.com/emiago/sipgo/sip"
)

// dialog is what both ends know of each other (RFC 3261 section 12). Our tag is random and long enough to find the leg by.
type dialog struct {
	callID    string
	ourTag    string
	theirTag  string
	us        wire.FromHeader // as we write it in requests
	them      wire.ToHeader
	target    wire.Uri   // their Contact
	routes    []wire.Uri // first one first
	ourSeq    uint32
	theirSeq  uint32
	heardSeq  bool
	transport string         // "UDP", "TCP", "TLS"
	source    netip.AddrPort // where their first message came from
}

// dialogOfInvite is the dialog that answering an INVITE makes.
func dialogOfInvite(req *wire.Request, tag string, source netip.AddrPort) dialog {
	from, to := req.From(), req.To()
	d := dialog{
		callID:    string(*req.CallID()),
		ourTag:    tag,
		theirTag:  from.Params.GetOr("tag", ""),
		us:        wire.FromHeader{DisplayName: to.DisplayName, Address: *to.Address.Clone()},
		them:      from.AsTo(),
		routes:    routesOf(req, false),
		theirSeq:  req.CSeq().SeqNo,
		heardSeq:  true,
		transport: wire.NetworkToUpper(req.Transport()),
		source:    source,
	}
	d.us.Params = wire.HeaderParams{{K: "tag", V: tag}}
	d.target = *from.Address.Clone()
	if c := req.Contact(); c != nil {
		d.target = *c.Address.Clone()
	}
	return d
}

// learn takes the far end's tag, target and routes from an answer to our INVITE (RFC 3261 section 12.1.2).
func (d *dialog) learn(res *wire.Response) {
	d.theirTag = tagOf(res)
	if to := res.To(); to != nil {
		d.them = wire.ToHeader{DisplayName: to.DisplayName, Address: *to.Address.Clone(), Params: to.Params.Clone()}
	}
	if c := res.Contact(); c != nil {
		d.target = *c.Address.Clone()
	}
	d.routes = routesOf(res, true)
}

// retarget follows a changed Contact (RFC 3261 section 12.2.2).
func (d *dialog) retarget(m wire.Message) {
	if h, ok := m.(interface{ Contact() *wire.ContactHeader }); ok && h.Contact() != nil {
		d.target = *h.Contact().Address.Clone()
	}
}

// isNext says whether a request's sequence number may follow what was heard (RFC 3261 section 12.2.2).
func (d *dialog) isNext(seq uint32) bool {
	if d.heardSeq && seq <= d.theirSeq {
		return false
	}
	d.theirSeq, d.heardSeq = seq, true
	return true
}

// routesOf reads a message's Record-Route, in the order a request of ours has to follow it.
func routesOf(m wire.Message, backwards bool) []wire.Uri {
	var routes []wire.Uri
	for _, h := range m.GetHeaders("Record-Route") {
		if r, ok := h.(*wire.RecordRouteHeader); ok {
			routes = append(routes, *r.Address.Clone())
		}
	}
	if backwards {
		for i, j := 0, len(routes)-1; i < j; i, j = i+1, j-1 {
			routes[i], routes[j] = routes[j], routes[i]
		}
	}
	return routes
}

// nextHop is where the next request goes: the first route or the target, if that is an address the trunk may have; else back
// where the far end's messages come from. Names in a Contact are never looked up: a stranger could choose them. A connection
// that is still open is always the right way.
func (d *dialog) nextHop(allowed func(netip.Addr) bool, open func(netip.AddrPort) bool) netip.AddrPort {
	if wire.IsReliable(d.transport) && open(d.source) {
		return d.source
	}
	uri := &d.target
	if len(d.routes) > 0 {
		uri = &d.routes[0]
	}
	ip, err := netip.ParseAddr(strings.Trim(uri.Host, "[]"))
	if err != nil || !allowed(ip.Unmap()) {
		return d.source
	}
	port := uri.Port
	if port <= 0 || port > 65535 {
		port = wire.DefaultPort(d.transport)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(port))
}

func tagOf(res *wire.Response) string {
	if to := res.To(); to != nil {
		return to.Params.GetOr("tag", "")
	}
	return ""
}

// addrPort reads an address as sipgo writes it.
func addrPort(s string) netip.AddrPort {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return netip.AddrPort{}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(n))
}
