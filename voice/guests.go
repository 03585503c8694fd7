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

// Past knows who talked with a number last, in a skill group or with 0 in any.
type Past interface {
	LastAgent(ctx context.Context, app openseat.AppID, number string, group int64) (string, error)
}

// Guests finds out who is behind a number, in a moment or not at all: a call never waits for it.
type Guests struct {
	contacts Contacts
	past     Past
	asking   chan struct{}
}

const (
	guestWait = 100 * time.Millisecond // for all that is asked
	guestAsks = 64                     // questions at a time
)

// NewGuests makes a Guests.
func NewGuests(contacts Contacts, past Past) *Guests {
	return &Guests{contacts: contacts, past: past, asking: make(chan struct{}, guestAsks)}
}

// guest is what is known of a number.
type guest struct {
	location  org.Location
	remark    string
	lastAgent string
}

func (g *Guests) about(ctx context.Context, v *org.View, number string) guest {
	known := guest{location: v.Locate(number)}
	if g == nil {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, guestWait)
	defer cancel()
	app := v.Instance.App
	remark := g.ask(func() (string, error) { return g.contacts.Remark(ctx, app, number) })
	last := g.ask(func() (string, error) { return g.past.LastAgent(ctx, app, number, 0) })
	known.remark, known.lastAgent = await(ctx, remark), await(ctx, last)
	return known
}

// ask asks on the side, since who answers may not keep to the time. While many have not been answered, nothing is asked.
func (g *Guests) ask(question func() (string, error)) <-chan string {
	answer := make(chan string, 1)
	select {
	case g.asking <- struct{}{}:
	default:
		answer <- ""
		return answer
	}
	go func() {
		defer func() { <-g.asking }()
		text, err := question()
		if err != nil {
			text = ""
		}
		answer <- text
	}()
	return answer
}

func await(ctx context.Context, answer <-chan string) string {
	select {
	case text := <-answer:
		return text
	case <-ctx.Done():
		return ""
	}
}
