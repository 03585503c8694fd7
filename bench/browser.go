package main

import (
	"context"
	"errors"
	"time"
)

// measureBrowser lets 100 customers on trunk lines talk with 100 agents in browsers, through the real server, in turns with
// the bare forwarder.
func measureBrowser(ctx context.Context, b *bench) (err error) {
	bare, err := openRelay(ctx, "bare", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	var ratio, cost, memory, live, lost, setup []float64
	for n := range b.rounds {
		t, err := b.browserCalls(ctx, bare, n)
		if err != nil {
			return err
		}
		cost, ratio = append(cost, t.perPacket), append(ratio, t.ratio)
		memory, live, lost, setup = append(memory, t.perCall), append(live, t.live), append(lost, t.lost), append(setup, t.setup)
	}
	b.add(figure{what: "100 trunk↔browser calls, both sides recorded: CPU of the server, bare forwarder = 1", unit: "×", runs: ratio, most: 2.5})
	b.add(figure{what: "the same: part of a core", unit: "%", runs: coreShare(cost)})
	b.add(figure{what: "memory a recorded trunk↔browser call, its agent's page included", unit: "KB", runs: memory, most: 400})
	b.add(figure{what: "the same right after a garbage collection", unit: "KB", runs: live})
	b.add(figure{what: "bringing such a call up: SIP, flow, queue, page, DTLS, recordings: CPU of the server", unit: "ms", runs: setup})
	b.sayf("Between trunk and browser %.3f %% of the packets were lost.", median(lost))
	return nil
}

// browsed is what the calls cost the server.
type browsed struct {
	setup     float64 // ms of CPU a call
	perPacket float64 // µs of CPU
	ratio     float64 // of that to the bare forwarder's
	perCall   float64 // KB
	live      float64 // KB a call once garbage is collected
	lost      float64 // %
}

func (b *bench) browserCalls(ctx context.Context, bare *relay, round int) (t browsed, err error) {
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
	go s.profileInto(ctx, b.profileOf("browser", round), 2*turns*turnTime)
	if err := t.listen(s, world, bare); err != nil {
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

// listen measures the server while everybody talks, in turns with the bare forwarder. Calls cannot pause as the forwarder's
// talkers do; the two have the same core, and each its own account.
func (t *browsed) listen(s *server, world *world, bare *relay) error {
	var costs, forwarder []float64
	var sent, heard int64
	for range turns {
		before, err := world.wish("count", 0)
		if err != nil {
			return err
		}
		cpu, err := cpuOf(s.pid())
		if err != nil {
			return err
		}
		time.Sleep(turnTime)
		after, err := world.wish("count", 0)
		if err != nil {
			return err
		}
		used, err := cpuOf(s.pid())
		if err != nil {
			return err
		}
		cost, err := bare.turn()
		if err != nil {
			return err
		}
		packets := after.Traffic.Sent - before.Traffic.Sent
		costs, forwarder = append(costs, micros(used-cpu)/float64(packets)), append(forwarder, cost)
		sent, heard = sent+packets, heard+after.Traffic.Heard-before.Traffic.Heard
	}
	t.perPacket, t.ratio = median(costs), median(quotients(costs, forwarder))
	t.lost = 100 * float64(max(0, sent-heard)) / float64(sent)
	return nil
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
