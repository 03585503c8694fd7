package org

import (
	"context"
	"time"

	"openseat"
)

// Store keeps the instance's set-up. Every method is atomic; a name or number that is taken answers with the Error code in
// the method's comment; what is not found answers openseat.CodeNotFound unless said otherwise; an instance that does not
// exist is CodeInstanceNotExist. Implemented by package store, checked by store/storetest on every backend.
type Store interface {
	RoleStore
	ListStore
	DialStore

	// CreateInstance answers CodeInUse when the AppID is taken.
	CreateInstance(ctx context.Context, in Instance) error
	// PutInstance creates or replaces an instance. An empty UserSigKey keeps the old one, and so do empty secrets of the settings.
	PutInstance(ctx context.Context, in Instance) error
	// Instances lists all, by AppID.
	Instances(ctx context.Context) ([]Instance, error)
	Instance(ctx context.Context, app openseat.AppID) (Instance, error) // CodeInstanceNotExist
	// PutKey creates or replaces a key by its SecretID; CodeInUse when another instance has it. FindKey looks one up.
	PutKey(ctx context.Context, k Key) error
	FindKey(ctx context.Context, secretID string) (Key, error)
	// Keys lists an instance's keys, oldest first.
	Keys(ctx context.Context, app openseat.AppID) ([]Key, error)

	// CreateStaff answers CodeDuplicatedAccount when the UserID, the StaffNumber (if any) or the Extension (if any) is
	// taken, and CodeSkillGroupError when a group is unknown.
	CreateStaff(ctx context.Context, s Staff) error
	// UpdateStaff replaces everything but CreatedAt, Groups when nil, and the secrets that are empty. An Extension that does not
	// exist yet is created; one that is nobody's is his. CodeAccountNotExist,
	// CodeDuplicatedAccount, CodeSkillGroupError.
	UpdateStaff(ctx context.Context, s Staff) error
	// DeleteStaff removes accounts and their memberships; an unknown one is CodeAccountNotExist and nothing is removed.
	DeleteStaff(ctx context.Context, app openseat.AppID, userIDs []string) error
	// FindStaff answers one page of the staff, by UserID, and how many there are on all pages.
	FindStaff(ctx context.Context, app openseat.AppID, q StaffQuery) (total int, page []Staff, err error)
	// BindGroups adds memberships (a known one gets the new priority); UnbindGroups removes them. CodeAccountNotExist,
	// CodeSkillGroupError.
	BindGroups(ctx context.Context, app openseat.AppID, userID string, ms []Membership, at time.Time) error
	UnbindGroups(ctx context.Context, app openseat.AppID, userID string, groupIDs []int64, at time.Time) error

	// CreateGroup gives the ID, which is never given again. CodeSkillGroupExist when the name is taken.
	CreateGroup(ctx context.Context, g SkillGroup) (int64, error)
	// UpdateGroup replaces everything but CreatedAt. CodeSkillGroupError when unknown, CodeSkillGroupExist.
	UpdateGroup(ctx context.Context, g SkillGroup) error
	// DeleteGroup removes a group, its memberships and its call-out numbers' bindings. CodeSkillGroupError when unknown.
	DeleteGroup(ctx context.Context, app openseat.AppID, groupID int64) error
	// Groups lists an instance's skill groups, by ID.
	Groups(ctx context.Context, app openseat.AppID) ([]SkillGroup, error)

	// PutNumber answers CodeDuplicatePhoneNumber when another instance owns it, CodeSipTrunkNotFound and
	// CodeSkillGroupError when it is bound to what does not exist.
	PutNumber(ctx context.Context, n Number) error
	DeleteNumber(ctx context.Context, app openseat.AppID, number string) error
	PutTrunk(ctx context.Context, t Trunk) error // an empty Password keeps the old one
	// DeleteTrunk answers CodeSipTrunkInUsed when a number lives on it, CodeSipTrunkNotFound when unknown.
	DeleteTrunk(ctx context.Context, app openseat.AppID, name string) error
	// PublishFlow stores the definition as the next version of its name and returns that version.
	PublishFlow(ctx context.Context, f Flow) (int, error)
	// FlowVersions lists the versions of a flow, newest first.
	FlowVersions(ctx context.Context, app openseat.AppID, name string) ([]Flow, error)
	PutPush(ctx context.Context, p Push) error // empty secrets keep the old ones

	// CreateExtension answers CodeDuplicateSipAccount when the ID is taken, CodeInUse when its user has another phone,
	// CodeAccountNotExist and CodeSkillGroupError when it is bound to what does not exist. An account's Extension follows.
	CreateExtension(ctx context.Context, e Extension) error
	// UpdateExtension replaces everything but CreatedAt, Groups when nil, and an empty Password.
	UpdateExtension(ctx context.Context, e Extension) error
	DeleteExtension(ctx context.Context, app openseat.AppID, id string) error

	// PutContact keeps what is known of a number; one without a name and a remark is forgotten. Contact answers the zero
	// Contact when nothing is.
	PutContact(ctx context.Context, c Contact) error
	Contact(ctx context.Context, app openseat.AppID, number string) (Contact, error)
	// Contacts answers one page, by number, of those whose number, name or remark holds text.
	Contacts(ctx context.Context, app openseat.AppID, text string, offset, limit int) (total int, page []Contact, err error)
	// PutNote keeps a member of staff's note of a session. Note answers the zero Note when there is none.
	PutNote(ctx context.Context, n Note) error
	Note(ctx context.Context, app openseat.AppID, sessionID, user string) (Note, error)
	// Notes answers one page, newest first.
	Notes(ctx context.Context, app openseat.AppID, q NoteQuery) (total int, page []Note, err error)

	// View reads the whole instance in one consistent picture. CodeInstanceNotExist.
	View(ctx context.Context, app openseat.AppID) (*View, error)
}

// StaffQuery chooses a page of the staff. Zero values do not filter.
type StaffQuery struct {
	UserID        string
	GroupID       int64
	ModifiedSince time.Time
	Offset, Limit int
}

// NoteQuery chooses a page of the service notes. Zero values do not filter; the window is by the last change, ends included.
type NoteQuery struct {
	From, To      time.Time
	SessionIDs    []string
	User          string
	Category      string
	Offset, Limit int
}

// The codes of set-up beyond those of package openseat.
const (
	CodeDuplicatePhoneNumber = "InvalidParameter.DuplicatePhoneNumber"
	CodeInvalidPhoneNumber   = "InvalidParameter.InvalidPhoneNumber"
	CodeInvalidAddress       = "InvalidParameter.InvalidAddress"
	CodeDuplicateSipAccount  = "InvalidParameter.DuplicateSipAccount"
	CodeInvalidIP            = "InvalidParameter.InvalidIP"
	CodeInvalidPort          = "InvalidParameter.InvalidPort"
	CodeSipAccountPassword   = "InvalidParameter.SipAccountPasswordFormat"
	CodeSipAccountUser       = "InvalidParameter.SipAccountUserFormat"
	CodeSipTrunkInUsed       = "InvalidParameter.SipTrunkInUsed"
	CodeSipTrunkNotFound     = "InvalidParameter.SipTrunkNotFound"
)
