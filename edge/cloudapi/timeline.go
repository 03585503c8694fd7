package cloudapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
)

// describeSessionTimeline tells a session's journal, line by line. What a line holds of the set-up is left out.
func (h *handler) describeSessionTimeline(
	ctx context.Context, who caller, r *api.DescribeSessionTimelineRequest,
) (*api.DescribeSessionTimelineResponse, error) {
	entries, err := h.Records.Timeline(ctx, who.app, r.SessionId)
	if errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) || (err == nil && len(entries) == 0) {
		return nil, noSession(r.SessionId)
	}
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeSessionTimelineResponse{Steps: []api.TimelineStep{}}
	for _, e := range entries {
		s, err := step(e)
		if err != nil {
			return nil, err
		}
		answer.Steps = append(answer.Steps, s)
	}
	return answer, nil
}

func step(e openseat.Entry) (api.TimelineStep, error) {
	event := plain(e.Event)
	detail, err := withoutSetup(event)
	if err != nil {
		return api.TimelineStep{}, fmt.Errorf("event %s: %w", event.EventName(), err)
	}
	s := api.TimelineStep{
		Seq: e.Seq, TimestampMs: e.At.UnixMilli(), Event: event.EventName(), Detail: detail, Commands: []string{}, Text: sentence(event),
	}
	for _, c := range e.Commands {
		s.Commands = append(s.Commands, commandText(c))
	}
	return s, nil
}

// plain takes the question off a question: what counts is what was told.
func plain(e openseat.Event) openseat.Event {
	if asked, ok := e.(openseat.Asked); ok && asked.Event != nil {
		return asked.Event
	}
	return e
}

// withoutSetup is an event's JSON without the set-up, values and servers' answers in it, whatever the event.
func withoutSetup(e openseat.Event) (json.RawMessage, error) {
	told, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	var all any
	d := json.NewDecoder(bytes.NewReader(told))
	d.UseNumber() // as they were written
	if err := d.Decode(&all); err != nil {
		return nil, err
	}
	hide(all)
	return json.Marshal(all)
}

// hide takes the fields out that nobody but the call needs, at any depth.
func hide(value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			switch strings.ToLower(name) {
			case "plan", "flow", "flows", "vars", "body":
				delete(v, name)
			default:
				hide(inner)
			}
		}
	case []any:
		for _, inner := range v {
			hide(inner)
		}
	}
}

// sentence says what happened, for people. What has no sentence of its own goes by its name.
func sentence(e openseat.Event) string {
	switch e := e.(type) {
	case call.Arrived:
		return fmt.Sprintf("%s calls %s on trunk %s", e.Caller, e.Callee, e.Trunk)
	case call.CallOut:
		return fmt.Sprintf("%s calls %s from %s", e.User, e.Callee, e.Caller)
	case call.LegRinging:
		return fmt.Sprintf("leg %s rings", e.Leg)
	case call.LegProgress:
		return fmt.Sprintf("leg %s sends early sound", e.Leg)
	case call.LegAnswered:
		return fmt.Sprintf("leg %s is answered", e.Leg)
	case call.LegEnded:
		return fmt.Sprintf("leg %s ends%s", e.Leg, causeText(e.Cause))
	case call.LegHeld:
		return fmt.Sprintf("leg %s %s", e.Leg, either(e.On, "puts us on hold", "takes us back"))
	case call.Digit:
		return fmt.Sprintf("leg %s presses %s", e.Leg, e.Digit)
	case call.PlayEnded:
		return fmt.Sprintf("prompt %s is over", e.Play)
	case call.PlayFailed:
		return fmt.Sprintf("prompt %s could not be played: %s", e.Play, e.Reason)
	case call.MediaLost:
		return fmt.Sprintf("leg %s falls silent", e.Leg)
	case call.MediaBack:
		return fmt.Sprintf("leg %s is heard again", e.Leg)
	case call.RecordingReady:
		return fmt.Sprintf("recording %s is ready, %s long", e.Record, e.Duration)
	case call.RecordingFailed:
		return fmt.Sprintf("recording %s is lost: %s", e.Record, e.Reason)
	default:
		return deed(e)
	}
}

// deed is the second half of sentence: what agents, programs and the queue do.
func deed(e openseat.Event) string {
	switch e := e.(type) {
	case call.Accepted:
		return e.User + " answers"
	case call.Declined:
		return e.User + " declines"
	case call.HungUp:
		return e.User + " hangs up"
	case call.Muted:
		return e.User + either(e.On, " mutes the microphone", " opens the microphone")
	case call.HeldByAgent:
		return e.User + either(e.On, " puts the customer on hold", " takes the customer back")
	case call.DigitsSent:
		return e.User + " sends digits"
	case call.EndedByAPI:
		return "the call is ended by " + e.By
	case acd.Offered:
		return "the queue offers the call to " + e.User
	case acd.OfferRevoked:
		return fmt.Sprintf("the queue takes the offer to %s back (%s)", e.User, e.Reason)
	case acd.NobodyOnline:
		return fmt.Sprintf("nobody is online in group %d", e.Group)
	case acd.Position:
		return fmt.Sprintf("place %d in the queue", e.Place)
	case acd.Granted:
		return e.User + " is reserved for the call"
	case acd.Refused:
		return fmt.Sprintf("%s cannot be reserved (%s)", e.User, e.Code)
	case acd.AgentGone:
		return e.User + " is gone"
	case openseat.TimerFired:
		return fmt.Sprintf("timer %s runs out", e.Name)
	case openseat.OwnerLost:
		return fmt.Sprintf("node %s died", e.Node)
	}
	return e.EventName()
}

func causeText(c call.Cause) string {
	if c.SIP == 0 && c.Text == "" {
		return ""
	}
	return strings.TrimRight(fmt.Sprintf(" (%d %s", c.SIP, c.Text), " ") + ")"
}

// commandText is a command's name, with what it tells whom.
func commandText(c openseat.Command) string {
	switch c := c.(type) {
	case openseat.Tell:
		return c.CommandName() + " " + c.Event.EventName()
	case call.Notify:
		return c.CommandName() + " " + c.Event
	}
	return c.CommandName()
}

func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}
