package voice

import (
	"context"
	"time"

	"openseat"
	"openseat/core/org"
)

// Contacts knows what a company's people noted of a number.
type Contacts interface {
	Remark(ctx context.Context, app openseat.AppID, number string) (string, error)
}

// Guests finds out who is behind a number, in a moment or not at all: a call never waits for it.
type Guests struct {
	contacts Contacts
	asking   chan struct{}
}

const (
	guestWait = 100 * time.Millisecond // for a remark
	guestAsks = 64                     // at a time
)

// NewGuests makes a Guests; without contacts it knows only where a number belongs.
func NewGuests(contacts Contacts) *Guests {
	return &Guests{contacts: contacts, asking: make(chan struct{}, guestAsks)}
}

// guest is what is known of a number.
type guest struct {
	location org.Location
	remark   string
}

func (g *Guests) about(ctx context.Context, v *org.View, number string) (known guest) {
	known.location = v.Locate(number)
	if g != nil && g.contacts != nil {
		known.remark = g.remark(ctx, v.Instance.App, number)
	}
	return known
}

// remark asks on the side, since who answers may not keep to the time. When many have not been answered, nobody is asked.
func (g *Guests) remark(ctx context.Context, app openseat.AppID, number string) string {
	select {
	case g.asking <- struct{}{}:
	default:
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, guestWait)
	defer cancel()
	answer := make(chan string, 1)
	go func() {
		defer func() { <-g.asking }()
		remark, err := g.contacts.Remark(ctx, app, number)
		if err != nil {
			remark = ""
		}
		answer <- remark
	}()
	select {
	case remark := <-answer:
		return remark
	case <-ctx.Done():
		return ""
	}
}
