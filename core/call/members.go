package call

import (
	"cmp"
	"slices"
)

// shown is what an agent's page was told of how he takes part.
type shown struct {
	muted, held bool
	tab         string
}

// tellChanges lets all tabs of an agent know what one of them has changed.
func (c *Call) tellChanges() {
	for _, s := range c.present(seatTalking) {
		if s.role == phone {
			continue
		}
		now := shown{muted: s.muted, held: c.holds(s), tab: s.tab}
		if before := s.shown; before != nil && *before != now {
			c.notify(s.User, "callChanged", map[string]any{"muted": now.muted, "held": now.held, "tabUUID": now.tab})
		}
		s.shown = &now
	}
}

// holds tells whether the agent's page shows that somebody is held.
func (c *Call) holds(s *seat) bool {
	if c.internal() || s.role == monitor {
		return c.holder == s
	}
	return c.holder != nil || c.consult
}

// tellMembers tells everybody in the call, once it is one of several agents, who came, went, or was held.
func (c *Call) tellMembers() {
	for _, s := range c.present(seatTalking) {
		if s.role == phone || s.role == agent && !c.team {
			continue
		}
		c.tellMembersTo(s)
	}
}

func (c *Call) tellMembersTo(s *seat) {
	now := c.members(s)
	if s.told == nil {
		s.told = map[string]Member{}
	}
	for _, m := range s.toldInOrder() {
		if !slices.ContainsFunc(now, func(n Member) bool { return n.ID == m.ID }) {
			delete(s.told, m.ID)
			m.State = "left"
			c.tellMember(s, m)
		}
	}
	for _, m := range now {
		if before, known := s.told[m.ID]; !known || before != m {
			s.told[m.ID] = m
			c.tellMember(s, m)
		}
	}
}

func (s *seat) toldInOrder() []Member {
	var out []Member
	for _, m := range s.told {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (c *Call) tellMember(s *seat, m Member) {
	data := map[string]any{"memberId": m.ID, "type": m.Type, "state": m.State}
	for name, value := range map[string]string{"userId": m.User, "phoneNumber": m.Phone, "mode": string(m.Mode)} {
		if value != "" {
			data[name] = value
		}
	}
	if m.Group != 0 {
		data["skillGroupId"] = m.Group
	}
	if who := c.seatAt(m.ID); m.State == "left" && who != nil && who.why != "" {
		data["reason"] = who.why
	}
	c.notify(s.User, "memberStateChanged", data)
}

// members lists the parties as one of them may see them: an agent does not learn who listens to him.
func (c *Call) members(to *seat) []Member {
	out := []Member{}
	if !c.internal() {
		out = append(out, c.customerMember())
	}
	for _, s := range c.seats {
		if s.state == seatGone || s.role == monitor && to.role != monitor && s.mode != Whisper && s.mode != Barge {
			continue
		}
		out = append(out, c.member(s))
	}
	if e := c.errand; e != nil && e.begun && e.group != 0 && !c.errandRings() {
		out = append(out, Member{ID: e.id, Type: "agent", Group: e.group, State: "queued"})
	}
	return out
}

func (c *Call) customerMember() Member {
	m := Member{ID: CustomerLeg, Type: "customer", Phone: c.customer(), State: "talking"}
	switch {
	case !c.customerUp:
		m.State = "ringing"
	case c.customerAway() || c.phase == queued:
		m.State = "held"
	}
	return m
}

func (c *Call) member(s *seat) Member {
	m := Member{ID: s.Leg, Type: "agent", User: s.User, Phone: s.Phone, Mode: s.mode, State: "ringing"}
	switch s.role {
	case phone:
		m.Type = "phone"
	case monitor:
		m.Type = "monitor"
	case customer, agent:
		m.Group = s.Group
	}
	switch {
	case s.state != seatTalking:
	case c.away(s):
		m.State = "held"
	default:
		m.State = "talking"
	}
	return m
}
