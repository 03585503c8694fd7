package cloudapi

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
)

// Limits of CreateIVRSession.
const (
	maxIVRVariables = 100
	longestRing     = 120 // seconds
)

// createIVRSession dials a customer for a flow.
func (h *handler) createIVRSession(
	ctx context.Context, who caller, r *api.CreateIVRSessionRequest,
) (*api.CreateIVRSessionResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	first, err := flowCall(view, r)
	if err != nil {
		return nil, err
	}
	if err := h.Office.MayDial(ctx, view, "", first.Callee); err != nil {
		return nil, err
	}
	session, err := h.Dialer.CallFlow(ctx, who.app, first)
	return &api.CreateIVRSessionResponse{SessionId: session}, err
}

// flowCall is the first event of the call.
func flowCall(view *org.View, r *api.CreateIVRSessionRequest) (call.CallOutFlow, error) {
	ring, uui := given(r.MaxRingTimeoutSecond), given(r.UUI)
	switch {
	case len(uui) > maxUUI:
		return call.CallOutFlow{}, invalidValue("UUI", "has %d bytes, which is more than %d", len(uui), maxUUI)
	case len(r.Callers) > maxCallers:
		return call.CallOutFlow{}, invalidValue("Callers", "has more than %d elements", maxCallers)
	case ring < 0 || ring > longestRing:
		return call.CallOutFlow{}, invalidValue("MaxRingTimeoutSecond", "is not in the range 0 to %d", longestRing)
	}
	f := call.FlowByID(view.Flows, r.IVRId)
	if f == nil {
		return call.CallOutFlow{}, invalidValue("IVRId", "is no published flow's")
	}
	vars, err := flowVars(r.Variables)
	if err != nil {
		return call.CallOutFlow{}, err
	}
	callee, err := org.Normalize(r.Callee, view.Instance.Settings.Region)
	if err != nil {
		return call.CallOutFlow{}, openseat.Errorf(openseat.AsError(err).Code, "The parameter `Callee` is not a telephone number.")
	}
	shown, err := ivrNumber(view, r.Callers)
	if err != nil {
		return call.CallOutFlow{}, err
	}
	plan := call.Plan{
		App: view.Instance.App, Groups: view.Groups, MediaLossGrace: view.Instance.Settings.MediaLossGrace, Vars: vars,
		Schedules: call.Schedules(view.Schedules),
	}.WithFlow(f.Definition, view.Flows)
	return call.CallOutFlow{
		Plan: plan, Trunk: shown.Trunk, Caller: shown.Number, Callee: callee, UUI: uui, Location: view.Locate(callee),
		Ring: time.Duration(ring) * time.Second,
	}, nil
}

// flowVars are the values that the flow begins with. Those of the system are not the caller's to give.
func flowVars(list []api.Variable) (map[string]string, error) {
	if len(list) > maxIVRVariables {
		return nil, invalidValue("Variables", "has more than %d elements", maxIVRVariables)
	}
	vars := map[string]string{}
	for i, v := range list {
		if v.Key == "" || strings.HasPrefix(v.Key, "System") {
			return nil, invalidValue(join("Variables", i)+".Key", "is not a name that may be given")
		}
		vars[v.Key] = v.Value
	}
	return vars, nil
}

// ivrNumber is the first of the wanted numbers that may be shown; without wishes, the instance's first.
func ivrNumber(view *org.View, wanted []string) (*org.Number, error) {
	if len(wanted) == 0 {
		wanted = slices.Sorted(maps.Keys(view.Numbers))
	}
	for _, w := range wanted {
		number, err := org.Normalize(w, view.Instance.Settings.Region)
		if err != nil {
			return nil, invalidValue("Callers", "has %.40q, which is not a telephone number", w)
		}
		if n := view.Numbers[number]; n != nil && n.CallOut && n.State == org.NumberNormal {
			return n, nil
		}
	}
	return nil, openseat.Errorf(openseat.CodeNoCallOutNumber, "There is no number that may be shown.")
}
