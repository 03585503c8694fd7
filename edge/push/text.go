package push

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"openseat"
)

// actionText is the push that has the company send a text message. TCCC has no such push; its receiver is the company's own.
const actionText = "sms"

// textPush is that push's body.
type textPush struct {
	SdkAppID    int64  `json:"SdkAppId"`
	SessionID   string `json:"SessionId"`
	PhoneNumber string `json:"PhoneNumber"`
	Text        string `json:"Text"`
}

// Text has the company's receiver send a text message for a call: a push that is tried once, since a text that comes late is
// worse than none. The same id gives the same UUID.
func (p *Pusher) Text(ctx context.Context, ref openseat.Ref, id, to, body string) error {
	b, err := json.Marshal(textPush{SdkAppID: int64(ref.App), SessionID: ref.ID, PhoneNumber: to, Text: body})
	if err != nil {
		return err
	}
	_, err = p.attempt(ctx, Delivery{
		App: ref.App, SessionID: ref.ID, Action: actionText, Body: b,
		UUID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(ref.String()+"/"+id)).String(),
	})
	return err
}
