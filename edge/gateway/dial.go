package gateway

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
)

// Rules says whom members of staff may call, and when.
type Rules interface {
	// MayDial answers why a member of staff may not call a number (0086… form) now, if so.
	MayDial(ctx context.Context, v *org.View, user, callee string) error
}

const (
	maxUUI    = 1024
	maxRemark = 256
	maxAmong  = 100
)

// startParams are the options of Call.startOutboundCall, by the SDK's names.
type startParams struct {
	PhoneNumber           string   `json:"phoneNumber"`
	PhoneDesc             string   `json:"phoneDesc"`
	UUI                   string   `json:"uui"`
	SkillGroupID          string   `json:"skillGroupId"`
	CallerPhoneNumber     string   `json:"callerPhoneNumber"`
	ServingNumberGroupIDs []string `json:"servingNumberGroupIds"`
	PhoneEncodeType       string   `json:"phoneEncodeType"`
}

func (p *page) doStart(ctx context.Context, r request) (any, error) {
	want, err := params[startParams](r)
	if err != nil {
		return nil, err
	}
	view := p.g.Org.View(p.who.App)
	if view == nil {
		return nil, openseat.Errorf(openseat.CodeInstanceNotExist, "instance %s does not exist", p.who.App)
	}
	out, err := dialing(view, p.who.User, want)
	if err != nil {
		return nil, err
	}
	if err := p.mayDial(ctx, view, "phoneNumber", out.Callee); err != nil {
		return nil, err
	}
	out.Conn, out.TabUUID = p.id, p.tab
	return p.g.Things.Start(ctx, openseat.CallRef(p.who.App, uuid.NewString()), out)
}

// mayDial keeps to the instance's lists and limits.
func (p *page) mayDial(ctx context.Context, view *org.View, field, callee string) error {
	if p.g.Rules == nil {
		return nil
	}
	if err := p.g.Rules.MayDial(ctx, view, p.who.User, callee); err != nil {
		return about(field, err)
	}
	return nil
}

// dialing is the first event of an agent's call-out: whom he calls, what that shows, and over which line.
func dialing(view *org.View, user string, want startParams) (call.CallOut, error) {
	if err := want.check(); err != nil {
		return call.CallOut{}, err
	}
	callee, err := org.Normalize(want.PhoneNumber, view.Instance.Settings.Region)
	if err != nil {
		return call.CallOut{}, about("phoneNumber", err)
	}
	group, err := want.group(view)
	if err != nil {
		return call.CallOut{}, err
	}
	shown, err := view.CallerNumber(user, want.CallerPhoneNumber, group, want.ServingNumberGroupIDs)
	if err != nil {
		return call.CallOut{}, err
	}
	if group == 0 {
		group = view.CallOutGroup(user, shown.Number)
	}
	return call.CallOut{
		Plan: planOf(view), User: user, Seat: mobileSeat(view.Staff[user]), Trunk: shown.Trunk, Caller: shown.Number, Callee: callee,
		Group: group, UUI: want.UUI, Remark: want.PhoneDesc, Location: view.Locate(callee),
	}, nil
}

func (s startParams) check() error {
	switch {
	case strings.TrimSpace(s.PhoneNumber) == "":
		return openseat.Errorf(openseat.CodeMissingParameter, "phoneNumber: is missing")
	case len(s.UUI) > maxUUI:
		return openseat.Errorf(openseat.CodeInvalidValue, "uui: longer than %d bytes", maxUUI)
	case len(s.PhoneDesc) > maxRemark:
		return openseat.Errorf(openseat.CodeInvalidValue, "phoneDesc: longer than %d bytes", maxRemark)
	case len(s.ServingNumberGroupIDs) > maxAmong:
		return openseat.Errorf(openseat.CodeInvalidValue, "servingNumberGroupIds: more than %d", maxAmong)
	case s.PhoneEncodeType != "" && s.PhoneEncodeType != "number":
		return openseat.Errorf(openseat.CodeInvalidValue, "phoneEncodeType: must be number")
	}
	return nil
}

func (s startParams) group(view *org.View) (int64, error) {
	if s.SkillGroupID == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(s.SkillGroupID, 10, 64)
	if err != nil || view.Groups[id] == nil {
		return 0, openseat.Errorf(openseat.CodeSkillGroupError, "skillGroupId: %q is not a skill group", s.SkillGroupID)
	}
	return id, nil
}

// about says which option an error speaks of.
func about(option string, err error) error {
	e := openseat.AsError(err)
	return openseat.Errorf(e.Code, "%s: %s", option, e.Message)
}
