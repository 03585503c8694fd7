package call

import (
	"time"

	"openseat"
)

// AgentView is a running call as its agent's page shows it, after a reload too.
type AgentView struct {
	SessionID  string              `json:"sessionId"`
	Type       string              `json:"type"` // phone, internal, monitor
	Direction  Direction           `json:"direction"`
	State      string              `json:"state"` // ringing, calling (a call-out not answered yet), inProgress
	Caller     string              `json:"callerPhoneNumber"`
	Callee     string              `json:"calleePhoneNumber"`
	Location   string              `json:"callerLocation"`
	CalleeAt   string              `json:"calleeLocation,omitempty"`
	Remark     string              `json:"remark"`
	UUI        string              `json:"uui"`
	IVRPath    []map[string]string `json:"ivrPath"`
	ServerType string              `json:"serverType"`
	Timeout    int                 `json:"timeout"` // of ringing, seconds
	Muted      bool                `json:"muted"`
	Held       bool                `json:"held"`
	StartAt    time.Time           `json:"startAt"`
	RingAt     time.Time           `json:"ringAt,omitzero"`
	AcceptAt   time.Time           `json:"acceptAt,omitzero"`
	TabUUID    string              `json:"tabUUID,omitempty"`
	Conn       string              `json:"conn,omitempty"`
	// Role is agent, invited (by PeerUserID, who consults him) or monitor.
	Role string `json:"role"`
	// PeerUserID is the colleague of an internal call, or who transferred the customer to this agent or invited him.
	PeerUserID string      `json:"peerUserId,omitempty"`
	Mode       MonitorMode `json:"monitor,omitempty"`
	Members    []Member    `json:"members"`
	Transfer   *Transfer   `json:"transfer,omitempty"`
}

// Transfer is one that is under way.
type Transfer struct {
	User  string `json:"userId,omitempty"`
	Group int64  `json:"skillGroupId,omitempty"`
	State string `json:"state"` // ringing, queued
}

func (c *Call) view(ask, user string) {
	s := c.seatOf(user, seatRinging, seatConnecting, seatTalking)
	if s == nil {
		c.refusef(ask, openseat.CodeNotFound, "%s has no part in session %s", user, c.ref.ID)
		return
	}
	c.replyWith(ask, c.agentView(s))
}

func (c *Call) agentView(s *seat) AgentView {
	v := AgentView{
		SessionID: c.ref.ID, Type: c.viewType(s), Direction: c.facts.Direction, State: c.viewState(s),
		Caller: c.facts.Caller, Callee: c.facts.Callee, Remark: c.facts.Remark, UUI: c.facts.UUI, IVRPath: c.ivrPath(),
		ServerType: s.Type, Timeout: int(c.ringTime(s.Group) / time.Second), Muted: s.muted, Held: c.holds(s),
		StartAt: c.facts.StartAt, RingAt: s.RingAt, AcceptAt: c.facts.AcceptAt, TabUUID: s.tab, Conn: s.conn,
		Role: c.viewRole(s), PeerUserID: c.peerOf(s), Mode: s.mode, Members: c.members(s), Transfer: c.transferView(),
	}
	if place := LocationText(c.facts.Location); c.facts.Direction == Inbound {
		v.Location = place
	} else {
		v.CalleeAt = place
	}
	if c.internal() {
		v.Caller, v.Callee = "", ""
	}
	return v
}

func (c *Call) viewType(s *seat) string {
	switch {
	case s.role == monitor:
		return "monitor"
	case c.internal():
		return "internal"
	default:
		return "phone"
	}
}

func (c *Call) viewRole(s *seat) string {
	switch {
	case s.role == monitor:
		return "monitor"
	case s.invited():
		return "invited"
	default:
		return "agent"
	}
}

func (c *Call) peerOf(s *seat) string {
	switch {
	case c.internal() && s == c.seats[0]:
		return c.in.ToUser
	case c.internal():
		return c.in.User
	case s.errand != nil && !s.errand.back:
		return s.errand.by.User
	default:
		return s.TransferFrom
	}
}

func (c *Call) transferView() *Transfer {
	if !c.handingOn() {
		return nil
	}
	t := &Transfer{User: c.errand.user, Group: c.errand.group, State: "queued"}
	if c.errandRings() {
		t.State = "ringing"
	}
	return t
}

func (c *Call) viewState(s *seat) string {
	switch {
	case s.state == seatRinging:
		return "ringing"
	case c.phase == dialing && s.role != monitor:
		return "calling"
	default:
		return "inProgress"
	}
}

func withTab(data map[string]any, tab string) map[string]any {
	if tab != "" {
		data["tabUUID"] = tab
	}
	return data
}
