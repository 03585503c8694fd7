package voice

import (
	"context"

	"openseat"
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

// Reception takes inbound calls in: it is the Door of the lines.
type Reception struct {
	Exchange *Exchange
	Starter  Starter
	Views    Views
	NewID    func() string
}

// Arrive implements Door.
func (d *Reception) Arrive(ctx context.Context, c Call) error {
	v := d.Views.View(c.App)
	if v == nil {
		return openseat.Errorf(openseat.CodeNotFound, "instance %s is gone", c.App)
	}
	callee, n := number(v, c.Callee)
	if n == nil || n.State != org.NumberNormal || n.Flow == "" {
		return openseat.Errorf(openseat.CodeNotFound, "number %s does not take calls", c.Callee)
	}
	f := v.Flows[n.Flow]
	if f == nil {
		return openseat.Errorf(openseat.CodeNotFound, "number %s has no flow %q", callee, n.Flow)
	}
	plan := NewPlan(v)
	plan.Flow = f.Definition
	return d.start(ctx, c, call.Arrived{Plan: plan, Trunk: c.Trunk, Caller: caller(v, c.Caller), Callee: callee})
}

func (d *Reception) start(ctx context.Context, c Call, e call.Arrived) error {
	ref := openseat.CallRef(c.App, d.NewID())
	d.Exchange.Seat(ref, c.Leg)
	if err := d.Starter.Start(ctx, ref, e); err != nil {
		d.Exchange.Unseat(ref)
		return err
	}
	c.Attach(d.Exchange.Ear(ref))
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
