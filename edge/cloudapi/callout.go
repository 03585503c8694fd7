package cloudapi

import (
	"context"
	"slices"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// The limits of CreateCallOutSession; the first is the documented one.
const (
	maxUUI     = 1024
	maxCallers = 20
)

// createCallOutSession rings the agent's mobile phone, and then the customer's.
func (h *handler) createCallOutSession(
	ctx context.Context, who caller, r *api.CreateCallOutSessionRequest,
) (*api.CreateCallOutSessionResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	agent, err := h.account(ctx, who.app, r.UserId)
	if err != nil {
		return nil, err
	}
	out, err := doubleCall(view, agent, r)
	if err != nil {
		return nil, err
	}
	if err := h.Office.MayDial(ctx, view, out.User, out.Callee); err != nil {
		return nil, err
	}
	session, err := h.Dialer.CallOut(ctx, who.app, out)
	return &api.CreateCallOutSessionResponse{SessionId: session}, err
}

// doubleCall is the first event of the call.
func doubleCall(view *org.View, agent org.Staff, r *api.CreateCallOutSessionRequest) (call.CallOut, error) {
	uui := given(r.UUI)
	if uui == "" {
		uui = given(r.Uui) // the old name
	}
	callers := r.Callers
	if len(callers) == 0 && given(r.Caller) != "" {
		callers = []string{*r.Caller}
	}
	switch {
	case r.IsForceUseMobile != nil && !*r.IsForceUseMobile:
		return call.CallOut{}, invalidValue("IsForceUseMobile", "may only be true")
	case len(uui) > maxUUI:
		return call.CallOut{}, invalidValue("UUI", "has %d bytes, which is more than %d", len(uui), maxUUI)
	case len(callers) > maxCallers:
		return call.CallOut{}, invalidValue("Callers", "has more than %d elements", maxCallers)
	case agent.Phone == "":
		return call.CallOut{}, openseat.Errorf(openseat.CodeCallOutFailed, "The account `%s` has no mobile phone.", agent.UserID)
	}
	callee, err := org.Normalize(r.Callee, view.Instance.Settings.Region)
	if err != nil {
		return call.CallOut{}, openseat.Errorf(openseat.AsError(err).Code, "The parameter `Callee` is not a telephone number.")
	}
	shown, err := callerNumber(view, agent.UserID, callers)
	if err != nil {
		return call.CallOut{}, err
	}
	return call.CallOut{
		Plan: call.Plan{App: view.Instance.App, Groups: view.Groups, MediaLossGrace: view.Instance.Settings.MediaLossGrace},
		User: agent.UserID, Seat: acd.SeatMobile, Trunk: shown.Trunk, Caller: shown.Number, Callee: callee,
		Group: view.CallOutGroup(agent.UserID, shown.Number), UUI: uui, Location: view.Locate(callee),
	}, nil
}

// callerNumber is the first of the wanted numbers that the agent may show; without wishes, the one he shows by himself.
func callerNumber(view *org.View, user string, wanted []string) (org.Number, error) {
	if len(wanted) == 0 {
		return view.CallerNumber(user, "", 0, nil)
	}
	may := view.CallerNumbers(user)
	for _, w := range wanted {
		number, err := org.Normalize(w, view.Instance.Settings.Region)
		if err != nil {
			return org.Number{}, invalidValue("Callers", "has %.40q, which is not a telephone number", w)
		}
		if at := slices.IndexFunc(may, func(n *org.Number) bool { return n.Number == number }); at >= 0 {
			return *may[at], nil
		}
	}
	return org.Number{}, openseat.Errorf(openseat.CodeNoCallOutNumber, "`%s` may show none of these numbers.", user)
}
