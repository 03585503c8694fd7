package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"openseat"
	"openseat/bus"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/edge/gateway"
	"openseat/edge/push"
	"openseat/live"
	"openseat/store"
	"openseat/voice"
)

// desk is a node without lines: what cmd/openseat wires, but calls are made by the bench and lines do at once what they are
// told to.
type desk struct {
	*shop

	bus     *bus.Bus
	runtime *live.Runtime
	pusher  *push.Pusher
	running report.Running
	count   counts
	places  chan struct{} // a token for each call that may run
	n       atomic.Int64  // calls begun
	cancel  context.CancelFunc
	tasks   sync.WaitGroup
}

// counts is what came of the calls.
type counts struct {
	waited, cdrs, recordings, pushes atomic.Int64
	entries                          atomic.Int64
	news                             chan struct{}
}

func (c *counts) reset() {
	for _, n := range []*atomic.Int64{&c.waited, &c.cdrs, &c.recordings, &c.pushes, &c.entries} {
		n.Store(0)
	}
}

func (c *counts) note(n *atomic.Int64) {
	n.Add(1)
	select {
	case c.news <- struct{}{}:
	default:
	}
}

const directFlow = `{"name":"direct","start":"support","nodes":{
	"support":{"type":"queue","label":"Support","group":1,"timeout":600,"nobody":"nobody","overflow":"nobody"},
	"nobody":{"type":"hangup","label":"Nobody online"}}}`

func openDesk(ctx context.Context, dir, pushURL string) (d *desk, err error) {
	d = &desk{count: counts{news: make(chan struct{}, 1)}}
	work, cancel := context.WithCancel(ctx)
	d.cancel = cancel
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	if d.shop, err = openOffice(ctx, dir); err != nil {
		return d, err
	}
	if pushURL != "" {
		err := d.office.PutPush(ctx, org.Push{App: demoApp, URL: pushURL, CDR: true, Record: true})
		if err != nil {
			return d, err
		}
	}
	if err := d.hire(ctx, setupAgents); err != nil {
		return d, err
	}
	ae, ac := acd.Words()
	ce, cc := call.Words()
	codec := openseat.NewCodec(append(ae, ce...), append(ac, cc...))
	if d.bus, err = bus.Open(ctx, bus.Options{Dir: filepath.Join(dir, "nats"), Codec: codec, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		return d, err
	}
	d.runtime = live.New(live.Config{
		Node: d.bus.Node(), Journal: d.bus, Leases: d.bus, Snapshots: d.bus, Remote: d.bus, Executor: d, Make: makeThing,
	})
	if err := d.bus.Serve(d.runtime); err != nil {
		return d, err
	}
	if err := d.openBoard(ctx); err != nil {
		return d, err
	}
	return d, d.read(work, pushURL != "")
}

func makeThing(ref openseat.Ref) openseat.Thing {
	switch ref.Kind {
	case openseat.KindCall:
		return call.New(ref)
	case openseat.KindBoard:
		return acd.New(ref.App)
	default:
		return nil
	}
}

// hire makes agents of the first group.
func (s *shop) hire(ctx context.Context, n int) error {
	for i := range n {
		wrong, err := s.office.CreateStaff(ctx, demoApp, []org.NewStaff{{Mail: agentName(i), Name: "Agent", Groups: []string{"Support"}}})
		if err == nil && len(wrong) > 0 {
			err = wrong[0].Err
		}
		if err != nil {
			return err
		}
	}
	return s.views.RefreshAll(ctx)
}

func agentName(i int) string { return fmt.Sprintf("agent%d@bench.openseat", i) }

// openBoard signs every agent in.
func (d *desk) openBoard(ctx context.Context) error {
	board := openseat.BoardRef(demoApp)
	if err := d.runtime.Open(ctx, board); err != nil {
		return err
	}
	plan := acd.Configured{Groups: []acd.GroupPlan{{ID: 1}, {ID: 2}}}
	for i := range setupAgents {
		plan.Agents = append(plan.Agents, acd.AgentPlan{User: agentName(i), Groups: map[int64]int{1: 1}})
	}
	if err := d.runtime.Tell(ctx, board, plan); err != nil {
		return err
	}
	for i := range setupAgents {
		if _, err := d.runtime.Ask(ctx, board, acd.SignedIn{User: agentName(i), Conn: "page"}); err != nil {
			return err
		}
	}
	return nil
}

// read has the journal read by all who read it in a node.
func (d *desk) read(ctx context.Context, withPush bool) error {
	log := slog.New(slog.DiscardHandler)
	keeper := &report.Keeper{Store: counted{d.db, &d.count}, View: d.views.Get}
	d.consume(ctx, "keeper", report.KeeperWants, keeper.Handle)
	d.pusher = push.New(push.Config{
		Store: deliveries{d.db, &d.count}, View: d.views.Get, Log: log, Alarm: func(string, error) {},
		Link: func(r call.Recording) string { return "http://127.0.0.1/recordings/" + r.Record },
	})
	d.consume(ctx, "push", push.Wants, d.pusher.Handle)
	if withPush {
		d.tasks.Go(func() { d.pusher.Run(ctx) })
	}
	pages := gateway.New(gateway.Config{Watch: func(ctx context.Context, handle func(openseat.Entry)) error { return d.watch(ctx, handle) }})
	d.tasks.Go(func() { _ = pages.Run(ctx) }) // ends only with ctx
	d.tasks.Go(func() { _ = d.watch(ctx, d.running.Apply) })
	w, err := d.bus.Watch(ctx, bus.Subjects(0, ""), nil, func(e openseat.Entry) { d.agents(ctx, e) })
	if err != nil {
		return err
	}
	d.tasks.Go(func() { <-w.Done() })
	return nil
}

func (d *desk) consume(ctx context.Context, name string, want func([]string) bool, handle func(context.Context, openseat.Entry) error) {
	d.tasks.Go(func() { _ = d.bus.Consume(ctx, name, nil, want, handle) })
}

func (d *desk) watch(ctx context.Context, handle func(openseat.Entry)) error {
	w, err := d.bus.Watch(ctx, bus.Subjects(0, ""), nil, handle)
	if err != nil {
		return err
	}
	<-w.Done()
	return w.Err()
}

func (d *desk) close() {
	d.cancel()
	if d.runtime != nil {
		_ = d.runtime.Close()
	}
	d.tasks.Wait()
	if d.bus != nil {
		_ = d.bus.Close()
	}
	if d.shop != nil {
		_ = d.db.Close()
	}
}

// agents take what rings, as their pages would ask.
func (d *desk) agents(ctx context.Context, e openseat.Entry) {
	d.count.entries.Add(1)
	if told, ok := e.Event.(acd.Enqueued); ok && e.Ref.Kind == openseat.KindBoard && !offers(e.Commands, told.Work) {
		d.count.waited.Add(1)
	}
	for _, c := range e.Commands {
		if n, ok := c.(call.Notify); ok && n.Event == "callIn" {
			take := call.Accepted{User: n.User, Conn: "page", TabUUID: "tab"}
			go func() { _, _ = d.runtime.Ask(ctx, e.Ref, take) }() // a call that is not taken never ends, and that is told
		}
	}
}

func offers(commands []openseat.Command, work openseat.Ref) bool {
	for _, c := range commands {
		if t, ok := c.(openseat.Tell); ok && t.To == work {
			if _, offered := t.Event.(acd.Offered); offered {
				return true
			}
		}
	}
	return false
}

// calls lets n customers call, some at once, and waits until everything of them is written down.
func (d *desk) calls(ctx context.Context, n, atOnce int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	d.places = make(chan struct{}, atOnce)
	want := d.written()
	want.cdrs += int64(n)
	want.recordings += 2 * int64(n)
	if d.views.Get(demoApp).Push.URL != "" {
		want.pushes += 3 * int64(n)
	}
	var all errgroup.Group
	all.SetLimit(setupStarters)
	for range n {
		all.Go(func() error { return d.begin(ctx) })
	}
	if err := all.Wait(); err != nil {
		return err
	}
	for now := d.written(); !now.has(want); now = d.written() {
		select {
		case <-d.count.news:
		case <-ctx.Done():
			return fmt.Errorf("written %+v, not %+v: %w", now, want, ctx.Err())
		}
	}
	return nil
}

// begin lets a customer call as soon as there is a place.
func (d *desk) begin(ctx context.Context) error {
	select {
	case d.places <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("calls do not end: %w", ctx.Err())
	}
	plan := voice.NewPlan(d.views.Get(demoApp))
	plan.Flow = json.RawMessage(directFlow)
	id := fmt.Sprintf("bench-%d", d.n.Add(1))
	return d.runtime.Start(ctx, openseat.CallRef(demoApp, id), call.Arrived{
		Plan: plan, Trunk: "demo", Caller: "008613900000001", Callee: "00864008001001",
	})
}

// written is what has been written down of all calls.
type written struct{ cdrs, recordings, pushes int64 }

func (d *desk) written() written {
	return written{d.count.cdrs.Load(), d.count.recordings.Load(), d.count.pushes.Load()}
}

func (w written) has(other written) bool {
	return w.cdrs >= other.cdrs && w.recordings >= other.recordings && w.pushes >= other.pushes
}

// Execute implements live.Executor: lines that do at once what they are told to, and customers who hang up as soon as they
// are connected.
func (d *desk) Execute(ref openseat.Ref, _ time.Time, commands []openseat.Command) {
	for _, c := range commands {
		switch c := c.(type) {
		case call.AnswerLeg:
			d.tell(ref, call.LegAnswered{Leg: c.Leg})
		case call.OpenAgent:
			d.tell(ref, call.LegAnswered{Leg: c.Leg})
		case call.Hear:
			if len(c.Legs[call.CustomerLeg]) > 0 {
				d.tell(ref, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: 200, ByPeer: true}})
			}
		case call.HangUpLeg:
			d.tell(ref, call.LegEnded{Leg: c.Leg, Cause: call.Cause{SIP: 200}})
		case call.StopRecord:
			d.tell(ref, call.RecordingReady{Record: c.Record, Blob: "recordings/" + c.Record + ".mp3", Duration: time.Second, Size: 2000})
		case call.Closed:
			<-d.places
		}
	}
}

func (d *desk) tell(ref openseat.Ref, e openseat.Event) {
	_ = d.runtime.TellHere(context.Background(), ref, e) // a call that has ended wants to hear nothing more
}

// counted counts the records that are written.
type counted struct {
	*store.DB
	n *counts
}

// PutCDR implements report.Store.
func (c counted) PutCDR(ctx context.Context, r report.CDR) error {
	defer c.n.note(&c.n.cdrs)
	return c.DB.PutCDR(ctx, r)
}

// PutRecording implements report.Store.
func (c counted) PutRecording(ctx context.Context, r call.Recording) error {
	defer c.n.note(&c.n.recordings)
	return c.DB.PutRecording(ctx, r)
}

// deliveries keeps data pushes in the store, as cmd/openseat does.
type deliveries struct {
	db *store.DB
	n  *counts
}

// AddDelivery implements push.Store.
func (d deliveries) AddDelivery(ctx context.Context, x push.Delivery) error {
	return d.db.AddDelivery(ctx, store.Delivery{
		UUID: x.UUID, App: x.App, SessionID: x.SessionID, Seq: x.Seq, Action: x.Action, Body: x.Body, State: string(x.State),
		Attempts: x.Attempts, NextAt: x.NextAt, CreatedAt: x.CreatedAt,
	})
}

// DueDeliveries implements push.Store.
func (d deliveries) DueDeliveries(ctx context.Context, now time.Time, limit int) ([]push.Delivery, error) {
	due, err := d.db.DueDeliveries(ctx, now, limit)
	out := make([]push.Delivery, 0, len(due))
	for _, x := range due {
		out = append(out, push.Delivery{
			UUID: x.UUID, App: x.App, SessionID: x.SessionID, Seq: x.Seq, Action: x.Action, Body: x.Body, State: push.State(x.State),
			Attempts: x.Attempts, NextAt: x.NextAt, Status: x.Status, Error: x.Error, CreatedAt: x.CreatedAt, SentAt: x.SentAt,
		})
	}
	return out, err
}

// SettleDelivery implements push.Store.
func (d deliveries) SettleDelivery(ctx context.Context, x push.Delivery) error {
	if x.State == push.Sent {
		defer d.n.note(&d.n.pushes)
	}
	return d.db.SettleDelivery(ctx, store.Delivery{
		UUID: x.UUID, App: x.App, State: string(x.State), Attempts: x.Attempts, NextAt: x.NextAt, Status: x.Status, Error: x.Error,
		TriedAt: time.Now(), SentAt: x.SentAt,
	})
}
