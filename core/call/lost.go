package call

func (c *Call) mediaLost(leg string) {
	if leg == CustomerLeg {
		if !c.deaf && c.phase == talking {
			c.deaf = true
			c.tellOneWay("mediaOneWay", "customer", "in")
		}
		return
	}
	s := c.seatAt(leg)
	if s == nil || s.state != seatTalking || s.lost {
		return
	}
	s.lost = true
	if !s.onPhone() && s.role != phone { // a telephone may be silent as long as it likes
		c.setTimer(timerLost+leg, orDuration(c.plan.MediaLossGrace, defaultGrace))
	}
	c.tellOneWay("mediaOneWay", s.side(), s.direction())
}

func (c *Call) mediaBack(leg string) {
	if leg == CustomerLeg && c.deaf {
		c.deaf = false
		c.tellOneWay("mediaRestored", "customer", "in")
	}
	if s := c.seatAt(leg); s != nil && s.lost {
		s.lost = false
		c.stopTimer(timerLost + leg)
		if s.state == seatTalking {
			c.tellOneWay("mediaRestored", s.side(), s.direction())
		}
	}
}

// side says whose sound is missing: an agent's, or that of somebody outside.
func (s *seat) side() string {
	switch s.role {
	case phone:
		return "customer"
	case monitor: // nobody is to know of him
		return ""
	default:
		return "agent"
	}
}

// direction is that of the missing sound, as agents see it.
func (s *seat) direction() string {
	if s.role == phone {
		return "in"
	}
	return "out"
}

// tellOneWay tells the agents in talk that somebody is not heard, or is again.
func (c *Call) tellOneWay(event, side, direction string) {
	if c.phase != talking || side == "" {
		return
	}
	for _, s := range c.agents() {
		c.notify(s.User, event, map[string]any{"side": side, "direction": direction})
	}
}

// agentGone is the board's word that the agent's page will not come back. A talk goes on as long as its sound does.
func (c *Call) agentGone(user string) {
	if s := c.seatOf(user, seatRinging); s != nil && !s.onPhone() {
		c.missed(s, reasonUnreachable)
	}
}
