package gateway

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// teamParams are the parameters of methods that bring others into a call, or take them out.
type teamParams struct {
	SessionID    string           `json:"sessionId"`
	UserID       string           `json:"userId"`
	SkillGroupID string           `json:"skillGroupId"`
	Callee       calleeParams     `json:"callee"`
	AllowQueue   bool             `json:"allowQueue"`
	MemberID     string           `json:"memberId"`
	Mode         call.MonitorMode `json:"mode"`
}

// calleeParams name a third party: exactly one of them.
type calleeParams struct {
	UserID       string `json:"userId"`
	SkillGroupID string `json:"skillGroupId"`
	Phone        string `json:"phone"`
}

func (p *page) doTransfer(ctx context.Context, r request) (any, error) {
	return p.withTeam(ctx, r, func(t teamParams, view *org.View) (openseat.Event, error) {
		e := call.Transferred{User: p.who.User}
		switch {
		case t.UserID == "" && t.SkillGroupID == "":
			return e, openseat.Errorf(openseat.CodeMissingParameter, "userId or skillGroupId: one is needed")
		case t.UserID != "" && t.SkillGroupID != "":
			return e, openseat.Errorf(openseat.CodeInvalidParameter, "userId, skillGroupId: only one of them")
		}
		var err error
		e.ToUser, err = p.colleague(view, "userId", t.UserID)
		if err == nil {
			e.ToGroup, e.Groups, err = phoneGroup(view, "skillGroupId", t.SkillGroupID)
		}
		return e, err
	})
}

func (p *page) doTransferCancel(ctx context.Context, r request) (any, error) {
	return p.withTeam(ctx, r, func(teamParams, *org.View) (openseat.Event, error) {
		return call.TransferCancelled{User: p.who.User}, nil
	})
}

// invited answers call.invite.
type invited struct {
	MemberID string `json:"memberId"`
}

func (p *page) doInvite(ctx context.Context, r request) (any, error) {
	value, err := p.askTeam(ctx, r, func(t teamParams, view *org.View) (openseat.Event, error) {
		e, err := p.invitation(view, t)
		if err == nil && e.Phone != "" {
			err = p.mayDial(ctx, view, "callee.phone", e.Phone)
		}
		return e, err
	})
	if err != nil {
		return nil, err
	}
	member, ok := into[call.Member](value)
	if !ok {
		return nil, openseat.Errorf(openseat.CodeInternal, "the call named no member")
	}
	return invited{MemberID: member.ID}, nil
}

func (p *page) invitation(view *org.View, t teamParams) (call.Invited, error) {
	e := call.Invited{User: p.who.User, Wait: t.AllowQueue}
	named := 0
	for _, s := range []string{t.Callee.UserID, t.Callee.SkillGroupID, t.Callee.Phone} {
		if s != "" {
			named++
		}
	}
	switch {
	case named == 0:
		return e, openseat.Errorf(openseat.CodeMissingParameter, "callee: userId, skillGroupId or phone is needed")
	case named > 1:
		return e, openseat.Errorf(openseat.CodeInvalidParameter, "callee: only one of userId, skillGroupId, phone")
	}
	var err error
	if e.ToUser, err = p.colleague(view, "callee.userId", t.Callee.UserID); err != nil {
		return e, err
	}
	if e.ToGroup, e.Groups, err = phoneGroup(view, "callee.skillGroupId", t.Callee.SkillGroupID); err != nil {
		return e, err
	}
	if t.Callee.Phone == "" {
		return e, nil
	}
	if e.Phone, err = org.Normalize(t.Callee.Phone, view.Instance.Settings.Region); err != nil {
		return e, about("callee.phone", err)
	}
	shown, err := view.CallerNumber(p.who.User, "", 0, nil)
	e.Trunk, e.Caller = shown.Trunk, shown.Number
	return e, err
}

func (p *page) doReconnect(ctx context.Context, r request) (any, error) {
	return p.withTeam(ctx, r, func(t teamParams, _ *org.View) (openseat.Event, error) {
		if t.MemberID != "" && !isName(t.MemberID) {
			return nil, openseat.Errorf(openseat.CodeInvalidParameter, "memberId: is not one")
		}
		return call.Reconnected{User: p.who.User, Member: t.MemberID}, nil
	})
}

func (p *page) doKick(ctx context.Context, r request) (any, error) {
	return p.withTeam(ctx, r, func(t teamParams, _ *org.View) (openseat.Event, error) {
		if !isName(t.MemberID) {
			return nil, openseat.Errorf(openseat.CodeInvalidParameter, "memberId: is not one")
		}
		return call.Kicked{User: p.who.User, Member: t.MemberID}, nil
	})
}

// doMonitor lets a supervisor into a call, or changes how he takes part. He listens to one call at a time; reading has no
// sound, and he may read several.
func (p *page) doMonitor(ctx context.Context, r request) (any, error) {
	value, err := p.askTeam(ctx, r, func(t teamParams, view *org.View) (openseat.Event, error) {
		if err := p.supervises(view); err != nil {
			return nil, err
		}
		switch t.Mode {
		case "":
			t.Mode = call.Listen
		case call.Listen, call.Whisper, call.Barge, call.Read:
		default:
			return nil, openseat.Errorf(openseat.CodeInvalidValue, "mode: must be listen, whisper, barge or text")
		}
		if other := p.g.hub.monitors(p.who, t.SessionID); other != "" && t.Mode != call.Read {
			return nil, openseat.Errorf(openseat.CodeStateNotAllowed, "session %s is being monitored; end that first", other)
		}
		return call.Monitored{User: p.who.User, Conn: p.id, TabUUID: p.tab, Mode: t.Mode}, nil
	})
	if err != nil {
		return nil, err
	}
	view, ok := into[call.AgentView](value)
	if !ok {
		return nil, openseat.Errorf(openseat.CodeInternal, "the call showed nothing of itself")
	}
	return view, nil
}

func (p *page) doIntercept(ctx context.Context, r request) (any, error) {
	return p.withTeam(ctx, r, func(_ teamParams, view *org.View) (openseat.Event, error) {
		return call.Intercepted{User: p.who.User}, p.supervises(view)
	})
}

// internalParams are the options of Call.startInternalCall, by the SDK's names.
type internalParams struct {
	CalleeUserID string `json:"calleeUserId"`
	UseMobile    bool   `json:"useMobile"`
}

func (p *page) doInternal(ctx context.Context, r request) (any, error) {
	want, err := params[internalParams](r)
	if err != nil {
		return nil, err
	}
	view, err := p.view()
	if err != nil {
		return nil, err
	}
	if want.CalleeUserID == "" {
		return nil, openseat.Errorf(openseat.CodeMissingParameter, "calleeUserId: is missing")
	}
	callee, err := p.colleague(view, "calleeUserId", want.CalleeUserID)
	if err != nil {
		return nil, err
	}
	if want.UseMobile && view.Staff[callee].Phone == "" {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "useMobile: %s has no telephone number", callee)
	}
	shown, err := view.CallerNumber(p.who.User, "", 0, nil)
	if err != nil && want.UseMobile {
		return nil, err
	}
	return p.g.Things.Start(ctx, openseat.CallRef(p.who.App, uuid.NewString()), call.CallIn{
		Plan: planOf(view), User: p.who.User, Conn: p.id, TabUUID: p.tab, ToUser: callee, Mobile: want.UseMobile, Caller: shown.Number,
	})
}

// doComplete tells all tabs of the agent that he is through with a call (Call.deleteCall).
func (p *page) doComplete(_ context.Context, r request) (any, error) {
	s, _, err := p.about(r)
	if err != nil {
		return nil, err
	}
	p.g.hub.tell(p.who, eventSessionCompleted, map[string]any{"sessionId": s.SessionID}, time.Time{})
	return map[string]any{}, nil
}

// withTeam asks the call that a request is about to take an event, and answers nothing but that it has.
func (p *page) withTeam(ctx context.Context, r request, event func(teamParams, *org.View) (openseat.Event, error)) (any, error) {
	if _, err := p.askTeam(ctx, r, event); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}

// askTeam asks the call that a request is about to take an event. Whether the agent may do that now, the call knows.
func (p *page) askTeam(ctx context.Context, r request, event func(teamParams, *org.View) (openseat.Event, error)) (any, error) {
	_, ref, err := p.about(r)
	if err != nil {
		return nil, err
	}
	t, err := params[teamParams](r)
	if err != nil {
		return nil, err
	}
	view, err := p.view()
	if err != nil {
		return nil, err
	}
	e, err := event(t, view)
	if err != nil {
		return nil, err
	}
	return p.g.Things.Ask(ctx, ref, e)
}

// view is the agent's instance as it is now.
func (p *page) view() (*org.View, error) {
	view := p.g.Org.View(p.who.App)
	if view == nil {
		return nil, openseat.Errorf(openseat.CodeInstanceNotExist, "instance %s does not exist", p.who.App)
	}
	return view, nil
}

// supervises checks that the person may see and hear others' calls: administrators and inspectors may, and who has a role of
// the instance's own that says so.
func (p *page) supervises(view *org.View) error {
	if !view.RightsOf(view.Staff[p.who.User]).May(org.AreaSupervise, org.Write) {
		return openseat.Errorf(openseat.CodeUnauthorized, "only administrators and inspectors may do this")
	}
	return nil
}

// colleague checks that a parameter names somebody else of the staff; empty stays empty.
func (p *page) colleague(view *org.View, field, user string) (string, error) {
	switch {
	case user == "":
		return "", nil
	case user == p.who.User:
		return "", openseat.Errorf(openseat.CodeInvalidValue, "%s: is yourself", field)
	case view.Staff[user] == nil:
		return "", openseat.Errorf(openseat.CodeAccountNotExist, "%s: account %q does not exist", field, user)
	}
	return user, nil
}

// phoneGroup reads a skill group for calls; empty is none. The group goes along, since the call may not know it.
func phoneGroup(view *org.View, field, id string) (int64, map[int64]*org.SkillGroup, error) {
	if id == "" {
		return 0, nil, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || view.Groups[n] == nil || view.Groups[n].Type != org.GroupPhone {
		return 0, nil, openseat.Errorf(openseat.CodeSkillGroupError, "%s: %q is not a skill group for calls", field, id)
	}
	return n, map[int64]*org.SkillGroup{n: view.Groups[n]}, nil
}

// planOf is what an agent's own call needs to know of the instance.
func planOf(view *org.View) call.Plan {
	return call.Plan{App: view.Instance.App, Groups: view.Groups, MediaLossGrace: view.Instance.Settings.MediaLossGrace}
}

// mobileSeat is the seat of an agent who calls out by his mobile phone.
func mobileSeat(s *org.Staff) acd.Seat {
	if s != nil && s.UseMobileCallOut && s.Phone != "" {
		return acd.SeatMobile
	}
	return ""
}
