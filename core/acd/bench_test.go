package acd

import (
	"fmt"
	"testing"
	"time"

	"openseat"
)

// fullHouse is a board with that many agents, three of 200 groups each, all busy, and that much waiting work.
func fullHouse(tb testing.TB, agents, waiting int) *house {
	tb.Helper()
	const groups = 200
	h := &house{board: New(app), now: morning, user: make([]string, agents), has: make([]openseat.Ref, agents)}
	plan := Configured{}
	for id := range int64(groups) {
		plan.Groups = append(plan.Groups, GroupPlan{ID: id})
	}
	for i := range agents {
		h.user[i] = fmt.Sprintf("agent%05d@example.com", i)
		g := int64(i)
		plan.Agents = append(plan.Agents, AgentPlan{User: h.user[i], Groups: map[int64]int{g % groups: 1, (g + 7) % groups: 2, (g + 31) % groups: 3}})
	}
	h.board.Handle(h.now, plan)
	for i, user := range h.user {
		h.board.Handle(h.now, SignedIn{User: user, Conn: "page"})
		h.has[i] = call(fmt.Sprint("first", i))
		h.board.Handle(h.now, Occupied{Work: h.has[i], User: user})
	}
	for range waiting {
		h.arrive()
	}
	return h
}

type house struct {
	board *Board
	now   time.Time
	user  []string
	has   []openseat.Ref
	calls int
}

func (h *house) arrive() {
	h.calls++
	h.now = h.now.Add(time.Millisecond)
	h.board.Handle(h.now, Enqueued{
		Work: call(fmt.Sprint("call", h.calls)), Group: int64(h.calls % 200), Priority: h.calls % 3, Since: h.now,
	})
}

// BenchmarkBoard10kAgents100kWaiting measures a decision: an agent is through with his work and the next is offered to
// him. "whole" is a decision with what belongs to it: he takes the offer, and new work joins the queue.
func BenchmarkBoard10kAgents100kWaiting(b *testing.B) {
	h := fullHouse(b, 10_000, 100_000)
	decide := func(b *testing.B, i int) {
		b.Helper()
		agent := i % len(h.user)
		h.now = h.now.Add(time.Millisecond)
		for _, c := range h.board.Handle(h.now, Released{Work: h.has[agent], User: h.user[agent]}) {
			if t, ok := c.(openseat.Tell); ok {
				h.has[agent] = t.To
				return
			}
		}
		b.Fatal("nothing was offered")
	}
	goOn := func(i int) {
		agent := i % len(h.user)
		h.board.Handle(h.now, OfferTaken{Work: h.has[agent], User: h.user[agent]})
		h.arrive()
	}
	b.Run("decision", func(b *testing.B) {
		b.ReportAllocs()
		var spent time.Duration
		for i := range b.N {
			start := time.Now()
			decide(b, i)
			spent += time.Since(start)
			goOn(i)
		}
		b.ReportMetric(float64(b.N)/spent.Seconds(), "decisions/s")
	})
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			decide(b, i)
			goOn(i)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
	})
	b.Run("place", func(b *testing.B) {
		for i := range b.N {
			h.board.Handle(h.now, PositionWanted{Work: call(fmt.Sprint("call", h.calls-i%50_000))})
		}
	})
	b.Run("snapshot", func(b *testing.B) {
		for range b.N {
			if _, err := h.board.Snapshot(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("queues", func(b *testing.B) {
		for range b.N {
			h.board.Queues()
		}
	})
}

// BenchmarkBoardOneQueue has everybody in one group: the longest rows there can be.
func BenchmarkBoardOneQueue(b *testing.B) {
	board := New(app)
	plan := Configured{Groups: []GroupPlan{{ID: 1}}}
	for i := range 10_000 {
		plan.Agents = append(plan.Agents, AgentPlan{User: fmt.Sprintf("agent%05d", i), Groups: map[int64]int{1: 1 + i%5}})
	}
	board.Handle(morning, plan)
	for _, a := range plan.Agents {
		board.Handle(morning, SignedIn{User: a.User, Conn: "page"})
	}
	b.ReportAllocs()
	now := morning
	for i := range b.N {
		now = now.Add(time.Millisecond)
		w := call(fmt.Sprint("call", i))
		offer := board.Handle(now, Enqueued{Work: w, Group: 1, Since: now})[0].(openseat.Tell).Event.(Offered)
		board.Handle(now, OfferTaken{Work: w, User: offer.User})
		board.Handle(now, Released{Work: w, User: offer.User})
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
