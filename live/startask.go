package live

import (
	"context"

	"openseat"
)

// StartAsk is Start for a first event that is answered: it returns the new thing's Reply (see As). Errors are those of Start,
// and CodeFailed when no reply comes in time.
func (r *Runtime) StartAsk(ctx context.Context, ref openseat.Ref, first openseat.Event) (any, error) {
	ctx, cancel := limited(ctx, r.cfg.AskWait)
	defer cancel()
	id, answer := r.asks.open()
	defer r.asks.forget(id)
	if err := r.Start(ctx, ref, openseat.Asked{Ask: id, Event: first}); err != nil {
		return nil, err
	}
	select {
	case a := <-answer:
		return a.value, a.err
	case <-ctx.Done():
		return nil, errNoReply(ref)
	}
}
