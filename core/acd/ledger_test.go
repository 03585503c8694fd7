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
	gone  string          // the agent whose presence just ended by its deadline
}

type seat struct {
	status   Status
	presence presence
	conn     string
	since    uint64 // order of becoming idle
	leaving  bool   // offline once the work ends
	phone    bool   // registered
	byPhone  bool   // it keeps him online
	on       Seat   // rung or at work there
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
	p, ok := l.planOf(user).Groups[group]
	return p, ok
}

func (l *ledger) planOf(user string) AgentPlan {
	for _, a := range l.plan.Agents {
		if a.User == user {
			return a
		}
	}
	return AgentPlan{}
}

func (l *ledger) listed(user string) bool { return l.planOf(user).User != "" }

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
	s, mobile := l.seat(user), l.planOf(user).Mobile
	if _, member := l.priority(user, group); !member || (s.offer != openseat.Ref{}) {
		return false
	}
	if s.status == StatusOffline {
		_, pause := l.timers["pause:"+user]
		return mobile != MobileOff && !pause
	}
	return s.status == StatusFree && (s.presence == here || s.phone || mobile == MobileAlways)
}

// device is where others reach the agent.
func (l *ledger) device(user string) Seat {
	s, plan := l.seat(user), l.planOf(user)
	if plan.Mobile == MobileAlways || plan.Mobile == MobileOffline && s.status == StatusOffline {
		return SeatMobile
	}
	return l.desk(user)
}

func (l *ledger) desk(user string) Seat {
	s := l.seat(user)
	if s.phone && (s.presence != here || l.planOf(user).Seat == SeatExtension) {
		return SeatExtension
	}
	return ""
}

// alone says that the agent is online without a page.
func (s *seat) alone() bool { return s.presence == away && s.status != StatusOffline && !s.leaving }

// told writes down an event before the board handles it.
func (l *ledger) told(now time.Time, e openseat.Event) {
	l.now, l.retry, l.gone = now, "", ""
	l.owed, l.asked = map[string]bool{}, map[Held]bool{}
	if asked, ok := e.(openseat.Asked); ok {
		e = asked.Event
	}
	switch e := e.(type) {
	case Configured:
		l.configured(e)
	case SignedIn:
		if s := l.seat(e.User); l.listed(e.User) {
			s.presence, s.conn = here, e.Conn
		}
	case SignedOut:
		if l.listed(e.User) {
			s := l.seat(e.User)
			s.presence, s.conn, s.byPhone = away, "", false
		}
	case PhoneUp:
		if l.listed(e.User) {
			l.seat(e.User).phone = true
		}
	case PhoneDown:
		if s := l.seat(e.User); s.phone && l.listed(e.User) {
			l.drop(s)
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
			if user, ok := strings.CutPrefix(e.Name, "presence:"); ok {
				l.waitedFor(user)
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

func (l *ledger) configured(e Configured) {
	l.plan = e
	for user, s := range l.agents { // whose page is not known any more
		if !l.listed(user) {
			s.presence, s.conn, s.byPhone = away, "", false
		}
	}
	for _, a := range e.Agents {
		if s := l.seat(a.User); s.since == 0 {
			l.count++
			s.since = l.count
		}
	}
}

// waitedFor ends the presence of an agent whose page or phone did not come back.
func (l *ledger) waitedFor(user string) {
	s := l.seat(user)
	l.gone, s.presence, s.conn = user, away, ""
	if s.phone && l.planOf(user).Seat == SeatExtension {
		s.byPhone = true
	}
}

func (l *ledger) drop(s *seat) {
	s.phone = false
	if s.alone() {
		s.presence = lost
	}
}

// doubt is what a crash of the board's node leaves behind.
func (l *ledger) doubt() {
	for user, s := range l.agents {
		l.drop(s)
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
	on := e.Seat
	switch {
	case on == SeatWeb:
		on = ""
	case on == "" && byOther:
		on = l.device(e.User)
	case on == "":
		on = l.desk(e.User)
	}
	ready := map[Status]bool{StatusFree: true, StatusNotReady: true, StatusOffline: true, StatusArrange: e.Return}
	rings := map[Seat]bool{"": s.presence == here && s.status != StatusOffline, SeatExtension: s.phone, SeatMobile: true}
	own := s.status != StatusOffline || e.Seat == SeatExtension || e.Seat == SeatMobile
	switch {
	case !l.listed(e.User):
	case s.status == StatusBusy && s.work == e.Work:
		s.unsure = false
	case s.status == StatusBusy || s.offer != openseat.Ref{}:
	case byOther && ready[s.status] && rings[on], !byOther && own:
		s.work, s.unsure, s.on = e.Work, false, on
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
	if c.Status != s.status && (c.Status == StatusFree || c.Status == StatusOffline) {
		l.count++
		s.since = l.count
	}
	if s.status == StatusOffline && c.Status != StatusOffline && c.Status != StatusBusy && s.presence != here {
		if !s.phone {
			l.complainf("%s is online by nothing", c.User)
		}
		s.byPhone = true
	}
	s.status, s.leaving = c.Status, c.Reserved == StatusOffline
	if c.Status == StatusOffline {
		s.presence, s.conn = away, ""
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
	case AllBusy:
		l.allBusy(t, e)
	case Granted:
		s := l.seat(e.User)
		if s.status != StatusBusy || s.work != work || s.on != e.Seat || s.conn != e.Conn {
			l.complainf("%s granted on %q, but is %s with %s on %q", e.User, e.Seat, s.status, s.work, s.on)
		}
	case AgentGone:
		s := l.seat(e.User)
		if s.work != work || l.gone != e.User || s.on != "" {
			l.complainf("%s gone from %s, has %s on %q", e.User, work, s.work, s.on)
		}
	}
}

func (l *ledger) allBusy(t *ticket, e AllBusy) {
	if t.state != "waiting" || t.Group != e.Group || !t.NoWait {
		l.complainf("%s told AllBusy while %s", t.Work, t.state)
	}
	t.state = "all busy"
	for user := range l.agents {
		if l.eligible(user, e.Group) {
			l.complainf("%s told AllBusy while %s is free", t.Work, user)
		}
	}
}

func (l *ledger) offered(t *ticket, e Offered) {
	s := l.seat(e.User)
	if slices.Contains(t.offers, e.User) { // his page came back
		if s.on != "" || e.Seat != "" {
			l.complainf("%s is offered again to %s, whose telephone rings", t.Work, e.User)
		}
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
	case s.status == StatusOffline && slices.ContainsFunc(t.offers, func(u string) bool { return l.seat(u).status != StatusOffline }):
		l.complainf("the mobile phone of %s joins the ringing for %s", e.User, t.Work)
	}
	if e.Conn != s.conn || e.Group != t.Group || e.Seat != l.device(e.User) {
		l.complainf("offer %+v of %s, want it to %q on %q", e, t.Work, s.conn, l.device(e.User))
	}
	t.state = "offered"
	t.offers = append(t.offers, e.User)
	s.offer, s.on = t.Work, e.Seat
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
	if last := t.Last; g.UseLastSeat && (a == last || b == last) && l.seat(last).status == StatusFree {
		return a == last
	}
	if off := l.seat(a).status == StatusOffline; off != (l.seat(b).status == StatusOffline) {
		return !off
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
		if s.status == StatusOffline && !l.listed(user) { // nothing is remembered of him
			*s = seat{status: StatusOffline}
		}
	}
}

func (l *ledger) checkWaiting(t *ticket) {
	if t.NoWait {
		l.complainf("%s waits and does not want to", t.Work)
	}
	if !t.position {
		l.complainf("%s waits and was not told its place", t.Work)
	}
	onDuty := false
	for user, s := range l.agents {
		_, member := l.priority(user, t.Group)
		online := s.status != StatusOffline && s.status != StatusRest
		if member && (online || s.status == StatusOffline && l.planOf(user).Mobile != MobileOff) {
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
	if _, reload := l.timers["reload:"+user]; reload && (s.presence != lost || s.offer == openseat.Ref{} || s.on != "") {
		l.complainf("%s (presence %d, offer %q) is waited for to reload", user, s.presence, s.offer.ID)
	}
	if (s.offer != openseat.Ref{}) && s.status != StatusFree && (s.status != StatusOffline || s.on != SeatMobile) {
		l.complainf("%s is rung while %s", user, s.status)
	}
	if (s.status == StatusBusy) != (s.work != openseat.Ref{}) {
		l.complainf("%s is %s with work %q", user, s.status, s.work.ID)
	}
	if s.alone() && (!s.phone || !s.byPhone) {
		l.complainf("%s is %s without a page or a phone", user, s.status)
	}
	if s.presence == here && s.status == StatusOffline {
		l.complainf("%s is offline at his page", user)
	}
	if l.gone == user && s.byPhone && s.phone && s.status == StatusOffline {
		l.complainf("%s is offline though he works by his phone", user)
	}
	if !l.listed(user) && s.status != StatusOffline && s.status != StatusBusy {
		l.complainf("%s is %s and not in the plan", user, s.status)
	}
}
