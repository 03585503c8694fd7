package acd

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat"
)

// A day is a random one: agents come and go, lose their pages and answer late; customers come in, wait and leave; the
// administrator changes the plan; the board's node dies. A ledger looks over the board's shoulder.
type day struct {
	t      *testing.T
	rng    *rand.Rand
	board  *Board
	twin   *Board // restored from a snapshot some time ago; must say the same
	ledger *ledger
	now    time.Time
	calls  int
	conns  int
	// mobiles says that some agents have mobile phones. Without them, nobody may be online.
	mobiles bool
	held    []Held           // answers to HoldWanted that are on their way
	past    []openseat.Event // told before, may be told again
	script  bytes.Buffer     // the last events, for the reader of a failure
}

func newDay(t *testing.T, seed uint64) *day {
	t.Helper()
	d := &day{t: t, rng: rand.New(rand.NewPCG(seed, 7)), board: New(app), ledger: newLedger(), now: morning, mobiles: seed%2 == 1}
	d.tell(d.randomPlan())
	return d
}

func (d *day) chance(percent int) bool { return d.rng.IntN(100) < percent }

func pick[T any](d *day, from []T) T { return from[d.rng.IntN(len(from))] }

func (d *day) user() string { return fmt.Sprintf("agent%02d", d.rng.IntN(9)) }
func (d *day) group() int64 { return int64(1 + d.rng.IntN(5)) } // the fifth is often not there

func (d *day) randomPlan() Configured {
	c := Configured{OnlineStatus: pick(d, []Status{"", StatusFree, StatusFree, StatusNotReady})}
	for id := range int64(5) {
		if id < 3 && d.chance(95) || d.chance(50) {
			c.Groups = append(c.Groups, GroupPlan{ID: id + 1, RingAll: id == 2 && d.chance(80), UseLastSeat: id%2 == 0})
		}
	}
	for i := range 9 {
		if d.chance(90) {
			a := AgentPlan{User: fmt.Sprintf("agent%02d", i), Groups: map[int64]int{}}
			if d.chance(40) {
				a.Seat = pick(d, []Seat{SeatWeb, SeatExtension})
			}
			if d.mobiles && d.chance(30) {
				a.Mobile = pick(d, []MobileAccept{MobileOffline, MobileAlways})
			}
			for range 1 + d.rng.IntN(3) {
				a.Groups[d.group()] = 1 + d.rng.IntN(3)
			}
			c.Agents = append(c.Agents, a)
		}
	}
	d.rng.Shuffle(len(c.Agents), func(i, j int) { c.Agents[i], c.Agents[j] = c.Agents[j], c.Agents[i] })
	return c
}

// tell tells the board, its twin and the ledger.
func (d *day) tell(e openseat.Event) {
	d.t.Helper()
	asked := false
	if d.chance(20) {
		asked, e = true, openseat.Asked{Ask: strconv.Itoa(d.rng.IntN(1000)), Event: e}
	}
	fmt.Fprintf(&d.script, "%s %T%+v\n", d.now.Format("15:04:05.000"), e, e)
	d.ledger.told(d.now, e)
	commands := d.board.Handle(d.now, e)
	for _, c := range commands {
		fmt.Fprintf(&d.script, "    %s\n", say(c))
		if told, ok := c.(openseat.Tell); ok {
			if h, ok := told.Event.(HoldWanted); ok && d.chance(80) {
				d.held = append(d.held, Held{Work: told.To, User: h.User})
			}
		}
	}
	d.ledger.said(asked, commands)
	if d.twin != nil {
		if same := d.twin.Handle(d.now, e); !reflect.DeepEqual(commands, same) {
			d.failf("the restored board says %q", sayAll(same))
		}
	}
	if len(d.ledger.wrong) > 0 {
		d.failf("%q", d.ledger.wrong)
	}
	d.checkBooks()
}

func sayAll(commands []openseat.Command) []string {
	var lines []string
	for _, c := range commands {
		lines = append(lines, say(c))
	}
	return lines
}

func (d *day) failf(format string, args ...any) {
	d.t.Helper()
	script := d.script.Bytes()
	d.t.Fatalf("%s\n%s", script[max(0, len(script)-4000):], fmt.Sprintf(format, args...))
}

// checkBooks compares the board's rows and counters with what they are derived from.
func (d *day) checkBooks() {
	b := d.board
	for _, g := range b.byID {
		free, staff := 0, 0
		for _, a := range b.roster {
			if a.in(g.ID) != nil && a.canTake() {
				free++
			}
			if a.in(g.ID) != nil && a.onDutyNow() {
				staff++
			}
		}
		waiting := 0
		for _, w := range b.works {
			if w.Group == g.ID && len(w.Offers) == 0 {
				waiting++
			}
		}
		if free != g.free.size || staff != g.staff || waiting != g.waiting.size {
			d.failf("group %d: free %d, want %d; staff %d, want %d; waiting %d, want %d", g.ID, g.free.size, free, g.staff, staff, g.waiting.size, waiting)
		}
	}
	live := 0
	for _, t := range d.ledger.works {
		if t.state == "waiting" || t.state == "offered" {
			live++
		}
	}
	if live != len(b.works) {
		d.failf("%d works on the board, want %d", len(b.works), live)
	}
	for name, until := range d.ledger.timers {
		if !d.known(name, until) {
			d.failf("timer %s until %s is not known to the board", name, until)
		}
	}
}

func (d *day) known(name string, until time.Time) bool {
	if name == confirmTimer {
		return d.board.confirmBy.Equal(until)
	}
	for _, a := range d.board.roster {
		for i, n := range a.timers {
			if n == name {
				return a.Deadlines[i].Equal(until)
			}
		}
	}
	return false
}

// step lets some time pass and something happen.
func (d *day) step() {
	if len(d.held) > 0 && d.chance(60) {
		e := d.held[0]
		d.held = d.held[1:]
		d.remember(e)
		d.tell(e)
		return
	}
	if d.chance(40) && d.fireNext() {
		return
	}
	d.pass(time.Duration(d.rng.IntN(9)) * time.Second / 2) // now and then two things happen at once
	switch n := d.rng.IntN(100); {
	case n < 18:
		d.arrive()
	case n < 50:
		d.settleOffer()
	case n < 64:
		d.release()
	case n < 80:
		d.agentActs()
	case n < 84:
		d.tell(Withdrawn{Work: d.work()})
	case n < 88:
		d.occupy()
	case n < 92:
		d.again()
	case n < 94:
		d.tell(PositionWanted{Work: d.work()})
	case n < 96:
		d.snapshot()
	case n < 97:
		d.crash()
	case n < 98:
		d.tell(d.randomPlan())
	default:
		d.stray()
	}
}

// pass lets time pass, firing the timers that run out in it.
func (d *day) pass(by time.Duration) {
	end := d.now.Add(by)
	for {
		name, at := d.nextTimer()
		if name == "" || at.After(end) {
			break
		}
		d.now = at
		d.tell(openseat.TimerFired{Name: name})
	}
	d.now = end
}

func (d *day) nextTimer() (string, time.Time) {
	first, at := "", time.Time{}
	for name, t := range d.ledger.timers {
		if first == "" || t.Before(at) || t.Equal(at) && name < first {
			first, at = name, t
		}
	}
	return first, at
}

func (d *day) fireNext() bool {
	name, at := d.nextTimer()
	if name == "" || at.Sub(d.now) > 30*time.Second {
		return false
	}
	d.pass(max(0, at.Sub(d.now)))
	return true
}

func (d *day) newWork() openseat.Ref {
	d.calls++
	return call(fmt.Sprintf("c%d", d.calls))
}

// work is one of the latest.
func (d *day) work() openseat.Ref {
	return call(fmt.Sprintf("c%d", max(1, d.calls-d.rng.IntN(12))))
}

func (d *day) arrive() {
	e := Enqueued{Work: d.newWork(), Group: d.group(), Priority: d.rng.IntN(3), Since: d.now}
	if d.chance(20) {
		e.Since = d.now.Add(-time.Duration(d.rng.IntN(20)) * time.Second)
	}
	if d.chance(30) {
		e.Last = d.user()
	}
	if d.chance(15) {
		e.Skip = []string{d.user()}
	}
	e.NoWait = d.chance(10)
	d.remember(e)
	d.tell(e)
}

// occupy asks for an agent, now and then for one more who is to work for work that is known.
func (d *day) occupy() {
	e := Occupied{
		Work: d.newWork(), User: d.user(), By: pick(d, []string{"", "agent00"}),
		Seat: pick(d, []Seat{"", "", SeatWeb, SeatExtension, SeatMobile}), Return: d.chance(30),
	}
	if d.chance(40) {
		e.Work = d.work()
	}
	d.remember(e)
	d.tell(e)
}

func (d *day) remember(e openseat.Event) {
	d.past = append(d.past, e)
	if len(d.past) > 30 {
		d.past = d.past[1:]
	}
}

// again tells something a second time, as at-least-once delivery does.
func (d *day) again() {
	if len(d.past) > 0 {
		d.tell(pick(d, d.past))
	}
}

// settleOffer answers one of the offers, or one of the past.
func (d *day) settleOffer() {
	var ringing []OfferTaken
	for user, s := range d.ledger.agents {
		if s.offer != (openseat.Ref{}) {
			ringing = append(ringing, OfferTaken{Work: s.offer, User: user})
		}
	}
	if len(ringing) == 0 {
		return
	}
	slices.SortFunc(ringing, func(a, b OfferTaken) int { return strings.Compare(a.User, b.User) })
	o := pick(d, ringing)
	var e openseat.Event = o
	if d.chance(35) {
		e = OfferMissed{Work: o.Work, User: o.User, Reason: pick(d, []string{"timeout", "unreachable", "rejected", "rejected"})}
	}
	d.remember(o)
	d.remember(e)
	d.tell(e)
}

func (d *day) release() {
	var busy []Released
	for user, s := range d.ledger.agents {
		if s.work != (openseat.Ref{}) {
			busy = append(busy, Released{Work: s.work, User: user, WrapUp: time.Duration(user[6]-'0') * 5 * time.Second})
		}
	}
	if len(busy) == 0 {
		return
	}
	slices.SortFunc(busy, func(a, b Released) int { return strings.Compare(a.User, b.User) })
	e := pick(d, busy)
	d.remember(e)
	d.tell(e)
}

func (d *day) agentActs() {
	user := d.user()
	s := d.ledger.seat(user)
	switch {
	case d.chance(25):
		d.tell(pick(d, []openseat.Event{PhoneUp{User: user}, PhoneUp{User: user}, PhoneDown{User: user}}))
	case s.status == StatusOffline && d.chance(20):
		d.tell(StatusSet{User: user, Status: pick(d, []Status{StatusFree, StatusFree, StatusRest, StatusArrange}), By: "admin"})
	case s.presence == away || d.chance(20):
		d.conns++
		d.tell(SignedIn{User: user, Conn: fmt.Sprint("page", d.conns)})
	case s.presence == lost && d.chance(60):
		d.tell(SignedIn{User: user, Conn: s.conn})
	case d.chance(15):
		d.tell(SignedOut{User: user})
	case d.chance(30):
		d.tell(ConnLost{User: user, Conn: s.conn})
	case d.chance(20):
		d.reload()
	default:
		status := pick(d, []Status{StatusFree, StatusFree, StatusFree, StatusNotReady, StatusRest, StatusArrange})
		d.tell(StatusSet{User: user, Status: status, Reason: pick(d, []string{"", "lunch"})})
	}
}

// reload takes a page away, if possible one that rings, and brings another one soon.
func (d *day) reload() {
	user := d.user()
	for range 5 {
		if (d.ledger.seat(user).offer != openseat.Ref{}) {
			break
		}
		user = d.user()
	}
	d.tell(ConnLost{User: user, Conn: d.ledger.seat(user).conn})
	d.pass(time.Duration(d.rng.IntN(10)) * time.Second / 2)
	d.conns++
	d.tell(SignedIn{User: user, Conn: fmt.Sprint("page", d.conns)})
}

// snapshot saves the board and lets a restored twin follow it from here on.
func (d *day) snapshot() {
	d.twin = d.restored()
}

func (d *day) restored() *Board {
	saved, err := d.board.Snapshot()
	if err != nil {
		d.t.Fatal(err)
	}
	b := New(app)
	if err := b.Restore(saved); err != nil {
		d.t.Fatal(err)
	}
	again, err := b.Snapshot()
	if err != nil {
		d.t.Fatal(err)
	}
	if !bytes.Equal(saved, again) {
		d.failf("a restored board saves\n%s\nnot\n%s", again, saved)
	}
	return b
}

// crash goes on with what a snapshot kept.
func (d *day) crash() {
	d.board, d.twin = d.restored(), nil
	d.tell(openseat.OwnerLost{Node: "n1", LastAlive: d.now})
}

// stray tells what nobody in his right mind would.
func (d *day) stray() {
	d.tell(pick(d, []openseat.Event{
		OfferTaken{Work: d.work(), User: d.user()},
		OfferMissed{Work: d.work(), User: d.user(), Reason: "timeout"},
		Released{Work: d.work(), User: d.user(), WrapUp: time.Second},
		ConnLost{User: d.user(), Conn: "page0"},
		openseat.TimerFired{Name: pick(d, []string{"offer:", "wrapup:", "presence:", "reload:", "pause:"}) + d.user()},
		SignedIn{User: "stranger", Conn: "page"},
		PhoneUp{User: "stranger"},
		StatusSet{User: "stranger", Status: StatusFree},
		Enqueued{Work: d.work(), Group: d.group(), Since: d.now},
		Overview{Limit: 3},
	}))
}

func TestRandomDays(t *testing.T) {
	days, steps := 40, 2500
	if testing.Short() {
		days = 8
	}
	for seed := range days {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			d := newDay(t, uint64(seed))
			for range steps {
				d.step()
			}
			if d.calls < steps/20 {
				t.Fatalf("only %d calls", d.calls)
			}
		})
	}
}

// TestSameDayTwice looks for what a Thing must not depend on: the order of maps, the clock, chance.
func TestSameDayTwice(t *testing.T) {
	var scripts [2][]byte
	for i := range scripts {
		d := newDay(t, 99)
		for range 2000 {
			d.step()
		}
		scripts[i] = d.script.Bytes()
	}
	if !bytes.Equal(scripts[0], scripts[1]) {
		t.Fatal("the same day went differently")
	}
}
