package main

import (
	"openseat"
	"openseat/api"
	"openseat/core/report"
	"openseat/store"
	"openseat/voice/sip"
)

// trunkLines is the trunks as the cloud API wants them.
type trunkLines struct {
	sip   *sip.Server
	views *store.Views
}

// Trunks implements cloudapi.Lines.
func (l trunkLines) Trunks(app openseat.AppID) []api.TrunkStatus {
	var all []api.TrunkStatus
	for _, t := range l.sip.Status() {
		if t.App == app {
			all = append(all, trunkStatus(t))
		}
	}
	return all
}

func trunkStatus(t sip.TrunkStatus) api.TrunkStatus {
	s := api.TrunkStatus{
		Name: t.Name, State: "unknown", Registered: t.Registered, LatencyMs: t.RoundTrip.Milliseconds(), LastError: t.CheckError,
		CheckTimestamp: report.Unix(t.Checked), Calls: int64(t.Calls), MaxCalls: int64(t.MaxCalls),
	}
	if t.RegisterError != "" {
		s.LastError = t.RegisterError
	}
	switch {
	case t.Checked.IsZero() && s.LastError == "":
	case s.LastError != "" || !t.Alive:
		s.State = "down"
	default:
		s.State = "up"
	}
	return s
}

// Try implements cloudapi.Lines.
func (l trunkLines) Try(app openseat.AppID, trunk, caller, callee string) (string, error) {
	v := l.views.Get(app)
	if v == nil || v.Trunks[trunk] == nil {
		return "", openseat.Errorf(openseat.CodeNotFound, "there is no trunk %s", trunk)
	}
	return l.sip.Try(v.Trunks[trunk], caller, callee)
}

// Trial implements cloudapi.Lines.
func (l trunkLines) Trial(app openseat.AppID, id string) (*api.DescribeTrunkTestResponse, error) {
	t, known := l.sip.Trial(app, id)
	if !known {
		return nil, openseat.Errorf(openseat.CodeNotFound, "there is no test call %s, or not any more", id)
	}
	answer := &api.DescribeTrunkTestResponse{Done: t.Done, OK: t.OK, EndStatus: t.Status, Steps: []api.TrunkTestStep{}}
	for _, s := range t.Steps {
		answer.Steps = append(answer.Steps, api.TrunkTestStep{AtMs: s.After.Milliseconds(), What: s.What, Detail: s.Detail})
	}
	return answer, nil
}
