package main

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/edge/hooks"
	"openseat/voice"
)

// executors do what calls want: the exchange on lines, the helper at the company's servers.
type executors struct {
	exchange *voice.Exchange
	helper   *hooks.Helper
}

// helpers is what those beside the lines do for calls.
func helpers() call.Helpers { return call.Helpers{Fetch: true, Text: true, Route: true} }

// Execute implements live.Executor.
func (x executors) Execute(ref openseat.Ref, at time.Time, commands []openseat.Command) {
	x.exchange.Execute(ref, at, commands)
	x.helper.Execute(ref, at, commands)
}

// Lost implements live.Loser.
func (x executors) Lost(ref openseat.Ref) { x.exchange.Lost(ref) }

// allowed reads --hooks-allow: networks, with commas between them.
func allowed(list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("--hooks-allow: %w", err)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
