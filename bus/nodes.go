package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"openseat/live"
)

const (
	heartbeat = time.Second
	// deadAfter is how long a silent node is believed to live.
	deadAfter = 5 * time.Second
	// remembered is how long a dead node's last heartbeat is kept.
	remembered = 7 * 24 * time.Hour
)

// pulse is a node's heartbeat, or its goodbye.
type pulse struct {
	At   time.Time `json:"at"`
	Gone bool      `json:"gone,omitempty"` // At is its last moment
}

// nodes knows who is alive, by listening to everybody's heartbeats. Silence is measured with this machine's clock; clocks of
// nodes need not agree.
type nodes struct {
	kv   jetstream.KeyValue
	self string

	mu    sync.Mutex
	known map[string]*peer
	heard time.Time // our own heartbeat came back: we can hear
	swept bool      // all leases have been looked at once
}

type peer struct {
	heard time.Time
	last  pulse
	clean bool // it is dead, and no lease is its any more
}

// announce begins our heartbeat and listens to the others'.
func (b *Bus) announce(ctx context.Context) error {
	kv, err := b.bucket(ctx, "nodes", remembered)
	if err != nil {
		return err
	}
	n := &nodes{kv: kv, self: b.self, known: make(map[string]*peer)}
	if err := n.buryFormerSelves(ctx, b.opts.Node); err != nil {
		return err
	}
	if err := n.beat(ctx); err != nil {
		return err
	}
	b.nodes = n
	w, err := kv.WatchAll(b.ctx)
	if err != nil {
		return err
	}
	ready := make(chan struct{})
	b.work.Go(func() { n.listen(w, ready) })
	b.work.Go(func() { b.keepBeating(n) })
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// buryFormerSelves declares the earlier lives of this node dead: there is only one process of a name.
func (n *nodes) buryFormerSelves(ctx context.Context, name string) error {
	keys, err := n.kv.Keys(ctx)
	if errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, key := range keys {
		if former, _, _ := strings.Cut(key, "-"); former != name || key == n.self {
			continue
		}
		e, err := n.kv.Get(ctx, key)
		if err != nil {
			continue // just expired
		}
		if p := pulseOf(e); !p.Gone {
			if err := n.put(ctx, key, pulse{At: p.At, Gone: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

func pulseOf(e jetstream.KeyValueEntry) pulse {
	var p pulse
	if json.Unmarshal(e.Value(), &p) != nil {
		p.At = e.Created()
	}
	return p
}

func (n *nodes) put(ctx context.Context, key string, p pulse) error {
	v, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = n.kv.Put(ctx, key, v)
	return err
}

func (n *nodes) beat(ctx context.Context) error {
	return n.put(ctx, n.self, pulse{At: time.Now().UTC()})
}

func (b *Bus) keepBeating(n *nodes) {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	failed := 0
	for {
		select {
		case <-tick.C:
			ctx, cancel := context.WithTimeout(b.ctx, heartbeat)
			err := n.beat(ctx)
			cancel()
			if err == nil {
				failed = 0
			} else if failed++; failed == 1 && b.ctx.Err() == nil {
				b.log.Warn("heartbeat failed", "err", err)
			}
		case <-b.ctx.Done():
			return
		}
	}
}

// depart is the last heartbeat.
func (b *Bus) depart() {
	if b.nodes == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := b.nodes.put(ctx, b.self, pulse{At: time.Now().UTC(), Gone: true}); err != nil {
		b.log.Warn("goodbye failed, others will wait for heartbeats", "err", err)
	}
}

// listen notes heartbeats; ready is closed when those that were there before are noted.
func (n *nodes) listen(w jetstream.KeyWatcher, ready chan struct{}) {
	defer func() { _ = w.Stop() }()
	for e := range w.Updates() {
		switch {
		case e == nil:
			close(ready)
		case e.Operation() == jetstream.KeyValuePut:
			n.note(e.Key(), pulseOf(e))
		}
	}
}

func (n *nodes) note(node string, p pulse) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := time.Now()
	if node == n.self {
		n.heard = now
		return
	}
	n.forgetOld(now)
	n.known[node] = &peer{heard: now, last: p}
}

// forgetOld keeps the map as bounded as the bucket.
func (n *nodes) forgetOld(now time.Time) {
	for name, p := range n.known {
		if now.Sub(p.heard) > remembered {
			delete(n.known, name)
		}
	}
}

// owner says what is known of a node.
func (n *nodes) owner(node string) live.Owner {
	n.mu.Lock()
	defer n.mu.Unlock()
	o := live.Owner{Node: node, Alive: true}
	if node == n.self {
		return o
	}
	p := n.known[node]
	if p == nil {
		// Either it has just come and its first heartbeat is on the way, or it died before heartbeats are remembered: its
		// silence begins now.
		p = &peer{heard: time.Now()}
		n.known[node] = p
	}
	if n.dead(p) {
		o.Alive, o.LastAlive = false, p.last.At
	}
	return o
}

// dead judges a node. Who does not even hear himself does not judge others.
func (n *nodes) dead(p *peer) bool {
	now := time.Now()
	return p.last.Gone || (now.Sub(p.heard) > deadAfter && now.Sub(n.heard) < deadAfter/2)
}

// suspects reports whether there may be things without a living owner.
func (n *nodes) suspects() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.swept {
		return true
	}
	for _, p := range n.known {
		if !p.clean && n.dead(p) {
			return true
		}
	}
	return false
}

// cleared notes which of the dead own nothing any more, after a look at all leases.
func (n *nodes) cleared(owning map[string]bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.swept = true
	for node, p := range n.known {
		if !owning[node] && n.dead(p) {
			p.clean = true
		}
	}
}

// Nodes lists the nodes that are known to live, this one included.
func (b *Bus) Nodes() []string {
	n := b.nodes
	n.mu.Lock()
	defer n.mu.Unlock()
	alive := []string{n.self}
	for node, p := range n.known {
		if !n.dead(p) {
			alive = append(alive, node)
		}
	}
	return alive
}

// Healthy returns nil while the engine answers and hears us: an error here means that this node is cut off.
func (b *Bus) Healthy() error {
	b.nodes.mu.Lock()
	silence := time.Since(b.nodes.heard)
	b.nodes.mu.Unlock()
	if silence > deadAfter {
		return fmt.Errorf("the messaging engine has not answered for %v", silence.Round(time.Second))
	}
	return nil
}
