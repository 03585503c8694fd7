package company

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"openseat/api"
)

// maxBody bounds a push.
const maxBody = 1 << 20

// Push is one data push, however often it was delivered.
type Push struct {
	UUID      string          `json:"UUID"` // X-TCCC-PUSH-UUID
	Action    string          `json:"Action"`
	SessionID string          `json:"SessionId"`
	Body      json.RawMessage `json:"Body"`
	Attempts  int             `json:"Attempts"` // deliveries seen, taken or not
	Taken     bool            `json:"Taken"`    // once answered with ErrCode 0
	At        time.Time       `json:"At"`       // of the first delivery
}

// Manner is how one push is answered.
type Manner struct {
	Hang   bool   // not at all, until the pusher gives up
	Status int    // 0 means 200
	Body   string // empty means the usual JSON
	Code   int64  // ErrCode in the usual JSON; 0 means taken
}

// Next tells how the next pushes are answered, in order; after them all is well again.
func (c *Company) Next(manners ...Manner) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.manners = append(c.manners, manners...)
}

func (c *Company) receive(w http.ResponseWriter, r *http.Request) {
	if !c.authorized(r) {
		answer(w, http.StatusUnauthorized, api.PushReply{ErrCode: 401, ErrMsg: "not authorized"})
		return
	}
	p, err := read(r)
	if err != nil {
		answer(w, http.StatusBadRequest, api.PushReply{ErrCode: 400, ErrMsg: err.Error()})
		return
	}
	m := c.remember(p)
	switch {
	case m.Hang:
		<-r.Context().Done()
	case m.Body != "":
		w.WriteHeader(max(m.Status, http.StatusOK))
		_, _ = io.WriteString(w, m.Body) // the pusher has gone: nothing to be done
	default:
		answer(w, max(m.Status, http.StatusOK), api.PushReply{ErrCode: m.Code})
	}
}

// remember files a delivery under its UUID and says how to answer it.
func (c *Company) remember(p Push) Manner {
	c.mu.Lock()
	defer c.mu.Unlock()
	var m Manner
	if len(c.manners) > 0 {
		m, c.manners = c.manners[0], c.manners[1:]
	}
	known := c.known(p)
	known.Attempts++
	known.Taken = known.Taken || m == Manner{}
	close(c.changed)
	c.changed = make(chan struct{})
	return m
}

// known finds the push that p is a delivery of, or makes p that push.
func (c *Company) known(p Push) *Push {
	for _, k := range c.pushes {
		if k.UUID == p.UUID {
			return k
		}
	}
	if len(c.pushes) == keep {
		c.pushes = append(c.pushes[:0:0], c.pushes[1:]...)
	}
	c.pushes = append(c.pushes, &p)
	return &p
}

// read takes a push apart and is strict about it.
func read(r *http.Request) (Push, error) {
	p := Push{UUID: r.Header.Get(api.PushUUIDHeader), Action: r.URL.Query().Get("action"), At: time.Now()}
	if p.UUID == "" {
		return p, errors.New(api.PushUUIDHeader + " is missing")
	}
	if err := checkVersion(p.Action, r.URL.Query().Get("version")); err != nil {
		return p, err
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := strings.ReplaceAll(params["charset"], "-", ""); err != nil || kind != "application/json" || charset != "utf8" {
		return p, fmt.Errorf("content type %q is not JSON in utf8", r.Header.Get("Content-Type"))
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return p, fmt.Errorf("body: %w", err)
	}
	var session struct {
		SdkAppID  int64  `json:"SdkAppId"`
		SessionID string `json:"SessionId"`
	}
	if err := json.Unmarshal(body, &session); err != nil {
		return p, fmt.Errorf("body: %w", err)
	}
	if session.SdkAppID == 0 || session.SessionID == "" {
		return p, errors.New("body: SdkAppId or SessionId is missing")
	}
	p.Body, p.SessionID = body, session.SessionID
	return p, nil
}

func checkVersion(action, version string) error {
	want, known := map[string]string{api.PushCDR: "1", api.PushRecord: "1", api.PushVoicemail: ""}[action]
	switch {
	case !known:
		return fmt.Errorf("action %q is not known", action)
	case version != want:
		return fmt.Errorf("version of %s is %q, not %q", action, version, want)
	}
	return nil
}
