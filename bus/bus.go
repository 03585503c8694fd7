package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"openseat"
)

// Options say where the engine is and how it keeps things.
type Options struct {
	// URL of an external NATS, empty = embedded, with its files in Dir.
	URL string
	Dir string
	// Node is this node's name: letters, digits, "_". Empty = "node".
	Node string
	// Codec knows every event and command there is.
	Codec  *openseat.Codec
	Logger *slog.Logger
	// SyncAlways waits for the disk with every write (embedded only). Without it what is acknowledged survives a crash of
	// the process, though not always one of the machine.
	SyncAlways bool
	// Keep is how long the journal is kept; 7 days.
	Keep time.Duration
	// Replicas of everything in an external cluster; 1.
	Replicas int

	within *Bus // tests: several nodes in one embedded engine
}

// Bus is a connection to the engine, and the engine itself when it is embedded.
type Bus struct {
	opts   Options
	log    *slog.Logger
	codec  *openseat.Codec
	self   string // node name and life
	ctx    context.Context
	cancel context.CancelFunc
	gate   sync.Mutex // nobody enters work once ctx has ended
	work   sync.WaitGroup

	engine *server.Server // nil when external
	lock   *dirLock
	writer *nats.Conn // appends only, so that readers never stand in their way
	reader *nats.Conn
	js     jetstream.JetStream

	journal   jetstream.Stream
	leases    jetstream.KeyValue
	snapshots jetstream.KeyValue
	cursors   jetstream.KeyValue
	tokens    jetstream.KeyValue
	behind    map[string]jetstream.Stream // the streams behind the buckets, by bucket

	appends *appender
	nodes   *nodes
	hub     *hub
	recent  recent
	running sync.Map // consumer name -> *consumer: those that run here
	closing sync.Once
}

var nodeName = regexp.MustCompile(`^[A-Za-z0-9_]{1,32}$`)

// Open starts or reaches the engine, makes what is missing in it, and announces this node.
func Open(ctx context.Context, o Options) (*Bus, error) {
	if o.Codec == nil {
		return nil, errors.New("bus: no codec")
	}
	if o.Node == "" {
		o.Node = "node"
	}
	if !nodeName.MatchString(o.Node) {
		return nil, fmt.Errorf("bus: node name %q must be letters, digits and underscores", o.Node)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Keep = max(o.Keep, 0)
	if o.Keep == 0 {
		o.Keep = 7 * 24 * time.Hour
	}
	o.Replicas = max(o.Replicas, 1)
	b := &Bus{opts: o, log: o.Logger, codec: o.Codec, self: o.Node + "-" + rand.Text()[:10]}
	b.behind = make(map[string]jetstream.Stream)
	b.ctx, b.cancel = context.WithCancel(context.Background())
	if err := b.open(ctx); err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("bus: %w", err)
	}
	return b, nil
}

func (b *Bus) open(ctx context.Context) error {
	if b.opts.within != nil {
		b.engine = b.opts.within.engine
	} else if b.opts.URL == "" {
		if err := b.embed(); err != nil {
			return err
		}
	}
	if err := b.connect(); err != nil {
		return err
	}
	if err := b.furnish(ctx); err != nil {
		return err
	}
	b.hub = newHub(b)
	return b.announce(ctx)
}

// Node is this node's name in this life: live.Config.Node.
func (b *Bus) Node() string { return b.self }

func (b *Bus) connect() error {
	var err error
	b.appends = newAppender()
	if b.writer, err = b.dial("writer", b.appends.disconnected); err != nil {
		return err
	}
	if err = b.appends.listen(b.writer); err != nil {
		return err
	}
	if b.reader, err = b.dial("reader", nil); err != nil {
		return err
	}
	b.js, err = jetstream.New(b.reader)
	return err
}

// dial opens a connection; lost, if not nil, is told when it breaks.
func (b *Bus) dial(what string, lost func()) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name("openseat " + b.self + " " + what),
		nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond),
		// What cannot be sent now is an error now: the caller knows what to do about it, a buffer does not.
		nats.ReconnectBufSize(-1),
		nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) {
			subject := ""
			if s != nil {
				subject = s.Subject
			}
			b.log.Error("messaging", "connection", what, "subject", subject, "err", err)
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if b.ctx.Err() == nil {
				b.log.Error("messaging engine is gone", "connection", what, "err", err)
			}
			if lost != nil {
				lost()
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.log.Info("messaging engine is back", "connection", what) }),
	}
	url := b.opts.URL
	if b.engine != nil {
		url = ""
		options = append(options, nats.InProcessServer(b.engine))
	}
	c, err := nats.Connect(url, options...)
	if err != nil {
		return nil, fmt.Errorf("connect to the messaging engine: %w", err)
	}
	return c, nil
}

// flush returns when the engine has seen what the reader has sent, subscriptions above all.
func (b *Bus) flush() error {
	ctx, cancel := context.WithTimeout(b.ctx, remoteWait)
	defer cancel()
	return b.reader.FlushWithContext(ctx)
}

// furnish makes the stream and the buckets, or brings them up to date.
func (b *Bus) furnish(ctx context.Context) error {
	var err error
	b.journal, err = b.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: stream, Subjects: []string{subjects + ">"}, Storage: jetstream.FileStorage, Retention: jetstream.LimitsPolicy,
		Discard: jetstream.DiscardOld, MaxAge: b.opts.Keep, Duplicates: min(2*time.Minute, b.opts.Keep), Replicas: b.opts.Replicas,
		// With replicas a direct get may be answered by one that is behind; who takes a thing over must see the last entry.
		AllowDirect: b.opts.Replicas == 1,
	})
	if err != nil {
		return fmt.Errorf("stream %s: %w", stream, err)
	}
	for _, bucket := range []struct {
		name string
		ttl  time.Duration
		to   *jetstream.KeyValue
	}{
		{"leases", 0, &b.leases},
		{"snapshots", 0, &b.snapshots},
		{"cursors", 0, &b.cursors},
		{"tokens", longestToken, &b.tokens},
	} {
		if *bucket.to, err = b.bucket(ctx, bucket.name, bucket.ttl); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bus) bucket(ctx context.Context, name string, ttl time.Duration) (jetstream.KeyValue, error) {
	kv, err := b.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: name, History: 1, TTL: ttl, Storage: jetstream.FileStorage, Replicas: b.opts.Replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", name, err)
	}
	if b.behind[name], err = b.js.Stream(ctx, "KV_"+name); err != nil {
		return nil, fmt.Errorf("bucket %s: %w", name, err)
	}
	return kv, nil
}

// erase removes a key of a bucket without leaving a marker: all its revisions up to rev, or all when rev is 0. key may end
// with ">".
func (b *Bus) erase(ctx context.Context, kv jetstream.KeyValue, key string, rev uint64) error {
	opts := []jetstream.StreamPurgeOpt{jetstream.WithPurgeSubject("$KV." + kv.Bucket() + "." + key)}
	if rev > 0 {
		opts = append(opts, jetstream.WithPurgeSequence(rev+1))
	}
	return b.behind[kv.Bucket()].Purge(ctx, opts...)
}

var errClosed = errors.New("the bus is closed")

// enter adds the caller to what Close waits for; false when the bus is closed.
func (b *Bus) enter() bool {
	b.gate.Lock()
	defer b.gate.Unlock()
	if b.ctx.Err() != nil {
		return false
	}
	b.work.Add(1)
	return true
}

// handlerWait is how long Close waits for handlers that do not return.
const handlerWait = 10 * time.Second

// Close says goodbye to the other nodes, so that they need not wait for heartbeats, and stops the engine if it is embedded.
// What was acknowledged is on disk. Close the runtime first.
func (b *Bus) Close() error {
	b.closing.Do(func() {
		b.gate.Lock()
		b.cancel()
		b.gate.Unlock()
		b.awaitWork()
		b.depart()
		for _, c := range []*nats.Conn{b.writer, b.reader} {
			if c != nil {
				c.Close()
			}
		}
		if b.engine != nil && b.opts.within == nil {
			b.engine.Shutdown()
			b.engine.WaitForShutdown()
		}
		b.lock.release()
	})
	return nil
}

func (b *Bus) awaitWork() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.work.Wait()
	}()
	patience := time.NewTimer(handlerWait)
	defer patience.Stop()
	select {
	case <-done:
	case <-patience.C:
		b.log.Error("a handler does not return; closing without it")
	}
}

// validKey reports whether s can be part of a subject and of a key.
func validKey(s string) bool {
	if s == "" || strings.HasPrefix(s, ".") {
		return false
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '=', r == '/':
		default:
			return false
		}
	}
	return true
}
