package report

import (
	"context"
	"fmt"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// Store keeps records. Every method may be told the same thing again, and then changes nothing.
type Store interface {
	PutCDR(ctx context.Context, c CDR) error
	PutRecording(ctx context.Context, r call.Recording) error
	// PutStatus notes that an agent's status began at Since; the status before it ends there.
	PutStatus(ctx context.Context, app openseat.AppID, a acd.AgentChanged) error
}

// Keeper writes the journal's records into the store.
type Keeper struct {
	Store Store
	View  func(app openseat.AppID) *org.View // nil when there is no such instance
}

// KeeperWants tells whether an entry with these commands holds a record, so that others need not be decoded.
func KeeperWants(names []string) bool {
	for _, n := range names {
		switch n {
		case "call.Closed", "call.Recorded", "acd.AgentChanged":
			return true
		}
	}
	return false
}

// Handle writes the records of one entry.
func (k *Keeper) Handle(ctx context.Context, e openseat.Entry) error {
	for _, c := range e.Commands {
		if err := k.keep(ctx, e.Ref.App, c); err != nil {
			return fmt.Errorf("record of %s at %s: %w", e.Ref, e.At.Format(time.RFC3339), err)
		}
	}
	return nil
}

func (k *Keeper) keep(ctx context.Context, app openseat.AppID, c openseat.Command) error {
	switch c := c.(type) {
	case call.Closed:
		v := k.View(app)
		if v == nil {
			v = &org.View{}
		}
		return k.Store.PutCDR(ctx, NewCDR(c.Record, v))
	case call.Recorded:
		return k.Store.PutRecording(ctx, c.Recording)
	case acd.AgentChanged:
		return k.Store.PutStatus(ctx, app, c)
	}
	return nil
}
