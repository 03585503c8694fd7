package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"openseat"
	"openseat/core/call"
)

// TCCC's interface of inbound calls: so long a try, so many tries.
const (
	routeWait  = 4900 * time.Millisecond // 5 s, so that the call's own patience (three times 5 s) outlasts all tries
	routeTries = 3
)

// callInBound is what the company's server is asked, and answers.
type (
	callInBound struct {
		Event       string         `json:"Event"`
		SessionID   string         `json:"SessionId"`
		SdkAppID    int64          `json:"SdkAppId"`
		CallInBound askedOfInbound `json:"CallInBound"`
	}
	askedOfInbound struct {
		IvrID  int64  `json:"IvrId"`
		Caller string `json:"Caller"`
		Callee string `json:"Callee"`
	}
	inboundAnswer struct {
		CallInBound *struct {
			IvrID     *int64 `json:"IvrId"`
			Variables []struct {
				Key   string `json:"Key"`
				Value string `json:"Value"`
			} `json:"Variables"`
		} `json:"CallInBound"`
	}
)

// route asks who answers, up to three times.
func (h *Helper) route(ref openseat.Ref, c call.AskRoute) call.Routed {
	var err error
	for range routeTries {
		var routed call.Routed
		if routed, err = h.routeOnce(ref, c); err == nil {
			return routed
		}
		h.Log.Warn("a number's interface fails", "call", ref.ID, "error", err)
	}
	return call.Routed{ID: c.ID, Error: err.Error()}
}

func (h *Helper) routeOnce(ref openseat.Ref, c call.AskRoute) (call.Routed, error) {
	ctx, cancel := context.WithTimeout(h.ctx, routeWait)
	defer cancel()
	req, err := routeRequest(ctx, ref, c)
	if err != nil {
		return call.Routed{}, err
	}
	res := h.client.send(req)
	switch {
	case res.Error != "":
		return call.Routed{}, errors.New(res.Error)
	case res.Status/100 != 2:
		return call.Routed{}, fmt.Errorf("the server answered HTTP %d", res.Status)
	}
	var a inboundAnswer
	if err := json.Unmarshal([]byte(res.Body), &a); err != nil {
		return call.Routed{}, errors.New("the server's answer is no JSON")
	}
	if a.CallInBound == nil {
		return call.Routed{}, errors.New("the server's answer has no CallInBound")
	}
	return h.routed(ref, c, a)
}

func routeRequest(ctx context.Context, ref openseat.Ref, c call.AskRoute) (*http.Request, error) {
	u, err := address(c.URL)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(callInBound{
		Event: "callInBound", SessionID: ref.ID, SdkAppID: int64(ref.App),
		CallInBound: askedOfInbound{IvrID: c.IVRID, Caller: c.Caller, Callee: c.Callee},
	})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "OpenSeat")
	return req, nil
}

// routed reads an answer. One that names neither a flow nor a variable refuses the call.
func (h *Helper) routed(ref openseat.Ref, c call.AskRoute, a inboundAnswer) (call.Routed, error) {
	out := call.Routed{ID: c.ID, Vars: map[string]string{}}
	for _, v := range a.CallInBound.Variables {
		out.Vars[v.Key] = v.Value
	}
	switch id := a.CallInBound.IvrID; {
	case id == nil && len(out.Vars) == 0:
		return call.Routed{ID: c.ID, Reject: true}, nil
	case id == nil || *id == c.IVRID:
		return out, nil
	default:
		view := h.View(ref.App)
		if view == nil {
			return call.Routed{}, errors.New("the instance is gone")
		}
		f := call.FlowByID(view.Flows, *id)
		if f == nil {
			return call.Routed{}, fmt.Errorf("the server wants flow %d, which is not published", *id)
		}
		p := call.Plan{}.WithFlow(f.Definition, view.Flows)
		out.Flow, out.Flows = p.Flow, p.Flows
		return out, nil
	}
}
