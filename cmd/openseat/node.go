package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"openseat"
	"openseat/blob"
	"openseat/bus"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/edge/cloudapi"
	"openseat/edge/console"
	"openseat/edge/gateway"
	"openseat/edge/hooks"
	"openseat/edge/push"
	"openseat/live"
	"openseat/store"
	"openseat/voice"
	"openseat/voice/media"
	"openseat/voice/rtc"
	"openseat/voice/sip"
)

// Node is one running OpenSeat: every part, made and tied together by open, in the order in which they need each other.
type Node struct {
	opts Options
	log  *slog.Logger

	alarms   *alarms
	metrics  *prometheus.Registry
	db       *store.DB
	views    *store.Views
	office   *org.Office
	bus      *bus.Bus
	blobs    blob.Store
	links    *links
	spool    *media.Spool
	encoder  *media.Encoder
	recorder *voice.Recorder
	exchange *voice.Exchange
	helper   *hooks.Helper
	guard    hooks.Guard
	runtime  *live.Runtime
	running  *running
	figures  *figures
	rtc      *rtc.Server
	sip      *sip.Server
	phones   *phones
	gateway  *gateway.Gateway
	pusher   *push.Pusher
	console  *console.Console
	mux      *http.ServeMux
	landing  string // where a browser at / goes; empty = nowhere
	ready    atomic.Bool

	tasks  sync.WaitGroup // of Run
	cancel context.CancelFunc
}

// speechCache is how many seconds of speech are kept, so that a greeting is synthesised once.
const speechCache = 3600

// codec knows every word that is spoken on the journal.
func codec() *openseat.Codec {
	ae, ac := acd.Words()
	ce, cc := call.Words()
	return openseat.NewCodec(append(ae, ce...), append(ac, cc...))
}

// open makes a node. Nothing is taken in yet: lines and pages wait for Run. What was opened is closed when something fails.
func open(ctx context.Context, opts Options, log *slog.Logger) (*Node, error) {
	n := &Node{opts: opts, log: log, metrics: prometheus.NewRegistry(), mux: http.NewServeMux()}
	n.alarms = newAlarms(log, n.metrics)
	if err := os.MkdirAll(opts.Data, 0o700); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		name string
		open func(context.Context) error
	}{
		{"store", n.openStore}, {"bus", n.openBus}, {"blob", n.openBlobs}, {"voice", n.openVoice}, {"edges", n.openEdges},
	} {
		if err := part.open(ctx); err != nil {
			n.Close()
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return n, nil
}

func (n *Node) openStore(ctx context.Context) (err error) {
	if n.db, err = store.Open(ctx, n.opts.Database, n.opts.Data); err != nil {
		return err
	}
	n.views = store.NewViews(n.db)
	n.office = org.NewOffice(n.db, time.Now, rand.Reader, n.changed)
	return n.views.RefreshAll(ctx)
}

func (n *Node) openBus(ctx context.Context) (err error) {
	n.bus, err = bus.Open(ctx, bus.Options{
		URL: n.opts.NATS, Node: n.opts.node(), Replicas: n.opts.NATSReplicas, Dir: filepath.Join(n.opts.Data, "nats"), SyncAlways: n.opts.SyncAlways,
		Codec: codec(), Logger: n.log,
	})
	return err
}

func (n *Node) openBlobs(ctx context.Context) (err error) {
	if n.blobs, err = blob.Open(ctx, n.opts.Blob, filepath.Join(n.opts.Data, "blobs")); err != nil {
		return err
	}
	n.links, err = openLinks(n.opts)
	return err
}

func (n *Node) openVoice(ctx context.Context) (err error) {
	if n.encoder, err = media.NewEncoder(""); err != nil {
		return err
	}
	n.spool, err = media.OpenSpool(filepath.Join(n.opts.Data, "spool"), media.SpoolOptions{Encoder: n.encoder, Alarm: n.alarms.Raise})
	if err != nil {
		return err
	}
	things := &things{}
	if n.recorder, err = voice.NewRecorder(n.spool, shelf{n.blobs}, things, n.alarms.Raise, n.log); err != nil {
		return err
	}
	n.exchange = voice.NewExchange(voice.Config{
		Teller: things, Views: views{n.views}, Recorder: n.recorder, Log: n.log,
		Sounds: voice.NewLibrary(uploads{n.blobs}, media.CacheSpeech(media.NewEspeak(), speechCache)),
	})
	networks, err := allowed(n.opts.HooksAllow)
	if err != nil {
		return err
	}
	n.guard = hooks.Guard{Allowed: networks}
	n.helper = hooks.New(hooks.Config{
		Tell: things.Tell, View: n.views.Get, Guard: n.guard, Log: n.log,
		Text: func(ctx context.Context, ref openseat.Ref, id, to, body string) error {
			return n.pusher.Text(ctx, ref, id, to, body)
		},
	})
	n.runtime = live.New(live.Config{
		Node: n.bus.Node(), Journal: n.bus, Leases: n.bus, Snapshots: n.bus, Remote: n.bus, Executor: executors{n.exchange, n.helper},
		Make: makeThing, Logger: n.log,
	})
	things.runtime = n.runtime
	if err := n.bus.Serve(n.runtime); err != nil {
		return err
	}
	return n.openLines(ctx)
}

// openLines opens the sockets of telephones and browsers. Until Run, calls are refused.
func (n *Node) openLines(ctx context.Context) (err error) {
	ip, err := n.opts.publicIP()
	if err != nil {
		return err
	}
	ports, err := n.opts.ports()
	if err != nil {
		return err
	}
	beat := media.NewMetronome()
	if n.rtc, err = rtc.Listen(rtc.Options{Port: n.opts.RTCPort, PublicIP: ip, Metronome: beat, Logger: n.log}); err != nil {
		return err
	}
	reception := &voice.Reception{
		Exchange: n.exchange, Starter: n.runtime, Views: views{n.views}, NewID: uuid.NewString,
		Guests: voice.NewGuests(n.office, n.db), Helpers: helpers(), Rules: n.office,
	}
	certificate, err := n.opts.certificate()
	if err != nil {
		return err
	}
	n.phones = newPhones(n.views, n.runtime)
	n.sip, err = sip.Listen(ctx, sip.Options{
		Addr: n.opts.SIP, PublicIP: ip, Ports: ports, Metronome: beat, Logger: n.log,
		Phones: directory{n.views}, PhoneState: n.phones.registered, Memory: newPhoneMemory(n.bus.Vault(), n.opts.SIP),
		TLSAddr: n.opts.SIPTLS, TLSListen: certificate,
		Trunks: n.trunks, Door: &door{reception, &n.ready}, Limits: sip.Limits{MaxCalls: n.opts.MaxCalls},
	})
	if err != nil {
		return err
	}
	n.exchange.Use(voice.Lines{Dialer: n.sip, Desks: n.rtc, Phones: n.sip})
	return nil
}

func (n *Node) openEdges(context.Context) error {
	n.running, n.figures = newRunning(), newFigures(n.db, n.views)
	n.running.also = n.figures.apply
	n.gateway = gateway.New(gateway.Config{
		Things: starter{n.runtime}, Media: n.rtc, Echo: n.rtc, Org: views{n.views}, Vault: n.bus.Vault(), Watch: n.watch, Active: n.running.list,
		Past: n.db, Notes: n.office, Seats: n.office, Rules: n.office,
		Base: n.opts.base(), Metrics: n.metrics, Log: n.log,
	})
	n.running.changed = n.gateway.SessionsChanged
	n.pusher = push.New(push.Config{
		Store: deliveries{n.db}, View: n.views.Get, Link: n.links.ForPush, Log: n.log, Alarm: n.alarms.Raise,
		Public: n.guard.PermitsHost,
		Turn:   func() bool { return slices.Min(n.bus.Nodes()) == n.bus.Node() }, // one node of a cluster delivers
	})
	n.console = n.newConsole()
	api := cloudapi.New(cloudapi.Config{
		Views: n.views, Office: n.office, Calls: calls{n.runtime, n.running}, Presence: presence{n.runtime},
		Records: records{n.db, n.bus}, Links: n.links, Tokens: tokens{n.gateway}, Pushes: pushes{n.db, n.pusher}, Alarms: n.alarms,
		Phones: registrar{n.phones, n.opts}, Dialer: dialer{n.runtime}, People: people{n.console}, History: n.db, Console: n.console, Audit: n.db,
		Members: roster{n.runtime, n.gateway}, Search: n.db, Sounds: n.prompts(), Keeping: kept{n.db, n.blobs}, Stays: n.db,
		Lines: trunkLines{n.sip, n.views}, Figures: n.figures, Live: wallboard{n.runtime, n.running},
		PerSecond: n.opts.APILimit, Log: n.log, Observe: both(observe(n.metrics, n.log), audit(n.console)),
	})
	n.routes(api)
	return nil
}

// Run takes over what an earlier life left, opens the doors, and works until ctx ends; then it drains.
func (n *Node) Run(ctx context.Context, opened func() error) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	n.cancel = cancel
	defer n.Close()
	if err := n.takeOver(ctx, work); err != nil {
		return err
	}
	if err := n.startTasks(ctx, work); err != nil {
		return err
	}
	failed := make(chan error, 1)
	srv := &http.Server{Handler: patient(n.mux), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", n.opts.HTTP)
	if err != nil {
		return err
	}
	go func() { failed <- srv.Serve(listener) }()
	defer srv.Close()
	if err := opened(); err != nil {
		return err
	}
	n.ready.Store(true)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	n.drain()
	return nil
}

// takeOver ends the calls and goes on with the boards of a dead node, this one's earlier life included. A journal that is slow
// is asked again, until ctx ends.
func (n *Node) takeOver(ctx, work context.Context) error {
	for range 2 { // two recorders: one core may encode while the other waits for the disk
		n.task(work, n.recorder.Run)
	}
	for {
		err := n.recoverThings(work)
		if err == nil {
			break
		}
		n.alarms.Raise("recovery", err)
		if sleep(ctx, retryWait); ctx.Err() != nil {
			return fmt.Errorf("recovery: %w", err)
		}
	}
	n.recorder.Sweep(work)
	return nil
}

func (n *Node) recoverThings(ctx context.Context) error {
	if err := n.runtime.Recover(ctx); err != nil {
		return err
	}
	for _, v := range n.views.All() {
		if err := n.configureBoard(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// startTasks begins everything that goes on until work ends. A journal that is slow is asked again, until ctx ends.
func (n *Node) startTasks(ctx, work context.Context) error {
	keeper := &report.Keeper{Store: n.db, View: n.views.Get}
	n.consume(work, "keeper", report.KeeperWants, keeper.Handle)
	n.consume(work, "push", push.Wants, n.pusher.Handle)
	n.task(work, n.pusher.Run)
	n.task(work, n.cleaner().Run)
	n.task(work, func(ctx context.Context) { _ = n.gateway.Run(ctx) }) // ends only with ctx
	n.task(work, n.watchSetUp)
	n.task(work, n.watchBoards)
	n.task(work, n.watchHangUp)
	n.task(work, func(context.Context) { n.locate() })
	return n.watchRunning(ctx, work)
}

// locate looks every number of ours up once: the tables of where numbers belong take megabytes and a moment to load, for which
// the first caller would not wait.
func (n *Node) locate() {
	for _, v := range n.views.All() {
		for number := range v.Numbers {
			v.Locate(number)
		}
	}
}

func (n *Node) task(ctx context.Context, f func(context.Context)) {
	n.tasks.Go(func() { f(ctx) })
}

// consume reads the journal through a durable consumer until ctx ends.
func (n *Node) consume(ctx context.Context, name string, want func([]string) bool, handle func(context.Context, openseat.Entry) error) {
	n.task(ctx, func(ctx context.Context) {
		for ctx.Err() == nil {
			if err := n.bus.Consume(ctx, name, nil, want, handle); err != nil && ctx.Err() == nil {
				n.alarms.Raise("journal", fmt.Errorf("consumer %s: %w", name, err))
				sleep(ctx, retryWait)
			}
		}
	})
}

// Close ends everything, the last opened first.
func (n *Node) Close() {
	n.ready.Store(false)
	closers := []func() error{}
	add := func(is bool, c func() error) {
		if is {
			closers = append(closers, c)
		}
	}
	add(n.sip != nil, func() error { return n.sip.Close() })
	add(n.rtc != nil, func() error { return n.rtc.Close() })
	add(n.runtime != nil, func() error { return n.runtime.Close() })
	add(n.helper != nil, func() error { n.helper.Close(); return nil })
	add(n.cancel != nil, func() error { n.cancel(); n.tasks.Wait(); return nil })
	add(n.spool != nil, func() error { n.spool.Close(); return nil })
	add(n.encoder != nil, func() error { return n.encoder.Close(context.Background()) })
	add(n.bus != nil, func() error { return n.bus.Close() })
	add(n.blobs != nil, func() error { return n.blobs.Close() })
	add(n.db != nil, func() error { return n.db.Close() })
	for _, c := range closers {
		if err := c(); err != nil {
			n.log.Error("closing", "error", err)
		}
	}
}
