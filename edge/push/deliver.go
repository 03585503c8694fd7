package push

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
)

// Run delivers until ctx ends. Only it begins deliveries, so one that was not under way when the store was asked, and is
// pending, is nobody's.
func (p *Pusher) Run(ctx context.Context) {
	var crowd sync.WaitGroup
	defer crowd.Wait()
	places := make(chan struct{}, p.Workers)
	for ctx.Err() == nil {
		begun := 0
		for _, d := range p.due(ctx) {
			select {
			case places <- struct{}{}:
			case <-ctx.Done():
				return
			}
			begun++
			p.begin(d)
			crowd.Go(func() {
				p.deliver(ctx, d)
				p.end(d)
				<-places
			})
		}
		if begun == 0 {
			p.rest(ctx)
		}
	}
}

// due lists what is to be delivered now, at most one delivery of each session, and none that is under way.
func (p *Pusher) due(ctx context.Context) []Delivery {
	if p.Turn != nil && !p.Turn() {
		return nil
	}
	p.mu.Lock()
	busy := maps.Clone(p.under)
	p.mu.Unlock()
	due, err := p.Store.DueDeliveries(ctx, time.Now(), 4*p.Workers)
	if err != nil && ctx.Err() == nil {
		p.Log.Error("deliveries cannot be read", "error", err)
	}
	return slices.DeleteFunc(due, func(d Delivery) bool { return busy[d.session()] })
}

func (d *Delivery) session() openseat.Ref { return openseat.CallRef(d.App, d.SessionID) }

func (p *Pusher) begin(d Delivery) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.under[d.session()] = true
}

func (p *Pusher) end(d Delivery) {
	p.mu.Lock()
	delete(p.under, d.session())
	p.mu.Unlock()
	p.Wake() // the session's next one may go
}

// rest waits for something to do.
func (p *Pusher) rest(ctx context.Context) {
	pause := time.NewTimer(min(idleWait, p.Backoff[0]))
	defer pause.Stop()
	select {
	case <-ctx.Done():
	case <-p.wake:
	case <-pause.C:
	}
}

func (p *Pusher) deliver(ctx context.Context, d Delivery) {
	d.Attempts++
	a, err := p.attempt(ctx, d)
	if ctx.Err() != nil { // we are stopping: the attempt does not count, the delivery comes again with its UUID
		return
	}
	d.Status, d.Error = a.status, ""
	switch {
	case err == nil:
		d.State, d.SentAt = Sent, time.Now()
	case d.Attempts > len(p.Backoff):
		d.State, d.Error = Failed, clip(err.Error())
		p.Alarm("push", fmt.Errorf("session %s: %s push given up after %d attempts: %w", d.SessionID, d.Action, d.Attempts, err))
	default:
		d.NextAt, d.Error = time.Now().Add(p.Backoff[d.Attempts-1]), clip(err.Error())
	}
	p.settle(ctx, d)
}

// settle stores what became of an attempt, however long that takes: a store that does not write must not have the receiver
// told the same again and again.
func (p *Pusher) settle(ctx context.Context, d Delivery) {
	for {
		err := p.Store.SettleDelivery(ctx, d)
		var gone *openseat.Error
		if err == nil || errors.As(err, &gone) || ctx.Err() != nil {
			return
		}
		p.Log.Error("a delivery cannot be settled", "uuid", d.UUID, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(settleWait):
		}
	}
}

func clip(s string) string { return s[:min(len(s), errorLimit)] }

// answer is what the receiver said.
type answer struct {
	status int // HTTP, 0 = nothing
	body   []byte
}

// errOff says that an instance has no receiver.
var errOff = errors.New("the push is switched off")

// attempt posts a delivery once. A nil error means that the receiver took it.
func (p *Pusher) attempt(ctx context.Context, d Delivery) (answer, error) {
	v := p.View(d.App)
	if v == nil || v.Push.URL == "" {
		return answer{}, errOff
	}
	ctx, cancel := context.WithTimeout(ctx, attemptWait)
	defer cancel()
	a, err := p.post(ctx, v.Push, d)
	if a.status == http.StatusUnauthorized && v.Push.Auth == "oauth2" { // a token may be withdrawn before it expires
		p.auths.forget(v.Push)
		a, err = p.post(ctx, v.Push, d)
	}
	return a, err
}

func (p *Pusher) post(ctx context.Context, to org.Push, d Delivery) (answer, error) {
	addr, err := address(to.URL, d.Action)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, addr, bytes.NewReader(d.Body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", contentType(d.Action))
	req.Header.Set(api.PushUUIDHeader, d.UUID)
	if err := p.auths.authorize(ctx, req, to); err != nil {
		return answer{}, err
	}
	res, err := p.HTTP.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode}
	if a.body, err = io.ReadAll(io.LimitReader(res.Body, answerLimit)); err != nil {
		return a, err
	}
	return a, a.taken()
}

// contentType is as the manual has it, letter by letter: it names the charset differently per action.
func contentType(action string) string {
	if action == api.PushRecord {
		return "application/json; charset=utf-8"
	}
	return "application/json; charset=utf8"
}

// address is the receiver's URL with the push's query; what query the URL has stays.
func address(base, action string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("action", action)
	if action != api.PushVoicemail {
		q.Set("version", "1")
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// taken says whether the receiver took the push: HTTP 2xx with ErrCode 0.
func (a answer) taken() error {
	if a.status/100 != 2 {
		return fmt.Errorf("the receiver answered HTTP %d", a.status)
	}
	var said struct {
		ErrCode *int64
		ErrMsg  string
	}
	if err := json.Unmarshal(a.body, &said); err != nil {
		return fmt.Errorf("the receiver's answer is no JSON: %w", err)
	}
	if said.ErrCode == nil {
		return errors.New("the receiver's answer has no ErrCode")
	}
	if *said.ErrCode != 0 {
		return fmt.Errorf("the receiver answered ErrCode %d: %s", *said.ErrCode, said.ErrMsg)
	}
	return nil
}
