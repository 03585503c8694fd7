package sip

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat"
	"openseat/core/org"
)

// The bounds of registrations.
const (
	leastRegistration   = time.Minute
	usualRegistration   = 5 * time.Minute
	longestRegistration = 10 * time.Minute // a phone that was lost, whyever, is back soon
	maxContacts         = 5                // devices of one extension
	maxPhoneCalls       = 8                // at a time, of one extension
	maxContactLength    = 512
)

// registrar knows which SIP phones are where (RFC 3261 section 10). A device is reached by the way its registration came, over
// the same connection or from the same address, whatever its Contact says: most are behind NAT.
type registrar struct {
	srv    *Server
	prover *prover
	news   mailbox // tells PhoneState, in order

	mu      sync.Mutex
	phones  map[extensionKey]*phone
	flows   map[flow]int       // contacts that came by it
	sources map[netip.Addr]int // contacts and legs there
	changed bool               // since it was saved
}

// flow is a way to a device: an address we heard it from, or a connection it opened.
type flow struct {
	transport string // "UDP", "TCP", "TLS"
	addr      netip.AddrPort
}

// phone is an extension that is registered.
type phone struct {
	key      extensionKey
	line     *trunk // what its legs count as
	contacts []*contact
}

// contact is one device of an extension. What may change is guarded by the registrar's mu.
type contact struct {
	uri      wire.Uri // as the device wants to be called
	way      flow
	instance string // RFC 5626: which device, whatever its address
	callID   string
	seq      uint32
	agent    string
	since    time.Time // when way was last heard of
	until    time.Time

	pingAt time.Time
	missed int // pings in a row without an answer
}

// Registration is one device of an extension, as Registrations tells it.
type Registration struct {
	Extension string
	Contact   string
	Transport string
	Source    string
	UserAgent string
	Until     time.Time
}

func newRegistrar(s *Server) *registrar {
	r := &registrar{
		srv: s, prover: newProver(s.opts),
		phones: map[extensionKey]*phone{}, flows: map[flow]int{}, sources: map[netip.Addr]int{},
	}
	r.news.start = func(f func()) { go f() }
	return r
}

// knows says that a registered phone, or one in a call, is at an address.
func (r *registrar) knows(ip netip.Addr) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sources[ip] > 0
}

// has says that a registered phone is at the other end of a flow.
func (r *registrar) has(f flow) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.flows[f] > 0
}

// Registrations are the devices that are registered now with an instance.
func (s *Server) Registrations(app openseat.AppID) []Registration {
	if s.registrar == nil {
		return nil
	}
	return s.registrar.list(app)
}

func (r *registrar) list(app openseat.AppID) []Registration {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []Registration
	for key, p := range r.phones {
		for _, c := range p.contacts {
			if key.app == app {
				all = append(all, Registration{key.extension, c.uri.String(), c.way.transport, c.way.addr.String(), c.agent, c.until})
			}
		}
	}
	slices.SortFunc(all, func(a, b Registration) int {
		return strings.Compare(a.Extension+" "+a.Contact, b.Extension+" "+b.Contact)
	})
	return all
}

// answer answers a REGISTER. It does so without a transaction: one that comes again is answered again.
func (r *registrar) answer(req *wire.Request, way flow) *wire.Response {
	if unsupported := unsupportedIn(req); unsupported != "" {
		return answerTo(req, 420, wire.NewHeader("Unsupported", unsupported))
	}
	v := r.prover.check(req, &req.To().Address, way.addr.Addr())
	if v.status != 0 {
		if v.status == 403 {
			r.srv.log.Warn("sip: phone not let in", "from", way.addr)
		}
		return answerTo(req, v.status, v.headers...)
	}
	key := extensionKey{v.phone.App, v.phone.Extension}
	wish, refusal := readWish(req)
	if refusal != nil {
		return refusal
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !v.repeated {
		if status := r.change(key, wish, req, way); status != 0 {
			return answerTo(req, status)
		}
	}
	return answerTo(req, 200, r.bindings(key)...)
}

// bindings are the Contact headers of a 200.
func (r *registrar) bindings(key extensionKey) []wire.Header {
	p := r.phones[key]
	if p == nil {
		return nil
	}
	var headers []wire.Header
	for _, c := range p.contacts {
		left := max(time.Until(c.until).Round(time.Second), 0)
		headers = append(headers, wire.NewHeader("Contact", "<"+c.uri.String()+">;expires="+seconds(left)))
	}
	return headers
}

// wish is what a REGISTER wants.
type wish struct {
	all      bool // Contact: *
	contacts []wanted
}

type wanted struct {
	uri      wire.Uri
	instance string
	expires  time.Duration // 0 takes it back
}

// readWish reads a REGISTER (RFC 3261 section 10.3, steps 6 and 7), or says why not.
func readWish(req *wire.Request) (wish, *wire.Response) {
	var w wish
	headers := req.GetHeaders("Contact")
	if len(headers) > maxContacts {
		return w, answerTo(req, 403)
	}
	usual, said := readExpires(header(req, "Expires"))
	if !said {
		usual = usualRegistration
	}
	for _, h := range headers {
		c, ok := h.(*wire.ContactHeader)
		switch {
		case !ok || len(c.Value()) > maxContactLength:
			return w, answerTo(req, 400)
		case c.Address.Wildcard:
			if len(headers) != 1 || !said || usual != 0 {
				return w, answerTo(req, 400)
			}
			w.all = true
			return w, nil
		case !strings.EqualFold(c.Address.Scheme, "sip") && !strings.EqualFold(c.Address.Scheme, "sips") || c.Address.Host == "":
			return w, answerTo(req, 400)
		}
		expires, own := readExpires(c.Params.GetOr("expires", ""))
		if !own {
			expires = usual
		}
		if expires > 0 && expires < leastRegistration {
			return w, answerTo(req, 423, wire.NewHeader("Min-Expires", seconds(leastRegistration)))
		}
		w.contacts = append(w.contacts, wanted{
			*c.Address.Clone(), c.Params.GetOr("+sip.instance", "") + c.Params.GetOr("reg-id", ""), min(expires, longestRegistration),
		})
	}
	return w, nil
}

// readExpires reads a number of seconds; false says that there is none.
func readExpires(text string) (time.Duration, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
	if err != nil {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// change does what a REGISTER wants, or nothing of it: a status other than 0 says that one of its contacts has heard a later
// one of the same device already. r.mu is held.
func (r *registrar) change(key extensionKey, w wish, req *wire.Request, way flow) int {
	p := r.phone(key)
	callID, seq := string(*req.CallID()), req.CSeq().SeqNo
	for _, c := range p.contacts {
		if c.callID == callID && seq <= c.seq && (w.all || slices.ContainsFunc(w.contacts, c.isMeant)) {
			return 500
		}
	}
	was := len(p.contacts)
	if w.all {
		for len(p.contacts) > 0 {
			r.drop(p, p.contacts[0])
		}
	}
	for _, want := range w.contacts {
		r.bind(p, want, contact{callID: callID, seq: seq, way: way, agent: clean(header(req, "User-Agent"))})
	}
	r.settle(p, was)
	return 0
}

// phone is the one that is registered, or a new one.
func (r *registrar) phone(key extensionKey) *phone {
	if p := r.phones[key]; p != nil {
		return p
	}
	return &phone{key: key, line: phoneLine(key)}
}

// isMeant says that a contact is the device a REGISTER speaks of.
func (c *contact) isMeant(w wanted) bool {
	if w.instance != "" && c.instance != "" {
		return w.instance == c.instance
	}
	return sameAddress(&c.uri, &w.uri)
}

// sameAddress compares what tells devices apart (RFC 3261 section 19.1.4, as far as telephones use it).
func sameAddress(a, b *wire.Uri) bool {
	return a.User == b.User && strings.EqualFold(a.Host, b.Host) && a.Port == b.Port &&
		strings.EqualFold(a.UriParams.GetOr("transport", ""), b.UriParams.GetOr("transport", ""))
}

// bind adds a device, or changes or removes the one that is there.
func (r *registrar) bind(p *phone, want wanted, said contact) {
	c := &contact{}
	if i := slices.IndexFunc(p.contacts, func(c *contact) bool { return c.isMeant(want) }); i >= 0 {
		c = p.contacts[i] // its legs follow it
		r.drop(p, c)
	}
	if want.expires == 0 {
		return
	}
	if len(p.contacts) >= maxContacts { // a device that was forgotten about makes room
		r.drop(p, slices.MinFunc(p.contacts, func(a, b *contact) int { return a.until.Compare(b.until) }))
	}
	now := time.Now()
	*c = said
	c.uri, c.instance, c.since, c.until, c.pingAt = want.uri, want.instance, now, now.Add(want.expires), now.Add(r.pause())
	p.contacts = append(p.contacts, c)
	r.flows[c.way]++
	r.sources[c.way.addr.Addr()]++
}

// drop forgets a device.
func (r *registrar) drop(p *phone, gone *contact) {
	p.contacts = slices.DeleteFunc(p.contacts, func(c *contact) bool { return c == gone })
	count(r.flows, gone.way, -1)
	count(r.sources, gone.way.addr.Addr(), -1)
}

// where is the way to a device, and since when.
func (r *registrar) where(c *contact) (flow, time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return c.way, c.since
}

// count counts something that is kept only while there is any.
func count[K comparable](counts map[K]int, key K, n int) {
	if counts[key] += n; counts[key] <= 0 {
		delete(counts, key)
	}
}

// settle keeps a phone while it has devices, and tells who wants to know when the first came or the last went.
func (r *registrar) settle(p *phone, was int) {
	now := len(p.contacts)
	r.changed = true
	if now > 0 {
		r.phones[p.key] = p
	} else {
		delete(r.phones, p.key)
	}
	if (was > 0) == (now > 0) {
		return
	}
	r.srv.log.Info("sip: phone", "phone", p.key, "registered", now > 0)
	if tell := r.srv.opts.PhoneState; tell != nil {
		r.news.post(func() { tell(p.key.app, p.key.extension, now > 0) })
	}
}

// phoneLine is what the legs of a phone count as: a trunk that has no address of its own.
func phoneLine(key extensionKey) *trunk {
	t := &trunk{key: trunkKey{key.app, "phone " + key.extension}, extension: key.extension}
	t.cfg.Store(&org.Trunk{App: key.app, Name: t.key.name, MaxCalls: maxPhoneCalls})
	return t
}

// closed forgets the devices whose connection is gone: they come back by themselves.
func (r *registrar) closed(way flow) {
	r.forget(func(_ *phone, c *contact) bool { return c.way == way })
}

// forget drops devices.
func (r *registrar) forget(is func(*phone, *contact) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.phones {
		was := len(p.contacts)
		for _, c := range slices.Clone(p.contacts) {
			if is(p, c) {
				r.drop(p, c)
			}
		}
		if len(p.contacts) != was {
			r.settle(p, was)
		}
	}
}

// lookAfterPhones asks devices whether they are there, and forgets those that are not, until ctx ends.
func (s *Server) lookAfterPhones(ctx context.Context) {
	for n := 0; sleep(ctx, lookEvery); n++ {
		s.registrar.sweep(n)
		if n%saveEvery == 0 {
			s.registrar.save()
		}
	}
	s.registrar.save()
}
