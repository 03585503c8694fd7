package main

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/flow"
	"openseat/core/org"
	"openseat/edge/hooks"
	"openseat/live"
	"openseat/store"
	"openseat/voice"
)

// executors do what calls want: the exchange on lines, the helper at the company's servers.
type executors struct {
	exchange *voice.Exchange
	helper   *hooks.Helper
}

// Execute implements live.Executor.
func (x executors) Execute(ref openseat.Ref, at time.Time, commands []openseat.Command) {
	x.exchange.Execute(ref, at, commands)
	x.helper.Execute(ref, at, commands)
}

// Lost implements live.Loser.
func (x executors) Lost(ref openseat.Ref) { x.exchange.Lost(ref) }

// planner starts inbound calls with all that their flows refer to.
type planner struct {
	runtime *live.Runtime
	views   *store.Views

	mu      sync.Mutex
	bundles map[openseat.AppID]bundles
}

// bundles are the sub-flows of an instance's flows, as one picture has them.
type bundles struct {
	view *org.View
	of   map[string]map[string]*flow.Definition
}

func newPlanner(runtime *live.Runtime, views *store.Views) *planner {
	return &planner{runtime: runtime, views: views, bundles: map[openseat.AppID]bundles{}}
}

// Start implements voice.Starter.
func (p *planner) Start(ctx context.Context, ref openseat.Ref, first openseat.Event) error {
	if in, ok := first.(call.Arrived); ok {
		in.Plan.Helpers = call.Helpers{Fetch: true, Text: true}
		if v := p.views.Get(ref.App); v != nil && v.Numbers[in.Callee] != nil {
			in.Plan.Flows = p.flows(v, v.Numbers[in.Callee].Flow)
		}
		first = in
	}
	return p.runtime.Start(ctx, ref, first)
}

// flows are the sub-flows that a flow needs. What was published has been checked; a flow that is broken all the same fails in
// the call, which says so.
func (p *planner) flows(v *org.View, name string) map[string]*flow.Definition {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.bundles[v.Instance.App]
	if b.view != v {
		b = bundles{view: v, of: map[string]map[string]*flow.Definition{}}
		p.bundles[v.Instance.App] = b
	}
	if known, ok := b.of[name]; ok {
		return known
	}
	find := func(name string) *flow.Definition {
		if v.Flows[name] == nil {
			return nil
		}
		d, err := flow.Parse(v.Flows[name].Definition)
		if err != nil {
			return nil
		}
		return d
	}
	if d := find(name); d != nil {
		b.of[name], _ = d.Bundle(find) // nil when one is missing
	}
	return b.of[name]
}

// prefixes reads a list of networks, with commas between them.
func prefixes(option, list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", option, err)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
