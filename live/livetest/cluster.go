package livetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"openseat"
	"openseat/live"
)

// Cluster is nodes that share leases and can reach each other's things.
type Cluster struct {
	mu     sync.Mutex
	rev    uint64
	leases map[openseat.Ref]held
	dead   map[string]time.Time // nodes that died, and when
	nodes  map[string]*live.Runtime
}

type held struct {
	node string
	rev  uint64
}

// NewCluster makes a cluster without nodes.
func NewCluster() *Cluster {
	return &Cluster{leases: make(map[openseat.Ref]held), dead: make(map[string]time.Time), nodes: make(map[string]*live.Runtime)}
}

// Join makes the runtime's things reachable for the other nodes.
func (c *Cluster) Join(node string, r *live.Runtime) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nodes[node] = r
}

// Kill declares a node dead, as of now. Its runtime is not touched: it may be made to believe that it lives.
func (c *Cluster) Kill(node string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead[node] = time.Now()
	delete(c.nodes, node)
}

// Node returns a node's live.Leases, which is its live.Remote as well.
func (c *Cluster) Node(name string) *Node { return &Node{c, name} }

// Node is one node's view of its cluster.
type Node struct {
	cluster *Cluster
	name    string
}

// Acquire implements live.Leases.
func (n *Node) Acquire(_ context.Context, ref openseat.Ref) (live.Lease, error) {
	c := n.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	lease := live.Lease{Ref: ref}
	if old, ok := c.leases[ref]; ok && old.node != n.name {
		died, dead := c.dead[old.node]
		if !dead {
			return lease, &live.TakenError{Node: old.node}
		}
		lease.Before = &live.Owner{Node: old.node, LastAlive: died}
	}
	c.rev++
	c.leases[ref] = held{n.name, c.rev}
	lease.Rev = c.rev
	return lease, nil
}

// Release implements live.Leases.
func (n *Node) Release(_ context.Context, l live.Lease) error {
	c := n.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.leases[l.Ref]; h.node == n.name && (l.Rev == 0 || l.Rev == h.rev) {
		delete(c.leases, l.Ref)
	}
	return nil
}

// Owner implements live.Leases.
func (n *Node) Owner(_ context.Context, ref openseat.Ref) (*live.Owner, error) {
	c := n.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.leases[ref]
	if !ok {
		return nil, nil
	}
	died, dead := c.dead[h.node]
	return &live.Owner{Node: h.node, Alive: !dead, LastAlive: died}, nil
}

// Orphans implements live.Leases.
func (n *Node) Orphans(context.Context) ([]openseat.Ref, error) {
	c := n.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	var refs []openseat.Ref
	for ref, h := range c.leases {
		if _, dead := c.dead[h.node]; dead {
			refs = append(refs, ref)
		}
	}
	return refs, nil
}

// Held returns how many leases there are.
func (c *Cluster) Held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.leases)
}

func (n *Node) peer(name string) (*live.Runtime, error) {
	n.cluster.mu.Lock()
	defer n.cluster.mu.Unlock()
	r := n.cluster.nodes[name]
	if r == nil {
		return nil, fmt.Errorf("node %s cannot be reached", name)
	}
	return r, nil
}

// Tell implements live.Remote.
func (n *Node) Tell(ctx context.Context, node string, ref openseat.Ref, e openseat.Event) error {
	r, err := n.peer(node)
	if err != nil {
		return err
	}
	return r.TellHere(ctx, ref, e)
}

// Ask implements live.Remote.
func (n *Node) Ask(ctx context.Context, node string, ref openseat.Ref, e openseat.Event) (any, error) {
	r, err := n.peer(node)
	if err != nil {
		return nil, err
	}
	v, err := r.AskHere(ctx, ref, e)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(v)
	return json.RawMessage(b), err
}
