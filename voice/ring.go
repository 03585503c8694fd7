package voice

import (
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// cannot tells the call that a leg cannot be made.
func (r *room) cannot(leg string, sip int, why string) {
	r.x.Teller.Tell(r.ref, call.LegEnded{Leg: leg, Cause: call.Cause{SIP: sip, Text: why}})
}

func (r *room) dial(c call.DialTrunk) {
	v := r.x.Views.View(r.ref.App)
	if v == nil || v.Trunks[c.Trunk] == nil {
		r.cannot(c.Leg, 503, "trunk "+c.Trunk+" is gone")
		return
	}
	r.outsider(c.Leg, r.x.lines.Dialer.Dial(v.Trunks[c.Trunk], c.Caller, c.Callee, c.Timeout, r.x.listener(r.ref, c.Leg, "")))
}

// ringSeat rings an agent's telephone. When there is none, its leg ends as that of a telephone that does not answer.
func (r *room) ringSeat(c call.RingSeat) {
	v := r.x.Views.View(r.ref.App)
	if v == nil || v.Staff[c.User] == nil {
		r.cannot(c.Leg, 480, c.User+" is gone")
		return
	}
	switch agent := v.Staff[c.User]; {
	case c.Seat == acd.SeatMobile && agent.Phone == "":
		r.cannot(c.Leg, 480, c.User+" has no mobile phone")
	case c.Seat == acd.SeatMobile:
		r.ringMobile(v, agent, c)
	case agent.Extension == "" || r.x.lines.Phones == nil:
		r.cannot(c.Leg, 480, c.User+" has no SIP phone")
	default:
		l := r.x.listener(r.ref, c.Leg, c.User)
		r.enter(c.Leg, r.x.lines.Phones.Ring(r.ref.App, agent.Extension, c.Caller, c.Name, c.Timeout, l))
	}
}

// ringMobile dials an agent's mobile phone over the trunk of the number that is shown: a carrier takes only ours.
func (r *room) ringMobile(v *org.View, agent *org.Staff, c call.RingSeat) {
	shown := v.Numbers[c.Caller]
	if shown == nil || shown.State != org.NumberNormal || v.Trunks[shown.Trunk] == nil {
		chosen, err := v.CallerNumber(c.User, "", 0, nil)
		if err != nil {
			r.cannot(c.Leg, 480, err.Error())
			return
		}
		shown = &chosen
	}
	l := r.x.listener(r.ref, c.Leg, c.User)
	r.enter(c.Leg, r.x.lines.Dialer.Dial(v.Trunks[shown.Trunk], shown.Number, agent.Phone, c.Timeout, l))
}
