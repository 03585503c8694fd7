// Package report is the past: what the journal says of finished calls and of agents' days, made into records.
package report

import (
	"slices"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
)

// CDR is the record of one finished session with every name resolved as it was when the session ended. Data push and the
// cloud API are two renderings of it. Its JSON is what the store keeps.
type CDR struct {
	call.Facts

	QueuedGroupName string            `json:"queuedGroupName,omitempty"`
	GroupNames      map[int64]string  `json:"groupNames,omitempty"`
	People          map[string]Person `json:"people,omitempty"` // by UserID, of everyone in Serves
}

// Person is a member of staff as he was when the session ended.
type Person struct {
	UserID      string   `json:"userId"`
	Mail        string   `json:"mail"`
	Name        string   `json:"name"`
	Nick        string   `json:"nick"`
	Phone       string   `json:"phone"`
	StaffNumber string   `json:"staffNumber"`
	GroupNames  []string `json:"groupNames"`
}

// NewCDR makes the record of a finished call. A member of staff or a group that is gone from the instance is left with its
// ID alone.
func NewCDR(f call.Facts, v *org.View) CDR {
	c := CDR{Facts: f, GroupNames: map[int64]string{}, People: map[string]Person{}}
	c.noteGroup(f.QueuedGroup, v)
	c.QueuedGroupName = c.GroupNames[f.QueuedGroup]
	for _, p := range f.Serves {
		c.noteGroup(p.Group, v)
		if p.User != "" {
			c.People[p.User] = person(p.User, v)
		}
	}
	return c
}

func (c *CDR) noteGroup(id int64, v *org.View) {
	if g := v.Groups[id]; g != nil {
		c.GroupNames[id] = g.Name
	}
}

func person(user string, v *org.View) Person {
	s := v.Staff[user]
	if s == nil {
		return Person{UserID: user, Mail: user, GroupNames: []string{}}
	}
	p := Person{UserID: user, Mail: s.Mail, Name: s.Name, Nick: s.Nick, Phone: s.Phone, StaffNumber: s.StaffNumber, GroupNames: []string{}}
	if p.Mail == "" {
		p.Mail = user
	}
	for _, m := range s.Groups {
		if g := v.Groups[m.GroupID]; g != nil {
			p.GroupNames = append(p.GroupNames, g.Name)
		}
	}
	return p
}

// Person is who a participant is; of an outside party only the number is known.
func (c *CDR) Person(p call.Participant) Person {
	if p.User == "" {
		return Person{Phone: p.Phone}
	}
	return c.People[p.User]
}

// Mail is how TransferFrom and TransferTo name somebody: an agent by his mail, an outside party by its number.
func (c *CDR) Mail(who string) string {
	if p, ok := c.People[who]; ok {
		return p.Mail
	}
	return who
}

// Seat is the agent the session is filed under: the last who took it, or the last who was rung; nil when none was. An internal
// call is filed under its caller.
func (c *CDR) Seat() *call.Participant {
	var rung *call.Participant
	for i := range slices.Backward(c.Serves) {
		switch p := &c.Serves[i]; {
		case p.User == "" || p.Consulted || c.CallType == call.TypeInternal && i > 0:
		case !p.AcceptAt.IsZero():
			return p
		case rung == nil:
			rung = p
		}
	}
	return rung
}

// Duration is EndedTimestamp - AcceptTimestamp in whole seconds, as both are shown; zero when nobody answered.
func (c *CDR) Duration() int64 { return between(c.AcceptAt, c.EndAt) }

// IVRDuration is QueuedTimestamp - StartTimestamp in whole seconds; a call that never was queued spent itself in the flow.
func (c *CDR) IVRDuration() int64 {
	if c.Direction == call.Outbound {
		return 0
	}
	if c.QueuedAt.IsZero() {
		return between(c.StartAt, c.EndAt)
	}
	return between(c.StartAt, c.QueuedAt)
}

func between(a, b time.Time) int64 {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return max(0, Unix(b)-Unix(a))
}

// Unix is t in whole seconds, and 0 for the zero time, as the push and the API show what never happened.
func Unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// Customer is the far party's number.
func (c *CDR) Customer() string {
	if c.Direction == call.Outbound {
		return c.Callee
	}
	return c.Caller
}

// CallerLocation is where the caller's number belongs, in words, when the caller is the customer.
func (c *CDR) CallerLocation() string {
	if c.Direction == call.Outbound {
		return ""
	}
	return call.LocationText(c.Location)
}

// Ref names the session's call.
func (c *CDR) Ref() openseat.Ref { return openseat.CallRef(c.App, c.SessionID) }
