package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"openseat"
)

// Local is what other nodes reach here: a live.Runtime.
type Local interface {
	TellHere(ctx context.Context, ref openseat.Ref, e openseat.Event) error
	AskHere(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error)
}

const (
	// remoteWait is the limit of a request to another node when its context has none.
	remoteWait = 5 * time.Second
	// visitors is how many questions of other nodes may wait here for their answers.
	visitors = 4096
)

// request and response travel between nodes.
type request struct {
	Ref   openseat.Ref    `json:"ref"`
	Event json.RawMessage `json:"event"`
	Wait  time.Duration   `json:"wait,omitempty"` // of an ask
}

type response struct {
	Error *openseat.Error `json:"error,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

func nodeSubject(node, verb string) string { return "node." + node + "." + verb }

// Serve lets other nodes tell and ask this node's things, until the bus is closed. Tells of one node arrive in its order.
func (b *Bus) Serve(local Local) error {
	if _, err := b.reader.Subscribe(nodeSubject(b.self, "tell"), func(m *nats.Msg) { b.told(local, m) }); err != nil {
		return err
	}
	slots := make(chan struct{}, visitors)
	_, err := b.reader.Subscribe(nodeSubject(b.self, "ask"), func(m *nats.Msg) {
		select {
		case slots <- struct{}{}:
			go func() { // ends with its context, at the latest when the bus is closed
				defer func() { <-slots }()
				b.asked(local, m)
			}()
		default:
			b.respond(m, nil, openseat.Errorf(openseat.CodeUnavailable, "node %s is asked too much; try again", b.self))
		}
	})
	if err != nil {
		return err
	}
	return b.flush()
}

func (b *Bus) told(local Local, m *nats.Msg) {
	r, e, err := b.read(m)
	if err == nil {
		err = local.TellHere(b.ctx, r.Ref, e)
	}
	b.respond(m, nil, err)
}

func (b *Bus) asked(local Local, m *nats.Msg) {
	r, e, err := b.read(m)
	if err != nil {
		b.respond(m, nil, err)
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, min(max(r.Wait, 0), time.Minute))
	defer cancel()
	v, err := local.AskHere(ctx, r.Ref, e)
	b.respond(m, v, err)
}

func (b *Bus) read(m *nats.Msg) (r request, e openseat.Event, err error) {
	if err = json.Unmarshal(m.Data, &r); err == nil {
		e, err = b.codec.UnmarshalEvent(r.Event)
	}
	if err != nil {
		b.log.Error("another node's request is not understood", "err", err)
		return r, nil, openseat.Errorf(openseat.CodeUnsupported, "node %s does not understand this", b.self)
	}
	return r, e, nil
}

func (b *Bus) respond(m *nats.Msg, v any, err error) {
	var out response
	if err == nil && v != nil {
		out.Value, err = json.Marshal(v)
	}
	if err != nil {
		out.Error = openseat.AsError(err)
	}
	data, err := json.Marshal(out)
	if err == nil {
		err = m.Respond(data)
	}
	if err != nil {
		b.log.Warn("another node gets no answer", "err", err)
	}
}

// Tell implements live.Remote.
func (b *Bus) Tell(ctx context.Context, node string, ref openseat.Ref, e openseat.Event) error {
	_, err := b.call(ctx, node, "tell", ref, e)
	return err
}

// Ask implements live.Remote.
func (b *Bus) Ask(ctx context.Context, node string, ref openseat.Ref, e openseat.Event) (any, error) {
	v, err := b.call(ctx, node, "ask", ref, e)
	if err != nil || v == nil {
		return nil, err
	}
	return v, nil
}

func (b *Bus) call(ctx context.Context, node, verb string, ref openseat.Ref, e openseat.Event) (json.RawMessage, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, remoteWait)
		defer cancel()
	}
	event, err := b.codec.MarshalEvent(e)
	if err != nil {
		return nil, openseat.Errorf(openseat.CodeInvalidParameter, "%v", err)
	}
	deadline, _ := ctx.Deadline()
	data, err := json.Marshal(request{Ref: ref, Event: event, Wait: time.Until(deadline)})
	if err != nil {
		return nil, err
	}
	m, err := b.reader.RequestWithContext(ctx, nodeSubject(node, verb), data)
	if errors.Is(err, nats.ErrNoResponders) {
		return nil, openseat.Errorf(openseat.CodeUnavailable, "node %s cannot be reached; try again", node)
	}
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", node, err)
	}
	var out response
	if err := json.Unmarshal(m.Data, &out); err != nil {
		return nil, fmt.Errorf("node %s: %w", node, err)
	}
	if out.Error != nil {
		return nil, out.Error
	}
	return out.Value, nil
}
