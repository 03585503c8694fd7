package acd

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"openseat"
)

// The ledger is a second, simple-minded account of a board's day. It knows only what was said to and by the board, and
// complains when that cannot be right.
type ledger struct {
	plan   Configured
	agents map[string]*seat
	works  map[openseat.Ref]*ticket
	timers map[string]time.Time
	now    time.Time
	count  uint64
	wrong  []string

	asked map[Held]bool   // the HoldWanted that an OwnerLost must bring
	owed  map[string]bool // OfferRevoked "taken" that an OfferTaken must bring
	retry string          // the agent whose offer just ended by its deadline
}

type seat struct {
	status   Status
	presence presence
	conn     string
	since    uint64 // order of becoming free
	work     openseat.Ref
	offer    openseat.Ref
	unsure   bool // the work must confirm that it has him
}

type ticket struct {
	Enqueued
	state    string // waiting, offered, taken, withdrawn, nobody
	arrived  uint64
	skip     []string
	offers   []string
	unsure   bool // it must confirm that it is there
	position bool // it was told its place since it waits
}

func newLedger() *ledger {
	return &ledger{agents: map[string]*seat{}, works: map[openseat.Ref]*ticket{}, timers: map[string]time.Time{}}
}

func (l *ledger) complainf(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

func (l *ledger) seat(user string) *seat {
	if l.agents[user] == nil {
		l.agents[user] = &seat{status: StatusOffline}
	}
	return l.agents[user]
}

func (l *ledger) priority(user string, group int64) (int, bool) {
	if !slices.ContainsFunc(l.plan.Groups, func(g GroupPlan) bool { return g.ID == group }) {
		return 0, false
	}
	for _, a := range l.plan.Agents {
		if a.User == user {
			p, ok := a.Groups[group]
			return p, ok
		}
	}
	return 0, false
}

func (l *ledger) listed(user string) bool {
	return slices.ContainsFunc(l.plan.Agents, func(a AgentPlan) bool { return a.User == user })
}

func (l *ledger) group(id int64) (GroupPlan, bool) {
	for _, g := range l.plan.Groups {
		if g.ID == id {
			return g, true
		}
	}
	return GroupPlan{}, false
}

// eligible says whether the agent may get work of the group.
func (l *ledger) eligible(user string, group int64) bool {
	s := l.seat(user)
	_, member := l.priority(user, group)
	return member && s.status == StatusFree && s.presence == here && s.offer == openseat.Ref{}
}

// told writes down an event before the board handles it.
func (l *ledger) told(now time.Time, e openseat.Event) {
	l.now, l.retry = now, ""
	l.owed, l.asked = map[string]bool{}, map[Held]bool{}
	if asked, ok := e.(openseat.Asked); ok {
		e = asked.Event
	}
	switch e := e.(type) {
	case Configured:
		l.plan = e
		for user, s := range l.agents { // whose page is not known any more
			if !l.listed(user) {
				s.presence = away
			}
		}
	case SignedIn:
		if s := l.seat(e.User); l.listed(e.User) {
			s.presence, s.conn = here, e.Conn
		}
	case SignedOut:
		if l.listed(e.User) {
			l.seat(e.User).presence = away
		}
	case ConnLost:
		if s := l.seat(e.User); s.presence == here && s.conn == e.Conn {
			s.presence = lost
		}
	case openseat.OwnerLost:
		l.doubt()
	case Held:
		l.held(e)
	case PositionWanted:
		if t := l.works[e.Work]; t != nil {
			t.unsure = false
		}
	case openseat.TimerFired:
		if until, ok := l.timers[e.Name]; ok && !until.After(now) {
			delete(l.timers, e.Name)
			if e.Name == "confirm" {
				l.giveUp()
			}
			if user, ok := strings.CutPrefix(e.Name, "offer:"); ok {
				l.retry = user
			}
		}
	case Enqueued:
		l.enqueued(e)
	case Withdrawn:
		if t := l.works[e.Work]; t != nil && (t.state == "waiting" || t.state == "offered") {
			l.clear(t)
			t.state = "withdrawn"
		}
	case OfferTaken:
		l.taken(e)
	case OfferMissed:
		if t := l.works[e.Work]; t != nil && slices.Contains(t.offers, e.User) {
			l.unoffer(t, e.User)
			t.missed(e.User)
			t.unsure = false
		}
	case Occupied:
		l.dialed(e)
	case Released:
		if s := l.seat(e.User); s.work == e.Work {
			s.work, s.unsure = openseat.Ref{}, false
		}
	}
}

// doubt is what a crash of the board's node leaves behind.
func (l *ledger) doubt() {
	for user, s := range l.agents {
		if s.presence == here {
			s.presence = lost
		}
		if s.unsure = s.work != (openseat.Ref{}); s.unsure {
			l.asked[Held{s.work, user}] = true
		}
	}
	for _, t := range l.works {
		if t.unsure = t.state == "waiting" || t.state == "offered"; t.state == "waiting" {
			l.asked[Held{t.Work, ""}] = true
		}
		for _, user := range t.offers {
			l.asked[Held{t.Work, user}] = true
		}
	}
}

func (l *ledger) held(e Held) {
	t := l.works[e.Work]
	if e.User == "" {
		if t != nil {
			t.unsure = false
		}
		return
	}
	if s := l.seat(e.User); s.work == e.Work {
		s.unsure = false
	} else if s.offer == e.Work && t != nil {
		t.unsure = false
	}
}

// giveUp ends what was not confirmed.
func (l *ledger) giveUp() {
	for _, s := range l.agents {
		if s.unsure {
			s.work, s.unsure = openseat.Ref{}, false
		}
	}
	for _, t := range l.works {
		if t.unsure && (t.state == "waiting" || t.state == "offered") {
			l.clear(t)
			t.state = "waiting" // until it is told NobodyOnline, which the books' check demands
		}
	}
}

func (l *ledger) enqueued(e Enqueued) {
	t := l.works[e.Work]
	if t != nil && (t.state == "waiting" || t.state == "offered") {
		if t.Group == e.Group {
			t.unsure = false
			return
		}
		l.clear(t)
	}
	l.count++
	l.works[e.Work] = &ticket{Enqueued: e, state: "waiting", arrived: l.count, skip: slices.Clone(e.Skip)}
}

func (l *ledger) taken(e OfferTaken) {
	t, s := l.works[e.Work], l.seat(e.User)
	if s.status == StatusBusy && s.work == e.Work {
		return
	}
	if t == nil || !slices.Contains(t.offers, e.User) {
		l.owed[e.User] = true
		return
	}
	for _, user := range t.offers {
		if user != e.User {
			l.owed[user] = true
		}
	}
	l.clear(t)
	t.state = "taken"
	s.work = e.Work
}

// dialed binds the agent to the work when he may be had.
func (l *ledger) dialed(e Occupied) {
	s := l.seat(e.User)
	byOther := e.By != "" && e.By != e.User
	reachable := (s.status == StatusFree || s.status == StatusNotReady) && s.presence == here
	switch {
	case s.status == StatusBusy && s.work == e.Work:
		s.unsure = false
	case s.status == StatusBusy || s.status == StatusOffline || s.offer != openseat.Ref{}:
	case byOther && !reachable:
	default:
		s.work, s.unsure = e.Work, false
	}
}

func (l *ledger) clear(t *ticket) {
	for _, user := range t.offers {
		l.seat(user).offer = openseat.Ref{}
	}
	t.offers = nil
}

func (l *ledger) unoffer(t *ticket, user string) {
	t.offers = slices.DeleteFunc(t.offers, func(u string) bool { return u == user })
	l.seat(user).offer = openseat.Ref{}
	if len(t.offers) == 0 {
		t.state, t.position = "waiting", false
	}
}

func (t *ticket) missed(user string) {
	t.skip = append(slices.DeleteFunc(t.skip, func(u string) bool { return u == user }), user)
}

// said writes down what the board answered, and ends the account of one event.
func (l *ledger) said(asked bool, commands []openseat.Command) {
	replies := 0
	for _, c := range commands {
		switch c := c.(type) {
		case openseat.SetTimer:
			l.timers[c.Name] = l.now.Add(c.After)
		case openseat.StopTimer:
			if _, ok := l.timers[c.Name]; !ok {
				l.complainf("timer %s stopped, not set", c.Name)
			}
			delete(l.timers, c.Name)
		case openseat.Reply:
			replies++
		case AgentChanged:
			l.changed(c)
		case openseat.Tell:
			l.hears(c.To, c.Event)
		default:
			l.complainf("unexpected command %T", c)
		}
	}
	if want := map[bool]int{true: 1}[asked]; replies != want {
		l.complainf("%d replies, want %d", replies, want)
	}
	for h := range l.asked {
		l.complainf("no HoldWanted for %s %s", h.Work, h.User)
	}
	for user := range l.owed {
		l.complainf("no OfferRevoked for %s", user)
	}
	l.check()
}

func (l *ledger) changed(c AgentChanged) {
	s := l.seat(c.User)
	if c.Before != s.status {
		l.complainf("%s became %s from %s, but was %s", c.User, c.Status, c.Before, s.status)
	}
	if c.Status == StatusFree && s.status != StatusFree {
		l.count++
		s.since = l.count
	}
	s.status = c.Status
	if c.Status == StatusOffline {
		s.presence = away
	}
	if c.Status == StatusBusy && (len(c.Work) != 1 || c.Work[0] != s.work) {
		l.complainf("%s busy with %v, want %v", c.User, c.Work, s.work)
	}
	if (c.Status == StatusArrange) != !c.Until.IsZero() {
		l.complainf("%s %s until %s", c.User, c.Status, c.Until)
	}
}

func (l *ledger) hears(work openseat.Ref, e openseat.Event) {
	t := l.works[work]
	if t == nil {
		t = &ticket{} // an unknown work may be told OfferRevoked and Refused
	}
	switch e := e.(type) {
	case Offered:
		l.offered(t, e)
	case OfferRevoked:
		l.revoked(t, e)
	case NobodyOnline:
		if t.state != "waiting" || t.Group != e.Group {
			l.complainf("%s told NobodyOnline while %s", work, t.state)
		}
		t.state = "nobody"
	case HoldWanted:
		if h := (Held{work, e.User}); l.asked[h] {
			delete(l.asked, h)
		} else {
			l.complainf("%s asked whether it has %q", work, e.User)
		}
	case Position:
		l.place(t, e.Place)
	case Granted:
		s := l.seat(e.User)
		if s.status != StatusBusy || s.work != work {
			l.complainf("%s granted, but is %s with %s", e.User, s.status, s.work)
		}
	case AgentGone:
		s := l.seat(e.User)
		if s.work != work || s.presence != lost {
			l.complainf("%s gone from %s, has %s", e.User, work, s.work)
		}
		s.presence = away
	}
}

func (l *ledger) offered(t *ticket, e Offered) {
	if slices.Contains(t.offers, e.User) { // his page came back
		return
	}
	g, _ := l.group(t.Group)
	switch {
	case !l.eligible(e.User, t.Group):
		l.complainf("%s offered to %s, who may not", t.Work, e.User)
	case t.state == "waiting":
		l.checkTurn(t)
		l.checkChoice(t, g, e.User)
	case t.state != "offered" || !g.RingAll:
		l.complainf("%s offered twice", t.Work)
	case slices.Contains(t.skip, e.User):
		l.complainf("%s joins the ringing for %s, which he missed", e.User, t.Work)
	}
	if e.Conn != l.seat(e.User).conn || e.Group != t.Group {
		l.complainf("offer %+v of %s", e, t.Work)
	}
	t.state = "offered"
	t.offers = append(t.offers, e.User)
	l.seat(e.User).offer = t.Work
}

// checkTurn complains about overtaking.
func (l *ledger) checkTurn(t *ticket) {
	for _, o := range l.works {
		if o.state == "waiting" && o.Group == t.Group && o != t && o.before(t) {
			l.complainf("%s overtakes %s", t.Work, o.Work)
		}
	}
}

func (t *ticket) before(o *ticket) bool {
	if t.Priority != o.Priority {
		return t.Priority < o.Priority
	}
	if !t.Since.Equal(o.Since) {
		return t.Since.Before(o.Since)
	}
	return t.arrived < o.arrived
}

// checkChoice complains when another agent would have been better.
func (l *ledger) checkChoice(t *ticket, g GroupPlan, chosen string) {
	best := ""
	for user := range l.agents {
		if l.eligible(user, t.Group) && (best == "" || l.better(t, g, user, best)) {
			best = user
		}
	}
	if best != chosen {
		l.complainf("%s offered to %s, want %s", t.Work, chosen, best)
	}
}

func (l *ledger) better(t *ticket, g GroupPlan, a, b string) bool {
	missedA, missedB := slices.Index(t.skip, a), slices.Index(t.skip, b)
	if missedA >= 0 || missedB >= 0 {
		return missedA < missedB // -1: never
	}
	if g.UseLastSeat && (a == t.Last || b == t.Last) {
		return a == t.Last
	}
	priorityA, _ := l.priority(a, t.Group)
	priorityB, _ := l.priority(b, t.Group)
	if priorityA != priorityB {
		return priorityA < priorityB
	}
	return l.seat(a).since < l.seat(b).since
}

func (l *ledger) revoked(t *ticket, e OfferRevoked) {
	if l.owed[e.User] {
		delete(l.owed, e.User)
		return
	}
	if e.Reason != revokedGone || !slices.Contains(t.offers, e.User) {
		l.complainf("%s: revoked %s %s, who was not rung", t.Work, e.User, e.Reason)
		return
	}
	l.unoffer(t, e.User)
	if e.User == l.retry {
		t.missed(e.User)
	}
}

func (l *ledger) place(t *ticket, place int) {
	want := 1
	for _, o := range l.works {
		if t.state == "waiting" && o.state == "waiting" && o.Group == t.Group && o.before(t) {
			want++
		}
	}
	if place != want {
		l.complainf("%s is told place %d, is %d", t.Work, place, want)
	}
	t.position = true
}

// check complains about what must never be when the board has answered.
func (l *ledger) check() {
	for _, t := range l.works {
		switch t.state {
		case "waiting":
			l.checkWaiting(t)
		case "offered":
			if len(t.offers) == 0 {
				l.complainf("%s is offered to nobody", t.Work)
			}
		}
	}
	for user, s := range l.agents {
		l.checkCause(user, s)
	}
}

func (l *ledger) checkWaiting(t *ticket) {
	if !t.position {
		l.complainf("%s waits and was not told its place", t.Work)
	}
	onDuty := false
	for user, s := range l.agents {
		if _, member := l.priority(user, t.Group); member && s.status != StatusOffline && s.status != StatusRest {
			onDuty = true
		}
		if l.eligible(user, t.Group) {
			l.complainf("%s waits while %s is free", t.Work, user)
		}
	}
	if !onDuty {
		l.complainf("%s waits where nobody is", t.Work)
	}
}

// checkCause complains about a state that lasts without a cause.
func (l *ledger) checkCause(user string, s *seat) {
	pending := func(kind string, want bool) {
		if _, ok := l.timers[kind+":"+user]; ok != want {
			l.complainf("%s (%s, presence %d, offer %q): timer %s set: %t", user, s.status, s.presence, s.offer.ID, kind, ok)
		}
	}
	pending("offer", s.offer != openseat.Ref{})
	pending("wrapup", s.status == StatusArrange)
	pending("presence", s.presence == lost)
	if _, reload := l.timers["reload:"+user]; reload && (s.presence != lost || s.offer == openseat.Ref{}) {
		l.complainf("%s (presence %d, offer %q) is waited for to reload", user, s.presence, s.offer.ID)
	}
	if (s.offer != openseat.Ref{}) && s.status != StatusFree {
		l.complainf("%s is rung while %s", user, s.status)
	}
	if (s.status == StatusBusy) != (s.work != openseat.Ref{}) {
		l.complainf("%s is %s with work %q", user, s.status, s.work.ID)
	}
	if !l.listed(user) && s.status != StatusOffline && s.status != StatusBusy {
		l.complainf("%s is %s and not in the plan", user, s.status)
	}
}
