package org

import (
	"context"

	"openseat"
)

// Store keeps the instance's set-up. Every method is atomic; a name or number that is taken answers with the Error code in
// the method's comment; what is not found answers openseat.CodeNotFound unless said otherwise. Implemented by package store,
// checked by store/storetest on every backend.
type Store interface {
	// PutInstance creates or replaces an instance.
	PutInstance(ctx context.Context, in Instance) error
	// Instances lists all, by AppID.
	Instances(ctx context.Context) ([]Instance, error)
	// PutKey creates or replaces a key by its SecretID. FindKey looks one up.
	PutKey(ctx context.Context, k Key) error
	FindKey(ctx context.Context, secretID string) (Key, error)
	Keys(ctx context.Context, app openseat.AppID) ([]Key, error)

	// CreateStaff answers CodeDuplicatedAccount when the UserID or the StaffNumber (if any) is taken.
	CreateStaff(ctx context.Context, s Staff) error
	// UpdateStaff replaces everything but Groups, CreatedAt, and PasswordHash when that is empty. CodeAccountNotExist.
	UpdateStaff(ctx context.Context, s Staff) error
	// DeleteStaff removes accounts and their memberships; an unknown one is CodeAccountNotExist and nothing is removed.
	DeleteStaff(ctx context.Context, app openseat.AppID, userIDs []string) error
	// BindGroups adds memberships (a known one gets the new priority); UnbindGroups removes them.
	BindGroups(ctx context.Context, app openseat.AppID, userID string, ms []Membership) error
	UnbindGroups(ctx context.Context, app openseat.AppID, userID string, groupIDs []int64) error

	// CreateGroup gives the ID. CodeSkillGroupExist when the name is taken.
	CreateGroup(ctx context.Context, g SkillGroup) (int64, error)
	UpdateGroup(ctx context.Context, g SkillGroup) error                      // CodeSkillGroupError when unknown
	DeleteGroup(ctx context.Context, app openseat.AppID, groupID int64) error // memberships go with it
	PutNumber(ctx context.Context, n Number) error                            // "InvalidParameter.DuplicatePhoneNumber" when another instance owns it
	DeleteNumber(ctx context.Context, app openseat.AppID, number string) error
	PutTrunk(ctx context.Context, t Trunk) error                            // an empty Password keeps the old one
	DeleteTrunk(ctx context.Context, app openseat.AppID, name string) error // "InvalidParameter.SipTrunkInUsed" when a number lives on it
	// PublishFlow stores the definition as the next version of its name and returns that version.
	PublishFlow(ctx context.Context, f Flow) (int, error)
	// FlowVersions lists the versions of a flow, newest first.
	FlowVersions(ctx context.Context, app openseat.AppID, name string) ([]Flow, error)
	PutPush(ctx context.Context, p Push) error // empty secrets keep the old ones

	// View reads the whole instance in one consistent picture. CodeInstanceNotExist.
	View(ctx context.Context, app openseat.AppID) (*View, error)
}
