// Package org is what an administrator sets up: instances (SdkAppId), keys, staff, skill groups, numbers, trunks, flows and
// data push. It holds the rules (Office) and the picture of one instance that calls are run by (View); keeping it is the
// business of a Store, which this package declares and others implement.
package org

import (
	"encoding/json"
	"time"

	"openseat"
)

// Instance is one contact center. Its AppID has ten digits and starts with 140.
type Instance struct {
	App  openseat.AppID `json:"app"`
	Name string         `json:"name"`
	// Account is the company that owns this instance, and others perhaps.
	Account string `json:"account,omitempty"`
	// UserSigKey signs the customers' UserSig. Secret.
	UserSigKey string    `json:"-"`
	Settings   Settings  `json:"settings"`
	CreatedAt  time.Time `json:"createdAt"`
}

// Settings are an instance's behaviours that TCCC keeps on its console.
type Settings struct {
	// OnlineStatus is what an agent is after signing in: "free" (default) or "notReady".
	OnlineStatus string `json:"onlineStatus,omitempty"`
	// RestReasons is the list that an agent's rest reason is chosen from; empty allows any.
	RestReasons []string `json:"restReasons,omitempty"`
	// MediaLossGrace is how long a call waits for an agent's page that went away (reload, network). Zero means 20 s.
	MediaLossGrace time.Duration `json:"mediaLossGrace,omitempty"`
	// NoteCategories is the list that a service note's category is chosen from; empty allows any.
	NoteCategories []string `json:"noteCategories,omitempty"`
	// Retention is for how long things are kept; nil is for ever (Keep).
	Retention     *Retention    `json:"retention,omitempty"`
	CallOut       CallOutLimits `json:"callOut,omitzero"`
	RecordingCopy RecordingCopy `json:"recordingCopy,omitzero"`
	NumberMapping NumberMapping `json:"numberMapping,omitzero"`
	// Region is the country (ISO 3166, two letters) that numbers without a country code belong to. Empty means CN.
	Region string `json:"region,omitempty"`
}

// Key is a cloud API credential: SecretId and SecretKey. It speaks for every instance of its account; here, for App.
type Key struct {
	App       openseat.AppID `json:"app"`
	SecretID  string         `json:"secretId"`
	SecretKey string         `json:"-"` // secret; the signature needs it in the clear
	Disabled  bool           `json:"disabled"`
	CreatedAt time.Time      `json:"createdAt"`
}

// Role says what a member of staff may do.
type Role int

// The roles, by TCCC's numbers.
const (
	RoleAdmin     Role = 1
	RoleInspector Role = 2
	RoleAgent     Role = 3
)

// Staff is a member of staff: an agent, an inspector or an administrator.
type Staff struct {
	App         openseat.AppID `json:"app"`
	UserID      string         `json:"userId"` // an e-mail address, lower case
	Name        string         `json:"name"`
	Nick        string         `json:"nick"`
	Phone       string         `json:"phone"` // 0086… form, or empty
	StaffNumber string         `json:"staffNumber"`
	Mail        string         `json:"mail"`
	Role        Role           `json:"role"`
	// Extension is the number of the agent's SIP phone, 4 to 6 digits of which the first is 1 … 8; empty = none.
	Extension string `json:"extension"`
	// ExtensionPassword is what that phone registers with. Secret; SIP digest needs it in the clear.
	ExtensionPassword string `json:"-"`
	// Seat is where the agent answers when both are there: acd.SeatWeb (empty too) or acd.SeatExtension.
	Seat string `json:"seat,omitempty"`
	// UseMobileAccept says when Phone rings in place of the agent's page: 0 never, 1 while he is offline, 2 always.
	// UseMobileCallOut makes his call-outs ring Phone first.
	UseMobileAccept  int  `json:"useMobileAccept,omitempty"`
	UseMobileCallOut bool `json:"useMobileCallOut,omitempty"`
	// Super is who set the account up: every right, in every instance of it.
	Super bool `json:"super,omitempty"`
	// PasswordHash is argon2id's encoded form. Secret.
	PasswordHash string    `json:"-"`
	CreatedAt    time.Time `json:"createdAt"`
	ModifiedAt   time.Time `json:"modifiedAt"` // of the account or its memberships
	// Groups is where the member of staff serves, ordered by group ID.
	Groups []Membership `json:"groups"`
}

// Extension is a SIP phone that registers here. Staff.Extension is the ID of the one that is related to him.
type Extension struct {
	App      openseat.AppID `json:"app"`
	ID       string         `json:"id"` // 4 to 6 digits, the first 1 … 8; unique in the instance
	Name     string         `json:"name"`
	Password string         `json:"-"`      // secret; SIP digest needs it in the clear
	User     string         `json:"user"`   // UserID of the member of staff it is related to; may be empty
	Groups   []int64        `json:"groups"` // skill groups it was given
	// ModifiedAt is of the phone or its relation.
	CreatedAt  time.Time `json:"createdAt"`
	ModifiedAt time.Time `json:"modifiedAt"`
}

// Membership binds a member of staff to a skill group.
type Membership struct {
	GroupID  int64 `json:"groupId"`
	Priority int   `json:"priority"` // of the agent in this group: 1 (highest) … 5, default 3
}

// SkillGroupType says what a group serves.
type SkillGroupType int

// The skill group types, by TCCC's numbers.
const (
	GroupPhone SkillGroupType = 0
	GroupChat  SkillGroupType = 1
	GroupAudio SkillGroupType = 3
	GroupVideo SkillGroupType = 4
)

// SkillGroup is a queue and the agents who serve it.
type SkillGroup struct {
	App            openseat.AppID `json:"app"`
	ID             int64          `json:"id"` // grows from 1 within the instance
	Name           string         `json:"name"`
	Type           SkillGroupType `json:"type"`
	MaxConcurrency int            `json:"maxConcurrency"` // 1 for phone, audio and video
	RoutePolicy    int            `json:"routePolicy"`    // 0 longest idle first (default)
	UsingLastSeat  bool           `json:"usingLastSeat"`  // last agent first
	RingAll        bool           `json:"ringAll"`
	RingTimeout    time.Duration  `json:"ringTimeout"` // of one agent; zero means 20 s
	WrapUp         time.Duration  `json:"wrapUp"`      // after-call work; zero means none
	QueueTimeout   time.Duration  `json:"queueTimeout"`
	CreatedAt      time.Time      `json:"createdAt"`
	ModifiedAt     time.Time      `json:"modifiedAt"`
}

// Number is a telephone number the instance owns, in 0086… form.
type Number struct {
	App     openseat.AppID `json:"app"`
	Number  string         `json:"number"`
	Trunk   string         `json:"trunk"` // Trunk.Name that it lives on
	Flow    string         `json:"flow"`  // Flow.Name that answers it; empty = inbound calls are refused
	CallOut bool           `json:"callOut"`
	// CallOutGroups are the skill groups that may show it when they call out; empty = all.
	CallOutGroups []int64 `json:"callOutGroups"`
	Remark        string  `json:"remark"`
	// Interface is the address of the company's server that says how its calls are answered; empty = Flow answers them.
	Interface string    `json:"interface,omitempty"`
	State     int       `json:"state"` // 1 normal, 2 arrears, 4 disabled by administrator, 5 by violation
	CreatedAt time.Time `json:"createdAt"`
}

// The States of a number that works, and of one that an administrator has switched off.
const (
	NumberNormal   = 1
	NumberDisabled = 4
)

// Trunk is a SIP line to a carrier.
type Trunk struct {
	App  openseat.AppID `json:"app"`
	Name string         `json:"name"` // unique in the instance
	// Peer is where outbound calls go: "host:port".
	Peer      string `json:"peer"`
	Transport string `json:"transport"` // "udp" (default), "tcp", "tls"
	// Sources are the addresses (CIDR or single) inbound calls may come from. Empty = Peer's address only.
	Sources []string `json:"sources"`
	// Register asks us to register with Peer; then Username, Password and Realm's domain matter.
	Register bool   `json:"register"`
	Username string `json:"username"`
	Password string `json:"-"` // secret
	Domain   string `json:"domain"`
	// Codecs in order of preference, of "PCMA" and "PCMU"; empty = PCMA, PCMU.
	Codecs []string `json:"codecs"`
	// MaxCalls bounds the running calls of the trunk; zero = 1000.
	MaxCalls  int       `json:"maxCalls"`
	CreatedAt time.Time `json:"createdAt"`
}

// Flow is one published version of a call's program; the definition is core/flow's JSON.
type Flow struct {
	App        openseat.AppID  `json:"app"`
	Name       string          `json:"name"`
	Version    int             `json:"version"` // grows from 1 per name
	Definition json.RawMessage `json:"definition"`
	CreatedAt  time.Time       `json:"createdAt"`
}

// Push is where the instance's data push goes.
type Push struct {
	App       openseat.AppID `json:"app"`
	URL       string         `json:"url"`  // http(s); empty = off
	Auth      string         `json:"auth"` // "none", "basic", "oauth2"
	Username  string         `json:"username"`
	Password  string         `json:"-"` // secret
	TokenURL  string         `json:"tokenUrl"`
	ClientID  string         `json:"clientId"`
	Secret    string         `json:"-"` // secret
	CDR       bool           `json:"cdr"`
	Record    bool           `json:"record"`
	Voicemail bool           `json:"voicemail"`
}

// View is an instance as calls see it: one immutable picture, replaced as a whole when something changes. Pointers in it
// are shared and must not be written through.
type View struct {
	Instance Instance
	Staff    map[string]*Staff     // by UserID
	Groups   map[int64]*SkillGroup // by ID
	Numbers  map[string]*Number    // by Number
	Trunks   map[string]*Trunk     // by Name
	Phones   map[string]*Extension // by ID
	// NumberGroups are by ID, Schedules by Name.
	NumberGroups map[string]*NumberGroup
	Schedules    map[string]*Schedule
	Flows        map[string]*Flow     // by Name, the newest version
	Roles        map[Role]*CustomRole // by ID
	Push         Push
}
