package call

import (
	"slices"
	"strconv"

	"openseat"
	"openseat/core/acd"
)

// seat is the place in the call of anybody but the customer: an agent, an outside party, a monitor.
type seat struct {
	Participant
	role  role
	state seatState
	conn  string
	tab   string
	muted bool
	lost  bool // nothing is heard of it
	over  bool // its line has ended

	offered bool    // by the queue; else it was asked for by name
	bound   bool    // the board holds the agent for us
	why     string  // he did not come
	errand  *errand // what it was rung for; nil for who is there by himself or the queue
	early   bool    // its line sends early media
	mode    MonitorMode
	used    bool              // a monitor's leg has been in use
	shown   *shown            // what callChanged told of it
	told    map[string]Member // what memberStateChanged told it
}

type seatState int

const (
	seatRinging seatState = iota
	seatConnecting
	seatTalking
	seatGone
)

// addSeat gives somebody a place, with a leg that is named after what he is.
func (c *Call) addSeat(r role, user string) *seat {
	s := &seat{role: r, Participant: Participant{User: user, Type: string(acd.SeatWeb), Leg: c.nextLeg(r), StartAt: c.now}}
	c.seats = append(c.seats, s)
	return s
}

func (c *Call) nextLeg(r role) string {
	c.legs[r]++
	return r.letter() + strconv.Itoa(c.legs[r])
}

// letter begins the names of the role's legs.
func (r role) letter() string {
	switch r {
	case phone:
		return "p"
	case monitor:
		return "m"
	default:
		return "a"
	}
}

// addAgent gives an agent a place on a device.
func (c *Call) addAgent(user string, on acd.Seat) *seat {
	s := c.addSeat(agent, user)
	if on != "" {
		s.Type = string(on)
	}
	return s
}

// onPhone tells an agent on a telephone from one on his page.
func (s *seat) onPhone() bool { return s.role == agent && s.Type != string(acd.SeatWeb) }

// hasLeg tells whether there is a line to hang up.
func (s *seat) hasLeg() bool {
	switch {
	case s.role == monitor:
		return s.mode != Read
	case s.state == seatRinging:
		return s.onPhone() || s.role == phone
	default:
		return true
	}
}

// invited tells who was brought in by somebody in the call, and is not in a transferring agent's place.
func (s *seat) invited() bool { return s.errand != nil && !s.errand.moves }

// seatOf finds the part of a user in one of these states.
func (c *Call) seatOf(user string, states ...seatState) *seat {
	for _, s := range c.seats {
		if user != "" && s.User == user && slices.Contains(states, s.state) {
			return s
		}
	}
	return nil
}

func (c *Call) seatAt(leg string) *seat {
	for _, s := range c.seats {
		if s.Leg == leg {
			return s
		}
	}
	return nil
}

// present lists the seats in one of these states.
func (c *Call) present(states ...seatState) []*seat {
	var out []*seat
	for _, s := range c.seats {
		if slices.Contains(states, s.state) {
			out = append(out, s)
		}
	}
	return out
}

// speakers lists who talks with the customer, or about him: agents and outside parties, not monitors.
func (c *Call) speakers() []*seat {
	return slices.DeleteFunc(c.present(seatTalking), func(s *seat) bool { return s.role == monitor })
}

// agents lists the agents who talk.
func (c *Call) agents() []*seat {
	return slices.DeleteFunc(c.present(seatTalking), func(s *seat) bool { return s.role != agent })
}

// connecting tells whether an agent has accepted, and his sound is not there yet.
func (c *Call) connecting() bool {
	return slices.ContainsFunc(c.seats, func(s *seat) bool { return s.role == agent && s.state == seatConnecting })
}

// monitorOf finds a user who monitors.
func (c *Call) monitorOf(user string) *seat {
	if s := c.seatOf(user, seatConnecting, seatTalking); s != nil && s.role == monitor {
		return s
	}
	return nil
}

// talkingSeat finds an agent in talk, or answers that he is none.
func (c *Call) talkingSeat(ask, user string) *seat {
	s := c.seatOf(user, seatTalking)
	if s == nil || s.role != agent {
		c.refusef(ask, openseat.CodeStateNotAllowed, "%s is not in talk in session %s", user, c.ref.ID)
		return nil
	}
	return s
}

// seatLeaves ends somebody's part.
func (c *Call) seatLeaves(s *seat, end EndStatus) {
	s.state, s.EndAt, s.End = seatGone, c.now, end
	for _, t := range []string{timerRing, timerMedia, timerLost} {
		c.stopTimer(t + s.Leg)
	}
	if c.holder == s {
		c.holder = nil
	}
}

// release gives an agent back to the board, if it holds him for us.
func (c *Call) release(s *seat) {
	if s.bound {
		s.bound = false
		c.tellBoard(acd.Released{Work: c.ref, User: s.User, WrapUp: c.wrapUp(s)})
	}
}
