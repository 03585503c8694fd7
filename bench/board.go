package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"openseat"
	"openseat/core/acd"
)

const (
	boardAgents  = 10_000
	boardWaiting = 100_000
	boardGroups  = 200
)

// boardSpeed is the board's decisions a second: Decisions counts those alone, Whole with what belongs to each.
type boardSpeed struct{ Decisions, Whole float64 }

func measureBoard(ctx context.Context, b *bench) error {
	var decisions, whole []float64
	for range b.rounds {
		var speed boardSpeed
		if err := playRole(ctx, "board", struct{}{}, &speed); err != nil {
			return err
		}
		decisions, whole = append(decisions, speed.Decisions), append(whole, speed.Whole)
	}
	b.add(figure{what: "queue board, 10,000 agents, 100,000 waiting: decisions", unit: "/s", runs: decisions, least: 100_000})
	b.add(figure{what: "the same, each with the offer taken and a new caller queued", unit: "/s", runs: whole})
	return nil
}

func playBoard(_ context.Context, s *stage) error {
	h := openHall()
	if _, err := h.run(time.Second / 2); err != nil { // warm
		return err
	}
	speed, err := h.run(2 * time.Second)
	if err != nil {
		return err
	}
	return s.out.Encode(speed)
}

// hall is a board with everybody busy and everybody else waiting.
type hall struct {
	board *acd.Board
	now   time.Time
	users []string
	has   []openseat.Ref
	calls int
}

// openHall fills a board: each agent serves three of 200 groups, has work, and 100,000 callers wait.
func openHall() *hall {
	h := &hall{
		board: acd.New(demoApp), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		users: make([]string, boardAgents), has: make([]openseat.Ref, boardAgents),
	}
	plan := acd.Configured{}
	for id := range int64(boardGroups) {
		plan.Groups = append(plan.Groups, acd.GroupPlan{ID: id})
	}
	for i := range h.users {
		h.users[i] = fmt.Sprintf("agent%05d@example.com", i)
		g := int64(i)
		plan.Agents = append(plan.Agents, acd.AgentPlan{
			User: h.users[i], Groups: map[int64]int{g % boardGroups: 1, (g + 7) % boardGroups: 2, (g + 31) % boardGroups: 3},
		})
	}
	h.board.Handle(h.now, plan)
	for i, user := range h.users {
		h.board.Handle(h.now, acd.SignedIn{User: user, Conn: "page"})
		h.has[i] = openseat.CallRef(demoApp, fmt.Sprint("first", i))
		h.board.Handle(h.now, acd.Occupied{Work: h.has[i], User: user})
	}
	for range boardWaiting {
		h.arrive()
	}
	return h
}

func (h *hall) arrive() {
	h.calls++
	h.now = h.now.Add(time.Millisecond)
	h.board.Handle(h.now, acd.Enqueued{
		Work: openseat.CallRef(demoApp, fmt.Sprint("call", h.calls)), Group: int64(h.calls % boardGroups), Priority: h.calls % 3, Since: h.now,
	})
}

// run decides for a while: an agent gets free and somebody is offered to him; he takes the offer, and a new caller comes.
func (h *hall) run(long time.Duration) (speed boardSpeed, err error) {
	var deciding time.Duration
	began, n := time.Now(), 0
	for ; time.Since(began) < long; n++ {
		agent := n % len(h.users)
		h.now = h.now.Add(time.Millisecond)
		start := time.Now()
		commands := h.board.Handle(h.now, acd.Released{Work: h.has[agent], User: h.users[agent]})
		deciding += time.Since(start)
		if h.has[agent], err = offeredBy(commands); err != nil {
			return speed, err
		}
		h.board.Handle(h.now, acd.OfferTaken{Work: h.has[agent], User: h.users[agent]})
		h.arrive()
	}
	return boardSpeed{Decisions: float64(n) / deciding.Seconds(), Whole: float64(n) / time.Since(began).Seconds()}, nil
}

func offeredBy(commands []openseat.Command) (openseat.Ref, error) {
	for _, c := range commands {
		if t, ok := c.(openseat.Tell); ok {
			return t.To, nil
		}
	}
	return openseat.Ref{}, errors.New("nothing was offered")
}
