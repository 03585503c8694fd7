package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"openseat/api"
)

// mostEvidence bounds how many sessions are told of when a test has failed.
const mostEvidence = 6

// evidence tells, when the test has failed, what the center knows of the latest sessions.
func (w *world) evidence() {
	if !w.t.Failed() || w.isOver() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stepTime) // the test's own is over
	defer cancel()
	status, body := fetch(ctx, w.demo.HTTP+"/demo/api/sessions")
	var sessions []struct{ SessionID string }
	if status != http.StatusOK || json.Unmarshal(body, &sessions) != nil {
		return
	}
	var out strings.Builder
	for _, s := range sessions[:min(len(sessions), mostEvidence)] {
		fmt.Fprintf(&out, "session %s\n", s.SessionID)
		t, err := w.api.DescribeSessionTimeline(ctx, &api.DescribeSessionTimelineRequest{SdkAppId: w.demo.SdkAppID, SessionId: s.SessionID})
		if err != nil {
			fmt.Fprintln(&out, " ", err)
			continue
		}
		for _, step := range t.Steps {
			fmt.Fprintf(&out, "  %d %s %s -> %s\n", step.TimestampMs%1_000_000, step.Event, step.Detail, strings.Join(step.Commands, "; "))
		}
	}
	w.t.Log(out.String())
}
