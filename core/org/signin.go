package org

import (
	"context"
	"time"

	"openseat"
)

// Session is somebody's stay in the console.
type Session struct {
	Hash      string         `json:"-"` // hex SHA-256 of the secret in the cookie: who reads the database cannot use it
	App       openseat.AppID `json:"app"`
	User      string         `json:"user"`
	Home      openseat.AppID `json:"home"` // the instance whose account he is; App may be another one of a Super's
	IP        string         `json:"ip"`
	Client    string         `json:"client"` // User-Agent
	CreatedAt time.Time      `json:"createdAt"`
	SeenAt    time.Time      `json:"seenAt"`
	ExpiresAt time.Time      `json:"expiresAt"`
}

// SecondFactor is what an account proves itself with besides its password (TOTP, RFC 6238).
type SecondFactor struct {
	App    openseat.AppID
	User   string
	Secret string // base32. Secret
	// Confirmed says that a code of it was given once; before, it is only an offer.
	Confirmed bool
	// LastStep is the newest time step whose code was taken: none is taken twice.
	LastStep int64
}

// AuditEntry is one thing somebody did. Entries are added and read, never changed.
type AuditEntry struct {
	App    openseat.AppID `json:"app"`
	At     time.Time      `json:"at"`
	Actor  string         `json:"actor"`  // UserID, or the SecretId of a key
	IP     string         `json:"ip"`     //
	Action string         `json:"action"` // of the cloud API, or SignIn, SignOut, …
	Target string         `json:"target"` // what it was about, in short: never a secret
	Code   string         `json:"code"`   // empty = it was done; else the error's code
}

// AuditQuery chooses entries. Zero values do not filter.
type AuditQuery struct {
	From, To      time.Time
	Actor, Action string
	Offset, Limit int
}

// AccessStore keeps who may come in. Implemented by package store.
type AccessStore interface {
	// StaffByMail finds an account in every instance, by AppID.
	StaffByMail(ctx context.Context, mail string) ([]Staff, error)
	PutSession(ctx context.Context, s Session) error
	// FindSession answers openseat.CodeNotFound for one that does not exist.
	FindSession(ctx context.Context, hash string) (Session, error)
	// TouchSession writes down a sign of life. Like MoveSession it answers openseat.CodeNotFound for one that has ended, and
	// never begins it anew.
	TouchSession(ctx context.Context, hash string, seen, expires time.Time) error
	// MoveSession shows another instance in it.
	MoveSession(ctx context.Context, hash string, app openseat.AppID) error
	DeleteSession(ctx context.Context, hash string) error
	// DeleteSessions ends every stay of a user but the one with this hash, and all that expired before now.
	DeleteSessions(ctx context.Context, home openseat.AppID, user, except string, now time.Time) error
	// PurgeSessions removes all that expired before now.
	PurgeSessions(ctx context.Context, now time.Time) error
	// SecondFactor answers openseat.CodeNotFound when there is none.
	SecondFactor(ctx context.Context, app openseat.AppID, user string) (SecondFactor, error)
	PutSecondFactor(ctx context.Context, f SecondFactor) error
	// TakeStep takes the code of a time step, which confirms the factor. False when that step or a newer one was taken
	// already, or the secret is another one by now: of two at once only one succeeds.
	TakeStep(ctx context.Context, f SecondFactor, step int64) (bool, error)
	DeleteSecondFactor(ctx context.Context, app openseat.AppID, user string) error
	AddAudit(ctx context.Context, e AuditEntry) error
	// FindAudit answers one page, newest first, and how many there are on all pages.
	FindAudit(ctx context.Context, app openseat.AppID, q AuditQuery) (total int, page []AuditEntry, err error)
}

// RoleStore keeps the roles that instances made for themselves. Implemented by package store.
type RoleStore interface {
	// PutRole creates (ID 0: the next one is given) or replaces a role; CodeInUse when the name is taken.
	PutRole(ctx context.Context, r CustomRole) (Role, error)
	// DeleteRole answers openseat.CodeNotFound for one that does not exist, CodeInUse when somebody has it.
	DeleteRole(ctx context.Context, app openseat.AppID, id Role) error
	Roles(ctx context.Context, app openseat.AppID) ([]CustomRole, error)
}
