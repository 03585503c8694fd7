package gateway

import (
	"cmp"
	"context"
	"strings"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/org"
)

// Seats changes where members of staff are rung and call out.
type Seats interface {
	ModifySeat(ctx context.Context, app openseat.AppID, user string, c org.SeatChange) error
}

// seatSettings is where an agent is rung and calls out.
type seatSettings struct {
	ServerType       acd.Seat `json:"serverType"`
	UseMobileAccept  int      `json:"useMobileAccept"` // 0 never, 1 while he is offline, 2 always
	UseMobileCallOut bool     `json:"useMobileCallOut"`
	Mobile           string   `json:"mobile"`    // with its middle hidden; empty = none
	Extension        string   `json:"extension"` // of his SIP phone; empty = none
}

func seatOf(s *org.Staff) seatSettings {
	return seatSettings{
		ServerType: cmp.Or(acd.Seat(s.Seat), acd.SeatWeb), UseMobileAccept: s.UseMobileAccept, UseMobileCallOut: s.UseMobileCallOut,
		Mobile: hidden(s.Phone), Extension: s.Extension,
	}
}

// hidden shows enough of a number for who knows it.
func hidden(number string) string {
	const shown = 4
	if len(number) <= 2*shown {
		return strings.Repeat("*", len(number))
	}
	return number[:len(number)-2*shown] + strings.Repeat("*", shown) + number[len(number)-shown:]
}

// doSettings shows where the agent is rung and calls out, and changes it.
func (p *page) doSettings(ctx context.Context, r request) (any, error) {
	want, err := params[struct {
		ServerType       *string `json:"serverType"`
		UseMobileAccept  *int    `json:"useMobileAccept"`
		UseMobileCallOut *bool   `json:"useMobileCallOut"`
	}](r)
	if err != nil {
		return nil, err
	}
	change := org.SeatChange{Seat: want.ServerType, UseMobileAccept: want.UseMobileAccept, UseMobileCallOut: want.UseMobileCallOut}
	if change != (org.SeatChange{}) {
		if err := p.g.Seats.ModifySeat(ctx, p.who.App, p.who.User, change); err != nil {
			return nil, named(err)
		}
	}
	view, err := p.view()
	if err != nil {
		return nil, err
	}
	s := view.Staff[p.who.User]
	if s == nil {
		return nil, openseat.Errorf(openseat.CodeAccountNotExist, "account %s does not exist", p.who.User)
	}
	return struct {
		seatSettings
		ExtensionOnline bool `json:"extensionOnline"`
	}{seatOf(s), p.phoneIsUp(ctx, s)}, nil
}

// phoneIsUp tells whether the agent's SIP phone is registered.
func (p *page) phoneIsUp(ctx context.Context, s *org.Staff) bool {
	if s.Extension == "" {
		return false
	}
	value, err := p.askBoard(ctx, acd.Overview{Users: []string{p.who.User}})
	board, ok := into[acd.Wallboard](value)
	return err == nil && ok && len(board.Agents) == 1 && board.Agents[0].Phone
}

// SetUpChanged is told that an instance's picture is another now: agents whose seats were changed learn of it.
func (g *Gateway) SetUpChanged(app openseat.AppID) {
	view := g.Org.View(app)
	if view == nil {
		return
	}
	g.hub.settle(app, view)
}

// settle tells the pages of agents whose seats are others than they were told.
func (h *hub) settle(app openseat.AppID, view *org.View) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for who, a := range h.agents {
		s := view.Staff[who.User]
		if who.App != app || s == nil {
			continue
		}
		now := seatOf(s)
		for _, p := range a.pages {
			if p.welcomed && p.seat != now {
				p.seat = now
				p.push(eventSettingsChanged, now, time.Time{})
			}
		}
	}
}
