package push

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/google/uuid"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// shownBody is how much of a receiver's answer is shown to people.
const shownBody = 4 << 10

// Try sends the instance's receiver an example of a push, once, and tells what it says. Nothing of it is kept.
func (p *Pusher) Try(ctx context.Context, app openseat.AppID, action string) (api.TestPushResponse, error) {
	v := p.View(app)
	if v == nil || v.Push.URL == "" {
		return api.TestPushResponse{}, openseat.Errorf(openseat.CodeStateNotAllowed, "%v", errOff)
	}
	public, now := p.isPublic(ctx, v.Push), time.Now()
	body, err := json.Marshal(p.example(v, action, now))
	if err != nil {
		return api.TestPushResponse{}, err
	}
	a, err := p.attempt(ctx, Delivery{App: app, UUID: uuid.NewString(), Action: action, Body: body})
	if !public {
		return api.TestPushResponse{Payload: body, Failure: notShown}, nil
	}
	told := api.TestPushResponse{
		HTTPStatus: int64(a.status), Body: string(a.body[:min(len(a.body), shownBody)]), LatencyMs: time.Since(now).Milliseconds(), Payload: body,
	}
	if err != nil {
		told.Failure = clip(withoutAddress(err).Error())
	}
	return told, nil
}

// notShown is all that a test says of a receiver that is not public, whatever it answered.
const notShown = "the address is in a private network, or is not found: the example was sent, and nothing is shown of what became of it"

// isPublic tells whether both the receiver, and who gives the tokens for it, are public.
func (p *Pusher) isPublic(ctx context.Context, to org.Push) bool {
	if p.Public == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, attemptWait)
	defer cancel()
	asked := []string{to.URL}
	if to.Auth == org.PushAuthOAuth2 {
		asked = append(asked, to.TokenURL)
	}
	for _, address := range asked {
		u, err := url.Parse(address)
		if err != nil || !p.Public(ctx, u.Hostname()) {
			return false
		}
	}
	return true
}

// withoutAddress leaves the address, which may hold secrets, out of what net/http says.
func withoutAddress(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// example is a push of a call that never was.
func (p *Pusher) example(v *org.View, action string, now time.Time) any {
	const session, customer = "test-00000000-0000-0000-0000-000000000000", "008613800138000"
	app, at := v.Instance.App, func(ago time.Duration) time.Time { return now.Add(-ago) }
	recording := call.Recording{App: app, SessionID: session, Record: "test", EndpointUser: customer, Kind: "record", StartAt: at(time.Minute)}
	switch action {
	case api.PushRecord:
		return api.RecordPush{
			SdkAppId: int64(app), RecordId: recording.Record, SessionId: session, Timestamp: now.Unix(), EndpointUser: customer,
			RecordURL: p.Link(recording),
		}
	case api.PushVoicemail:
		return api.VoicemailPush{
			SdkAppId: int64(app), SessionId: session, Timestamp: now.Unix(), RecordURL: p.Link(recording), EndpointUser: customer,
		}
	}
	cdr := report.NewCDR(call.Facts{
		App: app, SessionID: session, Direction: call.Inbound, CallType: call.TypeInbound, Caller: customer, Callee: "00864008001000",
		StartAt: at(70 * time.Second), QueuedAt: at(65 * time.Second), RingAt: at(63 * time.Second), AcceptAt: at(time.Minute), EndAt: now,
		End: call.EndOK, HungUpSide: call.SideUser, Keys: []call.Key{{Key: "1", Label: "Support", At: at(66 * time.Second)}},
	}, v)
	return CDRBody(&cdr)
}
