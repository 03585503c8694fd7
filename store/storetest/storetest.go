// Package storetest is the definition of what a store does: one suite, run on every database the product supports. It also
// starts a private PostgreSQL for tests that want a real one.
package storetest

import (
	"errors"
	"testing"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/store"
)

// Two tenants that every test has, so that isolation can be looked at everywhere.
const (
	Here  openseat.AppID = 1400000001
	There openseat.AppID = 1400000002
)

// Open gives a test an empty database of its own and closes it afterwards.
type Open func(t *testing.T) *store.DB

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	t.Helper()
	suite := map[string]func(*testing.T, *store.DB){
		"instances":                    instances,
		"keys":                         keys,
		"staff":                        staff,
		"staff is found by page":       staffPages,
		"memberships":                  memberships,
		"skill groups":                 skillGroups,
		"numbers":                      numbers,
		"trunks":                       trunks,
		"flows":                        flows,
		"data push":                    dataPush,
		"tenants are apart":            tenantsAreApart,
		"any text is only text":        anyTextIsOnlyText,
		"many set up at once":          manySetUpAtOnce,
		"group numbers are not reused": groupNumbersAreNotReused,
		"listed numbers":               listed,
		"groups of numbers":            numberGroups,
		"schedules":                    schedules,
		"drafts":                       drafts,
		"settings and their secrets":   settings,
		"extensions":                   extensions,
		"extensions follow staff":      extensionsFollowStaff,
		"seats":                        seats,
		"contacts":                     contacts,
		"notes":                        notes,
		"an agent's own past":          ownPast,
		"what was dialed":              whatWasDialed,
		"records are searched":         recordsAreSearched,
		"call records":                 callRecords,
		"call records are found":       callRecordsAreFound,
		"figures are counted":          figures,
		"a big record":                 aBigRecord,
		"recordings":                   recordings,
		"transcripts":                  transcripts,
		"sounds":                       sounds,
		"voicemails":                   voicemails,
		"retention":                    retention,
		"deliveries":                   deliveries,
		"deliveries go in turn":        deliveriesGoInTurn,
		"deliveries are found":         deliveriesAreFound,
		"deliveries are replayed":      deliveriesAreReplayed,
		"agents' days":                 agentsDays,
		"statuses told in any order":   statusesToldInAnyOrder,
		"status history":               statusHistory,
		"console sessions":             consoleSessions,
		"second factors":               secondFactors,
		"audit log":                    auditLog,
		"custom roles":                 customRoles,
		"many records at once":         manyRecordsAtOnce,
		"records of tenants are apart": recordsOfTenantsAreApart,
	}
	for name, test := range suite {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			for _, app := range []openseat.AppID{Here, There} {
				must(t, db.CreateInstance(t.Context(), org.Instance{App: app, Name: app.String(), UserSigKey: "sig", CreatedAt: noon}))
			}
			test(t, db)
		})
	}
}

// noon is when everything in the suite happens.
var noon = time.Date(2026, 5, 1, 12, 0, 0, int(345*time.Millisecond), time.UTC) //nolint:gochecknoglobals // a constant, if time had any

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode fails the test unless err is an openseat.Error of that code.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if !errors.Is(err, &openseat.Error{Code: code}) {
		t.Errorf("got %v, want %s", err, code)
	}
}
