package sip

import (
	"slices"
	"strings"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat"
	"openseat/core/call"
	"openseat/voice"
)

// Ring implements voice.Phones: all devices of the extension ring at the same time, the first that answers has the call.
func (s *Server) Ring(app openseat.AppID, extension, caller, name string, timeout time.Duration, l voice.Listener) voice.Leg {
	line, devices := s.devicesOf(extensionKey{app, extension})
	switch {
	case len(devices) == 0:
		return s.stillborn(line, l, call.Cause{SIP: 480, Text: "phone is not registered"})
	case !line.take():
		return s.stillborn(line, l, call.Cause{SIP: 486, Text: "phone has too many calls"})
	}
	return s.goOut(line, devices[0].way, timeout, l, func(o *outbound) {
		o.invite = func(t *try) *wire.Request { return o.phoneInvite(t, caller, name) }
		for _, t := range devices {
			o.begin(t)
		}
	})
}

// devicesOf are the tries to be made to ring an extension. Only those of one IP family: they share a socket.
func (s *Server) devicesOf(key extensionKey) (*trunk, []*try) {
	if s.registrar == nil {
		return phoneLine(key), nil
	}
	r := s.registrar
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.phones[key]
	if p == nil {
		return phoneLine(key), nil
	}
	var tries []*try
	for _, c := range p.contacts {
		tries = append(tries, &try{way: c.way, device: c})
	}
	is4 := tries[0].way.addr.Addr().Is4()
	return p.line, slices.DeleteFunc(tries, func(t *try) bool { return t.way.addr.Addr().Is4() != is4 })
}

// phoneInvite makes the INVITE for one device. Its Request-URI is what the device registered, whatever way leads there.
func (o *outbound) phoneInvite(t *try, caller, name string) *wire.Request {
	domain := o.srv.shownIP(t.way.addr.Addr()).String()
	if caller == "" {
		caller = "anonymous"
	}
	o.aim(t.way, *t.device.uri.Clone())
	us := wire.FromHeader{DisplayName: quotable(name), Address: wire.Uri{Scheme: "sip", User: escape(caller), Host: domain}}
	them := wire.ToHeader{Address: wire.Uri{Scheme: "sip", User: o.trunk.extension, Host: domain}}
	return o.inviteFrom(us, them)
}

// maxDisplayName is how much of a name a telephone is shown.
const maxDisplayName = 80

// quotable makes a name fit for a quoted string (RFC 3261 section 25.1).
func quotable(name string) string {
	name = clean(name)
	if len(name) > maxDisplayName {
		name = strings.ToValidUTF8(name[:maxDisplayName], "")
	}
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)
}

// isPhone says that an INVITE is a phone's: by the way it came, or because its address is one of phones and no trunk's.
func (s *Server) isPhone(way flow, trunks []*trunk) bool {
	return s.registrar.has(way) || len(trunks) == 0 && s.registrar.knows(way.addr.Addr())
}

// caller is the phone that an INVITE is from, or the answer that refuses it. Nobody calls as an extension that is not his.
func (r *registrar) caller(req *wire.Request, way flow) (*trunk, *contact, *wire.Response) {
	v := r.prover.check(req, &req.From().Address, way.addr.Addr())
	if v.status != 0 {
		return nil, nil, answerTo(req, v.status, v.headers...)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.phones[extensionKey{v.phone.App, v.phone.Extension}]
	if p == nil || v.repeated {
		return nil, nil, answerTo(req, 403)
	}
	i := max(slices.IndexFunc(p.contacts, func(c *contact) bool { return c.way == way }), 0)
	return p.line, p.contacts[i], nil
}
