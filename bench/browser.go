package main

import (
	"context"
	"errors"
	"time"
)

// measureBrowser lets 100 customers on trunk lines talk with 100 agents in browsers, through the real server.
func measureBrowser(ctx context.Context, b *bench) error {
	var ratio, share, memory, live, lost, setup []float64
	for n := range b.rounds {
		bare, err := relay(ctx, "bare", "")
		if err != nil {
			return err
		}
		t, err := b.browserCalls(ctx, n)
		if err != nil {
			return err
		}
		ratio = append(ratio, t.perPacket/bare.perPacket)
		share = append(share, t.perPacket*packetRate/1e6*100)
		memory, live, lost, setup = append(memory, t.perCall), append(live, t.live), append(lost, t.lost), append(setup, t.setup)
	}
	b.add(figure{what: "100 trunk↔browser calls, both sides recorded: CPU of the server, bare forwarder = 1", unit: "×", runs: ratio, most: 2.5})
	b.add(figure{what: "the same: part of a core", unit: "%", runs: share})
	b.add(figure{what: "memory a recorded trunk↔browser call, its agent's page included (RSS)", unit: "KB", runs: memory, most: 400})
	b.add(figure{what: "the same right after a garbage collection", unit: "KB", runs: live})
	b.add(figure{what: "bringing such a call up: SIP, flow, queue, page, DTLS, recordings: CPU of the server", unit: "ms", runs: setup})
	b.say("Packets lost between trunk and browser: %s.", number(median(lost), "%"))
	return nil
}

// browsed is what the calls cost the server.
type browsed struct {
	relayed

	setup float64 // ms of CPU a call
	live  float64 // KB a call once garbage is collected
}

func (b *bench) browserCalls(ctx context.Context, round int) (t browsed, err error) {
	s, err := b.startServer(ctx)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	idle, _, err := s.rss(ctx)
	if err != nil {
		return t, err
	}
	world, err := startWorld(ctx, s)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, world.end()) }()
	if _, err := world.wish("hire", calls); err != nil {
		return t, err
	}
	before, err := cpuOf(s.pid())
	if err != nil {
		return t, err
	}
	if _, err := world.wish("talk", calls); err != nil {
		return t, err
	}
	after, err := cpuOf(s.pid())
	if err != nil {
		return t, err
	}
	t.setup = (after - before).Seconds() * 1000 / calls
	time.Sleep(2 * settling)
	if err := b.listenIn(ctx, s, world, &t, round); err != nil {
		return t, err
	}
	live, busy, err := s.rss(ctx)
	t.perCall, t.live = (busy-idle)/calls, (live-idle)/calls
	if err != nil {
		return t, err
	}
	_, err = world.wish("hangUp", 0)
	return t, err
}

// listenIn measures the server while everybody talks.
func (b *bench) listenIn(ctx context.Context, s *server, world *world, t *browsed, round int) error {
	const long = 5 * time.Second
	profiled := make(chan struct{})
	go func() { defer close(profiled); s.profileInto(ctx, b.profileOf("browser", round), long) }()
	defer func() { <-profiled }()
	before, err := world.wish("count", 0)
	if err != nil {
		return err
	}
	cpu, err := cpuOf(s.pid())
	if err != nil {
		return err
	}
	time.Sleep(long)
	after, err := world.wish("count", 0)
	if err != nil {
		return err
	}
	used, err := cpuOf(s.pid())
	sent, heard := after.Traffic.Sent-before.Traffic.Sent, after.Traffic.Heard-before.Traffic.Heard
	t.perPacket = float64((used - cpu).Microseconds()) / float64(sent)
	t.lost = 100 * float64(sent-heard) / float64(sent)
	return err
}

// world is the process that plays the outside world.
type world struct{ *process }

func startWorld(ctx context.Context, s *server) (*world, error) {
	p, err := startRole(ctx, loadCore, "outside", outsideParams{Demo: s.demo, Carrier: s.carrier})
	return &world{p}, err
}

// wish has the world do something and waits until it is done.
func (w *world) wish(do string, n int) (d deed, err error) {
	if err := w.ask(wish{do, n}, &d); err != nil {
		return d, err
	}
	if d.Error != "" {
		return d, errors.New(do + ": " + d.Error)
	}
	return d, nil
}
