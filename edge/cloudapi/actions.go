package cloudapi

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	"openseat"
	"openseat/api"
	"openseat/core/org"
)

// caller is who asks, known and verified: a program with a key, which may do everything, or a person.
type caller struct {
	app      openseat.AppID
	secretID string
	person   string // his UserID
	rights   org.Rights
}

// name is what the ledger calls who asks.
func (c caller) name() string { return cmp.Or(c.person, c.secretID) }

// may tells whether the caller's rights reach that far.
func (c caller) may(a org.Area, l org.Level) bool { return c.rights.May(a, l) }

// has tells whether the caller has all of these rights himself, so that he may give them.
func (c caller) has(rights org.Rights) bool { return rights.Within(c.rights) }

// over refuses who lays hands on an account that may more than himself. A Super's is for Supers alone; no key is one.
func (c caller) over(view *org.View, field string, staff *org.Staff) error {
	if !c.has(view.RightsOf(staff)) {
		return openseat.Errorf(openseat.CodeUnauthorized, "%s: the account `%s` has more rights than you.", field, staff.UserID)
	}
	if staff.Super && !c.super(view) {
		return openseat.Errorf(openseat.CodeUnauthorized, "%s: the account `%s` is the owner's, who alone changes it.", field, staff.UserID)
	}
	return nil
}

// super tells whether the caller is a person who may everything in each instance of the account, and at home here.
func (c caller) super(view *org.View) bool {
	staff := view.Staff[c.person]
	return c.person != "" && staff != nil && staff.Super
}

type actionKey struct{ name, version string }

// action is one line of the table.
type action struct {
	actionKey
	request reflect.Type
	new     func() api.Request
	do      func(context.Context, caller, api.Request) (api.Response, error)
	area    org.Area // of a person's rights that it needs
	level   org.Level
	own     bool // the request need not name an instance: it is about the caller's
}

// ofOwn says that a request that names no instance is about the caller's own.
func (a action) ofOwn() action {
	a.own = true
	return a
}

// needs says what a person must be allowed to for this action.
func (a action) needs(area org.Area, level org.Level) action {
	a.area, a.level = area, level
	return a
}

// table lists every action there is.
func (h *handler) table() []action {
	return slices.Concat(h.staffTable(), h.groupTable(), h.lineTable(), h.pastTable(), h.callTable(), h.houseTable(), h.peopleTable(), h.setupTable(),
		h.listTable(), h.designerTable(), h.forceTable(), h.searchTable(), h.walkTable(), h.trunkTable(), h.soundTable(),
		h.keepTable(), h.figureTable())
}

func (h *handler) staffTable() []action {
	return []action{
		on(api.Version, "CreateSDKLoginToken", h.createSDKLoginToken).needs(org.AreaStaff, org.Write),
		on(api.Version, "CreateUserSig", h.createUserSig).needs(org.AreaStaff, org.Write),

		on(api.Version, "CreateStaff", h.createStaff).needs(org.AreaStaff, org.Write),
		on(api.Version, "ModifyStaff", h.modifyStaff).needs(org.AreaStaff, org.Write),
		on(api.Version, "DeleteStaff", h.deleteStaff).needs(org.AreaStaff, org.Write),
		on(api.Version, "DescribeStaffInfoList", h.describeStaffInfoList).needs(org.AreaStaff, org.Read),
		on(api.Version, "SetStaffStatus", h.setStaffStatus).needs(org.AreaSupervise, org.Write),
		on(api.Version, "DescribeStaffStatusMetrics", h.describeStaffStatusMetrics).needs(org.AreaLive, org.Read),
		on(api.Version, "DescribeStaffStatusHistory", h.describeStaffStatusHistory).needs(org.AreaReports, org.Read),
		on(api.Version, "ModifyStaffPassword", h.modifyStaffPassword).needs(org.AreaStaff, org.Write),
		on(api.Version, "CreateAdminURL", h.createAdminURL).needs(org.AreaStaff, org.Write),
		on(api.OwnVersion, "PutSeatSettings", h.putSeatSettings).needs(org.AreaStaff, org.Write),
		on(api.OwnVersion, "DescribeSeatSettings", h.describeSeatSettings).needs(org.AreaStaff, org.Read),
	}
}

func (h *handler) groupTable() []action {
	return []action{
		on(api.Version, "CreateCCCSkillGroup", h.createSkillGroup).needs(org.AreaGroups, org.Write),
		on(api.Version, "UpdateCCCSkillGroup", h.updateSkillGroup).needs(org.AreaGroups, org.Write),
		on(api.Version, "DeleteCCCSkillGroup", h.deleteSkillGroup).needs(org.AreaGroups, org.Write),
		on(api.Version, "DescribeSkillGroupInfoList", h.describeSkillGroupInfoList).needs(org.AreaGroups, org.Read),
		on(api.Version, "BindStaffSkillGroupList", h.bindStaffSkillGroupList).needs(org.AreaGroups, org.Write),
		on(api.Version, "UnbindStaffSkillGroupList", h.unbindStaffSkillGroupList).needs(org.AreaGroups, org.Write),
		on(api.OwnVersion, "PutSkillGroupSettings", h.putSkillGroupSettings).needs(org.AreaGroups, org.Write),
		on(api.OwnVersion, "DescribeSkillGroupSettings", h.describeSkillGroupSettings).needs(org.AreaGroups, org.Read),
	}
}

func (h *handler) lineTable() []action {
	return []action{
		on(api.Version, "DescribeNumbers", h.describeNumbers).needs(org.AreaNumbers, org.Read),
		on(api.Version, "BindNumberCallOutSkillGroup", h.bindNumberCallOutSkillGroup).needs(org.AreaNumbers, org.Write),
		on(api.Version, "UnbindNumberCallOutSkillGroup", h.unbindNumberCallOutSkillGroup).needs(org.AreaNumbers, org.Write),
		on(api.Version, "DisableCCCPhoneNumber", h.disableCCCPhoneNumber).needs(org.AreaNumbers, org.Write).ofOwn(),
		on(api.Version, "DescribeCCCBuyInfoList", h.describeCCCBuyInfoList).needs(org.AreaInstance, org.Read).ofOwn(),
		on(api.OwnVersion, "PutNumber", h.putNumber).needs(org.AreaNumbers, org.Write),
		on(api.OwnVersion, "DescribeNumberSettings", h.describeNumberSettings).needs(org.AreaNumbers, org.Read),
		on(api.OwnVersion, "DeleteNumber", h.deleteNumber).needs(org.AreaNumbers, org.Write),
		on(api.OwnVersion, "PutTrunk", h.putTrunk).needs(org.AreaTrunks, org.Write),
		on(api.OwnVersion, "DescribeTrunks", h.describeTrunks).needs(org.AreaTrunks, org.Read),
		on(api.OwnVersion, "DeleteTrunk", h.deleteTrunk).needs(org.AreaTrunks, org.Write),

		on(api.Version, "CreateExtension", h.createExtension).needs(org.AreaPhones, org.Write),
		on(api.Version, "ModifyExtension", h.modifyExtension).needs(org.AreaPhones, org.Write),
		on(api.Version, "DeleteExtension", h.deleteExtension).needs(org.AreaPhones, org.Write),
		on(api.Version, "ResetExtensionPassword", h.resetExtensionPassword).needs(org.AreaPhones, org.Write),
		on(api.Version, "DescribeExtension", h.describeExtension).needs(org.AreaPhones, org.Write), // it tells the password
		on(api.Version, "DescribeExtensions", h.describeExtensions).needs(org.AreaPhones, org.Read),
	}
}

func (h *handler) pastTable() []action {
	return []action{
		on(api.Version, "DescribeTelCdr", h.describeTelCdr).needs(org.AreaRecords, org.Read),
		on(api.Version, "DescribeSessionDetail", h.describeSessionDetail).needs(org.AreaRecords, org.Read),
		on(api.Version, "DescribeTelRecordAsr", h.describeTelRecordAsr).needs(org.AreaRecordings, org.Read),
		on(api.Version, "DescribeTelCallInfo", h.describeTelCallInfo).needs(org.AreaReports, org.Read).ofOwn(),
		on(api.OwnVersion, "DescribeSessionTimeline", h.describeSessionTimeline).needs(org.AreaRecords, org.Read),
		on(api.OwnVersion, "DescribeServiceNotes", h.describeServiceNotes).needs(org.AreaRecords, org.Read),
		on(api.OwnVersion, "PutContact", h.putContact).needs(org.AreaRecords, org.Write),
		on(api.OwnVersion, "DescribeContacts", h.describeContacts).needs(org.AreaRecords, org.Read),
	}
}

func (h *handler) callTable() []action {
	return []action{
		on(api.Version, "DescribeTelSession", h.describeTelSession).needs(org.AreaLive, org.Read),
		on(api.Version, "DescribePSTNActiveSessionList", h.describePSTNActiveSessionList).needs(org.AreaLive, org.Read),
		on(api.Version, "HangUpCall", h.hangUpCall).needs(org.AreaSupervise, org.Write),
		on(api.Version, "CreateCallOutSession", h.createCallOutSession).needs(org.AreaSupervise, org.Write),
	}
}

func (h *handler) houseTable() []action {
	return []action{
		on(api.OwnVersion, "PublishFlow", h.publishFlow).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "DescribeFlows", h.describeFlows).needs(org.AreaFlows, org.Read),
		on(api.OwnVersion, "DescribeFlowVersions", h.describeFlowVersions).needs(org.AreaFlows, org.Read),

		on(api.OwnVersion, "PutPushSettings", h.putPushSettings).needs(org.AreaPush, org.Write),
		on(api.OwnVersion, "DescribePushSettings", h.describePushSettings).needs(org.AreaPush, org.Read),
		on(api.OwnVersion, "DescribePushDeliveries", h.describePushDeliveries).needs(org.AreaPush, org.Read),
		on(api.OwnVersion, "ReplayPushDelivery", h.replayPushDelivery).needs(org.AreaPush, org.Write),
		on(api.OwnVersion, "TestPush", h.testPush).needs(org.AreaPush, org.Write),

		on(api.OwnVersion, "CreateKey", h.createKey).needs(org.AreaKeys, org.Write),
		on(api.OwnVersion, "DescribeKeys", h.describeKeys).needs(org.AreaKeys, org.Read),
		on(api.OwnVersion, "DisableKey", h.disableKey).needs(org.AreaKeys, org.Write),
		on(api.OwnVersion, "DescribeAlarms", h.describeAlarms).needs(org.AreaInstance, org.Read),
	}
}

// on makes a line of the table from a handler; its types are the action's.
func on[Q, R any, Request interface {
	*Q
	api.Request
}, Response interface {
	*R
	api.Response
}](version, name string, do func(context.Context, caller, Request) (Response, error)) action {
	return action{
		actionKey: actionKey{name, version},
		request:   reflect.TypeFor[Q](),
		new:       func() api.Request { return Request(new(Q)) },
		do: func(ctx context.Context, who caller, r api.Request) (api.Response, error) {
			request, ok := r.(Request)
			if !ok { // only new's requests come here
				return nil, openseat.Errorf(openseat.CodeInternal, "the request is a %T", r)
			}
			answer, err := do(ctx, who, request)
			if err != nil {
				return nil, err
			}
			return answer, nil
		},
	}
}

// Need is what a person must be allowed to for an action.
type Need struct {
	Name  string
	Area  org.Area
	Level org.Level
}

// Needs lists every action with what a person must be allowed to for it.
func Needs() []Need {
	var all []Need
	for _, a := range (&handler{}).table() {
		all = append(all, Need{Name: a.name, Area: a.area, Level: a.level})
	}
	return all
}
