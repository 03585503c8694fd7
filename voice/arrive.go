package voice

import (
	"context"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// Starter starts calls.
type Starter interface {
	Start(ctx context.Context, ref openseat.Ref, first openseat.Event) error
}

// Views gives the present picture of an instance; nil when there is none.
type Views interface {
	View(app openseat.AppID) *org.View
}

// Rules says whether an agent may call a number now.
type Rules interface {
	MayDial(ctx context.Context, v *org.View, user, callee string) error
}

// Reception takes inbound calls in: it is the Door of the lines.
type Reception struct {
	Exchange *Exchange
	Starter  Starter
	Views    Views
	NewID    func() string
	Guests   *Guests      // what is noted of a number; nil means nothing
	Rules    Rules        // nil allows everything
	Helpers  call.Helpers // who does what flows want besides
}

// Arrive implements Door.
func (d *Reception) Arrive(ctx context.Context, c Call) error {
	v := d.Views.View(c.App)
	if v == nil {
		return openseat.Errorf(openseat.CodeNotFound, "instance %s is gone", c.App)
	}
	if c.Extension != "" {
		return d.fromPhone(ctx, v, c)
	}
	return d.fromTrunk(ctx, v, c)
}

// fromTrunk lets a customer in, whose call the flow of the called number takes.
func (d *Reception) fromTrunk(ctx context.Context, v *org.View, c Call) error {
	callee, n := number(v, c.Callee)
	if n == nil || n.State != org.NumberNormal || n.Flow == "" {
		return openseat.Errorf(openseat.CodeNotFound, "number %s does not take calls", c.Callee)
	}
	f := v.Flows[n.Flow]
	if f == nil {
		return openseat.Errorf(openseat.CodeNotFound, "number %s has no flow %q", callee, n.Flow)
	}
	plan := NewPlan(v).WithFlow(f.Definition, v.Flows)
	plan.Schedules, plan.Helpers = call.Schedules(v.Schedules), d.Helpers
	from := caller(v, c.Caller)
	guest := d.Guests.about(ctx, v, from)
	return d.start(ctx, c, call.CustomerLeg, "", call.Arrived{
		Plan: plan, Trunk: c.Trunk, Caller: from, Callee: callee, Location: guest.location, Remark: guest.remark,
		LastAgent: guest.lastAgent,
	})
}

// atDoorLeg is the leg of an agent who stands at the door: the first that a call gives an agent.
const atDoorLeg = "a1"

// fromPhone lets an agent call from his SIP phone: a colleague by extension or staff number, else the world outside.
func (d *Reception) fromPhone(ctx context.Context, v *org.View, c Call) error {
	agent := v.ByExtension(c.Extension)
	if agent == nil {
		return openseat.Errorf(openseat.CodeUnauthorized, "extension %s is nobody's", c.Extension)
	}
	if to := colleague(v, c.Callee); to != nil {
		if to == agent {
			return openseat.Errorf(openseat.CodeNotFound, "extension %s calls itself", c.Extension)
		}
		return d.start(ctx, c, atDoorLeg, agent.UserID, call.CallIn{
			Plan: NewPlan(v), User: agent.UserID, Seat: acd.SeatExtension, AtDoor: true, ToUser: to.UserID,
		})
	}
	out, err := d.callOut(ctx, v, agent, c.Callee)
	if err != nil {
		return err
	}
	return d.start(ctx, c, atDoorLeg, agent.UserID, out)
}

// colleague finds the member of staff whose extension or staff number was dialed; nil when it is nobody's.
func colleague(v *org.View, dialed string) *org.Staff {
	if s := v.ByExtension(dialed); s != nil {
		return s
	}
	for _, s := range v.Staff {
		if dialed != "" && s.StaffNumber == dialed {
			return s
		}
	}
	return nil
}

// callOut is what an agent dialed on his SIP phone. He has to have a number that he may show.
func (d *Reception) callOut(ctx context.Context, v *org.View, agent *org.Staff, dialed string) (call.CallOut, error) {
	callee, err := org.Normalize(dialed, v.Instance.Settings.Region)
	if err != nil {
		return call.CallOut{}, openseat.Errorf(openseat.CodeNotFound, "%s is no number", dialed)
	}
	shown, err := v.CallerNumber(agent.UserID, "", 0, nil)
	if err != nil {
		return call.CallOut{}, err
	}
	if d.Rules != nil {
		if err := d.Rules.MayDial(ctx, v, agent.UserID, callee); err != nil {
			return call.CallOut{}, err
		}
	}
	guest := d.Guests.about(ctx, v, callee)
	return call.CallOut{
		Plan: NewPlan(v), User: agent.UserID, Trunk: shown.Trunk, Caller: shown.Number, Callee: callee,
		Group: v.CallOutGroup(agent.UserID, shown.Number), Remark: guest.remark, Location: guest.location,
		Seat: acd.SeatExtension, AtDoor: true,
	}, nil
}

func (d *Reception) start(ctx context.Context, c Call, leg, user string, first openseat.Event) error {
	ref := openseat.CallRef(c.App, d.NewID())
	d.Exchange.Seat(ref, leg, c.Leg)
	if err := d.Starter.Start(ctx, ref, first); err != nil {
		d.Exchange.Unseat(ref)
		return err
	}
	c.Attach(d.Exchange.Ear(ref, leg, user))
	return nil
}

// number finds the called number, in whichever form the carrier sent it.
func number(v *org.View, callee string) (string, *org.Number) {
	if n := v.Numbers[callee]; n != nil {
		return callee, n
	}
	norm, err := org.Normalize(callee, v.Instance.Settings.Region)
	if err != nil {
		return callee, nil
	}
	return norm, v.Numbers[norm]
}

// caller brings the caller's number into the 0086… form; what is no number (anonymous, a name) stays as it is.
func caller(v *org.View, number string) string {
	if norm, err := org.Normalize(number, v.Instance.Settings.Region); err == nil {
		return norm
	}
	return number
}

// NewPlan is what a call needs to know of its instance, but for the flow.
func NewPlan(v *org.View) call.Plan {
	return call.Plan{App: v.Instance.App, Groups: v.Groups, MediaLossGrace: v.Instance.Settings.MediaLossGrace}
}
