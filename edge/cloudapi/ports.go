package cloudapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// The rest of the house, as far as the cloud API needs it.
type (
	// Views are the pictures of the instances that are kept in memory.
	Views interface {
		// Key answers the key of a SecretId. A disabled one is not answered.
		Key(secretID string) (org.Key, bool)
		// Get answers an instance's picture, nil when there is no such instance.
		Get(app openseat.AppID) *org.View
	}
	// Office is where set-up is looked up, checked and changed; *org.Office is one.
	Office interface {
		StaffOffice
		GroupOffice
		LineOffice
		FlowOffice
		PushOffice
		KeyOffice
		PhoneOffice
		NoteOffice
		RoleOffice
		ListOffice
		DesignerOffice
		ModifyInstance(ctx context.Context, app openseat.AppID, c org.InstanceChange) error
		// MayDial answers why a member of staff may not call a number (0086… form) now, if so.
		MayDial(ctx context.Context, v *org.View, user, callee string) error
	}
	// RoleOffice is the Office of people.go.
	RoleOffice interface {
		PutRole(ctx context.Context, wish org.CustomRole, giver org.Rights) (org.Role, error)
		DeleteRole(ctx context.Context, app openseat.AppID, id org.Role) error
	}
	// ListOffice is the Office of lists.go.
	ListOffice interface {
		PutListed(ctx context.Context, wish org.ListedNumber, numbers []string) ([]org.ListedFailure, error)
		DeleteListed(ctx context.Context, app openseat.AppID, numbers []string) error
		FindListed(ctx context.Context, app openseat.AppID, digits string, p org.Page) (int, []org.ListedNumber, error)
		PutNumberGroup(ctx context.Context, g org.NumberGroup) (string, error)
		DeleteNumberGroup(ctx context.Context, app openseat.AppID, id string) error
		BindInterface(ctx context.Context, app openseat.AppID, number, url string) error
	}
	// DesignerOffice is the Office of designer.go.
	DesignerOffice interface {
		PutSchedule(ctx context.Context, s org.Schedule, validate func(json.RawMessage) error) error
		DeleteSchedule(ctx context.Context, app openseat.AppID, name string, usedBy func(*org.View) []string) error
		PutDraft(ctx context.Context, d org.Draft) (revision int64, err error)
		Drafts(ctx context.Context, app openseat.AppID, name string) ([]org.Draft, error)
		DeleteDraft(ctx context.Context, app openseat.AppID, name string) error
		DeleteFlow(ctx context.Context, app openseat.AppID, name string, usedBy func(*org.View) []string) error
		RollBackFlow(
			ctx context.Context, app openseat.AppID, name string, version int, validate func(json.RawMessage) error,
		) (newVersion int, err error)
	}
	// StaffOffice is the Office of staff.go.
	StaffOffice interface {
		CreateStaff(ctx context.Context, app openseat.AppID, list []org.NewStaff) ([]org.StaffError, error)
		ModifyStaff(ctx context.Context, app openseat.AppID, c org.StaffChange) error
		DeleteStaff(ctx context.Context, app openseat.AppID, mails []string, online func(userID string) bool) (stay []string, err error)
		SetPassword(ctx context.Context, app openseat.AppID, mail, password string) error
		FindStaff(ctx context.Context, app openseat.AppID, f org.StaffFilter, p org.Page) (int, []org.Staff, error)
	}
	// PhoneOffice is the Office of extension.go and seat.go.
	PhoneOffice interface {
		CreateExtension(ctx context.Context, app openseat.AppID, wish org.NewExtension) error
		ModifyExtension(ctx context.Context, app openseat.AppID, c org.ExtensionChange) error
		DeleteExtension(ctx context.Context, app openseat.AppID, id string) error
		ResetExtensionPassword(ctx context.Context, app openseat.AppID, id string) (string, error)
		Extension(ctx context.Context, app openseat.AppID, id string) (org.Extension, error)
		FindExtensions(ctx context.Context, app openseat.AppID, f org.ExtensionFilter, p org.Page) (int, []org.Extension, error)
		ModifySeat(ctx context.Context, app openseat.AppID, mail string, c org.SeatChange) error
	}
	// NoteOffice is the Office of contacts and service notes.
	NoteOffice interface {
		PutContact(ctx context.Context, c org.Contact) error
		FindContacts(ctx context.Context, app openseat.AppID, text string, p org.Page) (int, []org.Contact, error)
		FindNotes(ctx context.Context, app openseat.AppID, q org.NoteQuery, p org.Page) (int, []org.Note, error)
	}
	// GroupOffice is the Office of skillgroup.go.
	GroupOffice interface {
		CreateGroup(ctx context.Context, app openseat.AppID, wish org.NewGroup) (int64, error)
		ModifyGroup(ctx context.Context, app openseat.AppID, c org.GroupChange) error
		DeleteGroup(ctx context.Context, app openseat.AppID, id int64) error
		FindGroups(ctx context.Context, app openseat.AppID, f org.GroupFilter, p org.Page) (int, []org.SkillGroup, error)
		BindGroups(ctx context.Context, app openseat.AppID, mail string, list []org.Membership) error
		UnbindGroups(ctx context.Context, app openseat.AppID, mail string, groupIDs []int64) error
	}
	// LineOffice is the Office of number.go.
	LineOffice interface {
		PutNumber(ctx context.Context, n org.Number) error
		DeleteNumber(ctx context.Context, app openseat.AppID, number string) error
		BindNumber(ctx context.Context, app openseat.AppID, number string, groupIDs []int64) error
		UnbindNumber(ctx context.Context, app openseat.AppID, number string, groupIDs []int64) error
		DisableNumbers(ctx context.Context, app openseat.AppID, numbers []string, disabled bool) error
		FindNumbers(ctx context.Context, app openseat.AppID, p org.Page) (int, []org.Number, error)
		PutTrunk(ctx context.Context, k org.Trunk) error
		DeleteTrunk(ctx context.Context, app openseat.AppID, name string) error
		Trunks(ctx context.Context, app openseat.AppID) ([]org.Trunk, error)
	}
	// FlowOffice is the Office of flow.go.
	FlowOffice interface {
		PublishFlow(
			ctx context.Context, app openseat.AppID, name string, definition json.RawMessage, validate func(json.RawMessage) error,
		) (version int, err error)
		Flows(ctx context.Context, app openseat.AppID) ([]org.Flow, error)
		FlowVersions(ctx context.Context, app openseat.AppID, name string) ([]org.Flow, error)
	}
	// PushOffice is the Office of push.go.
	PushOffice interface {
		PutPush(ctx context.Context, p org.Push) error
		PushSettings(ctx context.Context, app openseat.AppID) (org.Push, error)
	}
	// KeyOffice is the Office of key.go.
	KeyOffice interface {
		CreateKey(ctx context.Context, app openseat.AppID) (org.Key, error)
		DisableKey(ctx context.Context, app openseat.AppID, secretID string, disabled bool) error
		Keys(ctx context.Context, app openseat.AppID) ([]org.Key, error)
	}
	// Calls are the running calls.
	Calls interface {
		// HangUp ends a running call on behalf of by. openseat.CodeNotFound when it does not run (any more).
		HangUp(ctx context.Context, app openseat.AppID, sessionID, by string) error
		// SendToGroup takes a customer out of his flow into a group's queue. CodeNotFound, CodeStateNotAllowed.
		SendToGroup(ctx context.Context, app openseat.AppID, sessionID string, to call.SentToGroup) error
		// Active lists the running calls, oldest first.
		Active(ctx context.Context, app openseat.AppID) ([]ActiveSession, error)
	}
	// Dialer begins calls.
	Dialer interface {
		// CallOut begins an agent's call under a fresh session ID, and answers it once the board gave the agent to it.
		CallOut(ctx context.Context, app openseat.AppID, first call.CallOut) (sessionID string, err error)
		// CallFlow begins a flow's call under a fresh session ID.
		CallFlow(ctx context.Context, app openseat.AppID, first call.CallOutFlow) (sessionID string, err error)
	}
	// Phones are the SIP phones: where they register, and which did.
	Phones interface {
		Registrar(app openseat.AppID) Registrar
		// Registered has the extensions that are registered now, on any node.
		Registered(app openseat.AppID) map[string]bool
	}
	// People knows who asks by what his browser sends along. An error when nobody does who is inside.
	People interface {
		Who(r *http.Request) (Person, error)
	}
	// Stays are who is inside the console; *store.DB is one.
	Stays interface {
		// DeleteSessions ends every stay of a user but the one with this hash.
		DeleteSessions(ctx context.Context, home openseat.AppID, user, except string, now time.Time) error
	}
	// Presence is what agents are doing.
	Presence interface {
		// SetStatus asks for a status on behalf of by and tells what was before; a busy agent's is reserved for afterwards.
		SetStatus(ctx context.Context, app openseat.AppID, set acd.StatusSet) (before acd.Status, err error)
		// Agents maps every agent to what he is doing.
		Agents(ctx context.Context, app openseat.AppID) (map[string]acd.AgentView, error)
	}
	// Records is what is known of the past.
	Records interface {
		// CDRs answers one page of the records that q chooses, newest first, and how many there are on all pages.
		CDRs(ctx context.Context, app openseat.AppID, q CDRQuery) (total int, page []report.CDR, err error)
		// Recordings lists the finished recordings of these sessions, in any order.
		Recordings(ctx context.Context, app openseat.AppID, sessionIDs []string) ([]call.Recording, error)
		// Timeline is a session's journal in order. openseat.CodeNotFound when there is none.
		Timeline(ctx context.Context, app openseat.AppID, sessionID string) ([]openseat.Entry, error)
		// StatusMetrics sums up the agents' day so far.
		StatusMetrics(ctx context.Context, app openseat.AppID) (map[string]StatusDay, error)
	}
	// History is what is known of agents' days and of lines.
	History interface {
		// StatusHistory lists an agent's statuses that began between from and to, oldest first, behind the line after.
		StatusHistory(ctx context.Context, app openseat.AppID, user string, from, to time.Time, after int64, limit int) ([]report.StatusChange, error)
		// Usage sums up the calls that began between from and to, ends included.
		Usage(ctx context.Context, app openseat.AppID, from, to time.Time) (report.Usage, error)
	}
	// Audit is what people and keys did.
	Audit interface {
		// FindAudit answers one page, newest first, and how many there are on all pages.
		FindAudit(ctx context.Context, app openseat.AppID, q org.AuditQuery) (total int, page []org.AuditEntry, err error)
	}
	// Console makes links that let an administrator in, once.
	Console interface {
		Link(app openseat.AppID, user string) (string, error)
	}
	// Links makes a recording's signed address, which expires.
	Links interface {
		Recording(rec call.Recording) string
	}
	// Tokens makes logins for agents' pages.
	Tokens interface {
		Issue(ctx context.Context, app openseat.AppID, user string, onlyOnce bool) (Login, error)
	}
	// Pushes are the data pushes made.
	Pushes interface {
		// Deliveries answers one page, newest first, and how many there are on all pages.
		Deliveries(ctx context.Context, app openseat.AppID, q DeliveryQuery) (total int, page []api.PushDelivery, err error)
		// Replay sends one again. openseat.CodeNotFound, or openseat.CodeStateNotAllowed when it is not a failed one.
		Replay(ctx context.Context, app openseat.AppID, uuid string) error
		// Try sends an example of a push, once. openseat.CodeStateNotAllowed when the push is switched off.
		Try(ctx context.Context, app openseat.AppID, action string) (api.TestPushResponse, error)
	}
	// Alarms is the trouble the operator should know of, newest first.
	Alarms interface {
		Alarms(ctx context.Context, app openseat.AppID) ([]api.Alarm, error)
	}
)

// Registrar is what a SIP phone is set up with.
type Registrar struct {
	Domain    string // behind the @; names the instance
	Proxy     string // host:port
	Transport string // the best it may use: udp, tcp or tls
}

// Person is somebody who is inside the console.
type Person struct {
	App    openseat.AppID
	User   string
	Rights org.Rights
}

// ActiveSession is a running call.
type ActiveSession struct {
	SessionID string
	RoomID    string
	Caller    string
	Callee    string
	Direction call.Direction
	StartAt   time.Time
	RingAt    time.Time
	AcceptAt  time.Time
	User      string // the agent who rings or talks; "" while there is none
	Status    string // ringing, seatJoining, inProgress, finished
}

// The states of a session, by TCCC's names.
const (
	SessionRinging     = "ringing"
	SessionSeatJoining = "seatJoining"
	SessionInProgress  = "inProgress"
	SessionFinished    = "finished"
)

// StatusDay sums up an agent's day so far.
type StatusDay struct {
	Online, Free, Busy, NotReady, Rest, AfterCallWork time.Duration
	LastOnlineAt, LastStatusAt                        time.Time
}

// CDRQuery chooses call records. Zero values do not filter; the window is by the session's start, ends included.
type CDRQuery struct {
	From, To   time.Time
	Phones     []string // of either party
	SessionIDs []string
	Offset     int
	Limit      int
}

// DeliveryQuery chooses pushes. Zero values do not filter.
type DeliveryQuery struct {
	Status    string
	SessionID string
	Offset    int
	Limit     int
}

// Login is what an agent's page signs in with, once.
type Login struct {
	Token     string
	ExpiresAt time.Time
	SDKURL    string
}
