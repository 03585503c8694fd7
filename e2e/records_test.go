package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
	"openseat/sim/company"
)

// awaitSound waits until something is heard in a call.
func awaitSound(ctx context.Context, c *carrier.Call) error {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	for {
		err := await(ctx, stepTime, func() bool { return loud(c.Heard()) })
		if err == nil {
			return nil
		}
		return errors.Join(errors.New("nothing was heard"), err)
	}
}

// loud tells whether there is sound in pcm.
func loud(pcm []int16) bool {
	const quiet = 500 // a whisper of a sample
	n := 0
	for _, s := range pcm {
		if s > quiet || s < -quiet {
			n++
		}
	}
	return n > 400 // 50 ms of them
}

// cdr waits for the push of a session's CDR.
func (w *world) cdr(session string) api.CDRPush {
	w.t.Helper()
	p, err := w.company.Await(w.within(stepTime), func(p company.Push) bool {
		return p.Action == api.PushCDR && p.SessionID == session
	})
	w.must(err)
	var cdr api.CDRPush
	w.must(json.Unmarshal(p.Body, &cdr))
	return cdr
}

var _ = time.Second
