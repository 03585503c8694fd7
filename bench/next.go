package main

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	nextCallers   = 200 // a round
	nextAgents    = 5
	shortCalls    = 100 // a round
	shortAgents   = 10
	requestsRound = 2 // seconds
)

// measureNext measures on one server with an agent or some: how soon an agent who gets free has the next caller, what a whole
// call costs, and signed requests over the network.
func measureNext(ctx context.Context, b *bench) (err error) {
	s, err := b.startServer(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	world, err := startWorld(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.end()) }()
	if err := b.requests(s, world); err != nil {
		return err
	}
	if _, err := world.wish("hire", nextAgents); err != nil {
		return err
	}
	var middle, late []float64
	for range b.rounds {
		d, err := world.wish("next", nextCallers)
		if err != nil {
			return err
		}
		slices.Sort(d.Latencies)
		middle, late = append(middle, quantile(d.Latencies, 0.5)), append(late, quantile(d.Latencies, 0.99))
	}
	b.add(figure{what: "agent free → next caller's callIn, both at the agent's end of the WebSocket: p50", unit: "ms", runs: middle, most: 2})
	b.add(figure{what: "the same: p99", unit: "ms", runs: late, most: 10})
	return nil
}

// measureWhole measures what a call costs from end to end.
func measureWhole(ctx context.Context, b *bench) (err error) {
	s, err := b.startServer(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	world, err := startWorld(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.end()) }()
	if _, err := world.wish("hire", shortAgents); err != nil {
		return err
	}
	var cost, rate []float64
	for n := range b.rounds {
		before, err := cpuOf(s.pid())
		if err != nil {
			return err
		}
		go s.profileInto(ctx, b.profileOf("whole", n), 2*time.Second)
		d, err := world.wish("short", shortCalls)
		if err != nil {
			return err
		}
		after, err := cpuOf(s.pid())
		if err != nil {
			return err
		}
		cost, rate = append(cost, (after-before).Seconds()*1000/shortCalls), append(rate, shortCalls/d.Took)
	}
	b.add(figure{what: "a queued call from INVITE to BYE through the real server, page, DTLS, MP3s and pushes included: CPU", unit: "ms", runs: cost})
	b.add(figure{what: "such calls a second, with 10 agents", unit: "/s", runs: rate})
	return nil
}

// requests measures the cloud API over the network.
func (b *bench) requests(s *server, world *world) error {
	var perCore, seen []float64
	for range b.rounds {
		before, err := cpuOf(s.pid())
		if err != nil {
			return err
		}
		d, err := world.wish("requests", requestsRound)
		if err != nil {
			return err
		}
		after, err := cpuOf(s.pid())
		if err != nil {
			return err
		}
		seen, perCore = append(seen, float64(d.N)/d.Took), append(perCore, float64(d.N)/(after-before).Seconds())
	}
	b.add(figure{what: "signed API requests over loopback HTTP, per core-second of the server", unit: "/s", runs: perCore, least: 5000})
	b.add(figure{what: "the same: seen by the client, server and client on a core each", unit: "/s", runs: seen})
	return nil
}

// quantile of sorted values.
func quantile(sorted []float64, q float64) float64 {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
