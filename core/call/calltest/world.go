// Package calltest runs calls and their board in virtual time, with simulated lines, agents and customers: the switchboard's
// day as a value. It is for tests: the same script gives the same story, to the millisecond.
package calltest

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// App is the instance that stories happen in.
const App openseat.AppID = 1400000001

// Start is when stories begin.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// How long simulated things take.
const (
	AnswerTime  = 20 * time.Millisecond
	MediaTime   = 150 * time.Millisecond
	PromptTime  = 2 * time.Second
	HangUpTime  = 5 * time.Millisecond
	LiftTime    = 4 * time.Second
	StoreTime   = time.Second
	CourierTime = time.Millisecond
)

// World is everything around the calls of a story.
type World struct {
	Now  time.Time
	Plan call.Plan
	// Log is every event and command, one line each.
	Log []string
	// Entries is the journal.
	Entries []openseat.Entry
	// Mute agents never bring their sound.
	NoMedia map[string]bool
	// Lifts says whose telephones are lifted when they ring.
	Lifts map[string]bool
	// Watch, if set, looks on after every entry, before its commands are done.
	Watch func(openseat.Entry)
	// DeafBoard keeps words from the board.
	DeafBoard bool
	// Stab kills the node right after the next entry is written, and before any of its commands is done.
	Stab bool

	things map[openseat.Ref]openseat.Thing
	timers map[string]uint64 // "ref/name" -> the deed that fires it
	deeds  deeds
	seq    uint64
	lines  map[string]*line     // "session/leg"
	plays  map[string]call.Play // by "session/leg"
	takes  map[string]time.Time
	least  map[string]time.Duration
	asks   map[string]openseat.Reply
	done   map[openseat.Ref]bool
	heard  map[string]map[string][]string
	open   map[string]bool // asked, and not answered yet
}

// line is one leg's simulated line.
type line struct{ gone bool }

type deed struct {
	at  time.Time
	seq uint64
	do  func()
}

type deeds []deed

func (d deeds) Len() int { return len(d) }
func (d deeds) Less(i, j int) bool {
	if d[i].at.Equal(d[j].at) {
		return d[i].seq < d[j].seq
	}
	return d[i].at.Before(d[j].at)
}
func (d deeds) Swap(i, j int) { d[i], d[j] = d[j], d[i] }

// Push implements heap.Interface.
func (d *deeds) Push(x any) { *d = append(*d, x.(deed)) }

// Pop implements heap.Interface.
func (d *deeds) Pop() any {
	old := *d
	x := old[len(old)-1]
	*d = old[:len(old)-1]
	return x
}

// New makes a world with a board that knows these agents, in no state but offline.
func New(plan call.Plan, agents []acd.AgentPlan) *World {
	w := &World{
		Now: Start, Plan: plan, NoMedia: map[string]bool{}, Lifts: map[string]bool{}, things: map[openseat.Ref]openseat.Thing{}, timers: map[string]uint64{},
		lines: map[string]*line{}, plays: map[string]call.Play{}, takes: map[string]time.Time{}, least: map[string]time.Duration{},
		asks: map[string]openseat.Reply{}, done: map[openseat.Ref]bool{},
		heard: map[string]map[string][]string{}, open: map[string]bool{},
	}
	board := openseat.BoardRef(App)
	w.things[board] = acd.New(App)
	var groups []acd.GroupPlan
	for _, id := range sorted(plan.Groups) {
		groups = append(groups, acd.GroupPlan{ID: id, RingAll: plan.Groups[id].RingAll})
	}
	w.tell(board, acd.Configured{Groups: groups, Agents: agents})
	return w
}

func sorted(m map[int64]*org.SkillGroup) []int64 { return slices.Sorted(maps.Keys(m)) }

// Tell tells the board something now.
func (w *World) Tell(e openseat.Event) { w.tell(openseat.BoardRef(App), e) }

// TellCall tells a call something now; a call that ended is told nothing.
func (w *World) TellCall(session string, e openseat.Event) { w.tell(openseat.CallRef(App, session), e) }

// Ask asks a call, and returns its reply.
func (w *World) Ask(session string, e openseat.Event) openseat.Reply {
	r, _ := w.Pending(session, e)()
	return r
}

// Board is the world's board.
func (w *World) Board() *acd.Board { return w.things[openseat.BoardRef(App)].(*acd.Board) }

// Call is a call that was begun.
func (w *World) Call(session string) *call.Call {
	c, _ := w.things[openseat.CallRef(App, session)].(*call.Call)
	return c
}

// Ended tells whether a call has ended for good.
func (w *World) Ended(session string) bool { return w.done[openseat.CallRef(App, session)] }

// Arrive begins an inbound call.
func (w *World) Arrive(session, caller, callee string) {
	w.start(session, call.Arrived{Plan: w.Plan, Trunk: "demo", Caller: caller, Callee: callee})
}

// Begin begins a call by asking it something: call.CallOut, call.CallIn.
func (w *World) Begin(session string, e openseat.Event) openseat.Reply {
	r, _ := w.BeginPending(session, e)()
	return r
}

// BeginPending is Begin for answers that take a while.
func (w *World) BeginPending(session string, e openseat.Event) func() (openseat.Reply, bool) {
	ref := openseat.CallRef(App, session)
	w.things[ref] = call.New(ref)
	return w.Pending(session, e)
}

// Heard is who hears whom in a call after an entry.
func (w *World) Heard(e openseat.Entry) map[string][]string {
	for _, c := range e.Commands {
		if h, ok := c.(call.Hear); ok {
			return h.Legs
		}
	}
	return w.heard[e.Ref.ID]
}

// Alive tells whether a call's line is there.
func (w *World) Alive(session, leg string) bool {
	l := w.lines[session+"/"+leg]
	return l != nil && !l.gone
}

// Unanswered lists what calls were asked, and never answered.
func (w *World) Unanswered() []string { return slices.Sorted(maps.Keys(w.open)) }

// Pending asks a call, and returns where its reply will be, for answers that take a while.
func (w *World) Pending(session string, e openseat.Event) func() (openseat.Reply, bool) {
	w.seq++
	id := fmt.Sprint("ask", w.seq)
	w.TellCall(session, openseat.Asked{Ask: id, Event: e})
	return func() (openseat.Reply, bool) {
		r, ok := w.asks[id]
		return r, ok
	}
}

// CallOut begins an outbound call.
func (w *World) CallOut(session, user, caller, callee string, group int64, uui string) openseat.Reply {
	return w.Begin(session, call.CallOut{Plan: w.Plan, User: user, Trunk: "demo", Caller: caller, Callee: callee, Group: group, UUI: uui})
}

func (w *World) start(session string, e openseat.Event) {
	ref := openseat.CallRef(App, session)
	w.things[ref] = call.New(ref)
	w.tell(ref, e)
}

// Customer tells what the customer's line does.
func (w *World) Customer(session string, e openseat.Event) {
	if over, ok := e.(call.LegEnded); ok {
		w.line(session, over.Leg).gone = true
	}
	w.TellCall(session, e)
}

// After has something done later.
func (w *World) After(d time.Duration, do func()) uint64 {
	w.seq++
	heap.Push(&w.deeds, deed{at: w.Now.Add(d), seq: w.seq, do: do})
	return w.seq
}

// Run lets time pass until then.
func (w *World) Run(until time.Time) {
	for len(w.deeds) > 0 && !w.deeds[0].at.After(until) {
		d := heap.Pop(&w.deeds).(deed)
		w.Now = d.at
		d.do()
	}
	if until.After(w.Now) {
		w.Now = until
	}
}

// Crash is the node's death, and its resurrection a moment later: every line is gone, every timer lost, everything is told
// OwnerLost. Things are made again from the journal; those that had ended are not.
func (w *World) Crash(alive time.Time) {
	w.deeds, w.timers = nil, map[string]uint64{}
	w.open, w.heard = map[string]bool{}, map[string]map[string][]string{}
	w.lines, w.plays = map[string]*line{}, map[string]call.Play{}
	for _, ref := range w.refs() {
		w.things[ref] = w.replay(ref)
		if !w.done[ref] {
			w.retell(ref)
		}
	}
	for _, ref := range w.refs() {
		w.tell(ref, openseat.OwnerLost{Node: "n1", LastAlive: alive})
	}
}

// retell repeats what a thing told others in its last entry, as the runtime does.
func (w *World) retell(ref openseat.Ref) {
	for _, e := range slices.Backward(w.Entries) {
		if e.Ref != ref {
			continue
		}
		for _, c := range e.Commands {
			if t, ok := c.(openseat.Tell); ok {
				w.do(ref, t)
			}
		}
		return
	}
}

// replay makes a thing again, and the timers it had.
func (w *World) replay(ref openseat.Ref) openseat.Thing {
	t := w.empty(ref)
	for _, e := range w.Entries {
		if e.Ref != ref {
			continue
		}
		for _, c := range t.Handle(e.At, e.Event) {
			switch c := c.(type) {
			case openseat.SetTimer:
				w.setTimer(ref, c.Name, e.At.Add(c.After).Sub(w.Now))
			case openseat.StopTimer:
				delete(w.timers, ref.String()+"/"+c.Name)
			case openseat.Done: // nothing of it is repeated
				w.done[ref] = true
			}
		}
	}
	return t
}

func (w *World) empty(ref openseat.Ref) openseat.Thing {
	if ref.Kind == openseat.KindBoard {
		return acd.New(App)
	}
	return call.New(ref)
}

// refs lists what lives, the board first, calls in the order they began.
func (w *World) refs() []openseat.Ref {
	refs := []openseat.Ref{}
	seen := map[openseat.Ref]bool{}
	for _, e := range w.Entries {
		if !seen[e.Ref] && !w.done[e.Ref] {
			seen[e.Ref] = true
			refs = append(refs, e.Ref)
		}
	}
	return refs
}

func (w *World) tell(ref openseat.Ref, e openseat.Event) {
	t := w.things[ref]
	if t == nil || w.done[ref] || w.DeafBoard && ref.Kind == openseat.KindBoard {
		return
	}
	if asked, ok := e.(openseat.Asked); ok && ref.Kind == openseat.KindCall {
		w.open[asked.Ask] = true
	}
	cmds := t.Handle(w.Now, e)
	w.Entries = append(w.Entries, openseat.Entry{Ref: ref, Seq: uint64(len(w.Entries) + 1), At: w.Now, Event: e, Commands: cmds})
	w.log(ref, e, cmds)
	if w.Watch != nil {
		w.Watch(w.Entries[len(w.Entries)-1])
	}
	if w.Stab {
		w.Stab = false
		w.Crash(w.Now)
		return
	}
	for _, c := range cmds {
		w.do(ref, c)
	}
}

func (w *World) log(ref openseat.Ref, e openseat.Event, cmds []openseat.Command) {
	who := ref.ID
	if ref.Kind == openseat.KindBoard {
		who = "board"
	}
	at := w.Now.Sub(Start).Seconds()
	w.Log = append(w.Log, fmt.Sprintf("%8.3f %s < %s", at, who, describe(e.EventName(), e)))
	for _, c := range cmds {
		w.Log = append(w.Log, fmt.Sprintf("         %s > %s", who, describe(c.CommandName(), c)))
	}
}

// describe is one event or command in a line; plans and records are too long for one.
func describe(name string, v any) string {
	switch v := v.(type) {
	case openseat.Asked:
		return "? " + describe(v.Event.EventName(), v.Event)
	case openseat.Tell:
		return "tell " + v.To.ID + " " + describe(v.Event.EventName(), v.Event)
	case call.Arrived:
		return fmt.Sprintf("%s %s -> %s", name, v.Caller, v.Callee)
	case call.CallIn:
		return fmt.Sprintf("%s %s -> %s", name, v.User, v.ToUser)
	case call.CallOutFlow:
		return fmt.Sprintf("%s %s -> %s", name, v.Caller, v.Callee)
	case call.CallOut:
		return fmt.Sprintf("%s %s: %s -> %s", name, v.User, v.Caller, v.Callee)
	case call.Closed, acd.Configured:
		return name
	case call.RecordingReady, call.Recorded:
		return name
	}
	b, err := json.Marshal(v)
	if err != nil {
		return name + " " + err.Error()
	}
	return strings.TrimSuffix(name+" "+string(b), " {}")
}
