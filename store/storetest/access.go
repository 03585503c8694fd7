package storetest

import (
	"testing"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/store"
)

func stay(hash, user string, home openseat.AppID) org.Session {
	return org.Session{
		Hash: hash, App: home, Home: home, User: user, IP: "192.0.2.1", Client: "Chrome",
		CreatedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour),
	}
}

func consoleSessions(t *testing.T, db *store.DB) {
	ctx := t.Context()
	must(t, db.CreateStaff(ctx, person(Here, "alice@example.com", "1")))
	must(t, db.CreateStaff(ctx, person(There, "alice@example.com", "1")))
	found, err := db.StaffByMail(ctx, "alice@example.com")
	must(t, err)
	if len(found) != 2 || found[0].App != Here || found[1].App != There {
		t.Errorf("accounts of alice: %+v", found)
	}
	for _, s := range []org.Session{
		stay("one", "alice@example.com", Here), stay("two", "alice@example.com", Here), stay("three", "alice@example.com", There),
	} {
		must(t, db.PutSession(ctx, s))
	}
	wantCode(t, db.PutSession(ctx, stay("four", "nobody@example.com", Here)), openseat.CodeAccountNotExist)
	moved := stay("one", "alice@example.com", Here)
	moved.App, moved.SeenAt = There, noon.Add(time.Minute)
	must(t, db.PutSession(ctx, moved))
	got, err := db.FindSession(ctx, "one")
	must(t, err)
	same(t, "a session", got, moved)
	must(t, db.DeleteSessions(ctx, Here, "alice@example.com", "one", noon))
	must(t, db.TouchSession(ctx, "one", noon.Add(2*time.Minute), noon.Add(2*time.Hour)))
	must(t, db.MoveSession(ctx, "one", Here))
	got, err = db.FindSession(ctx, "one")
	must(t, err)
	moved.App, moved.SeenAt, moved.ExpiresAt = Here, noon.Add(2*time.Minute), noon.Add(2*time.Hour)
	same(t, "a session that goes on", got, moved)
	wantCode(t, db.TouchSession(ctx, "two", noon, noon.Add(time.Hour)), openseat.CodeNotFound)
	wantCode(t, db.MoveSession(ctx, "two", There), openseat.CodeNotFound)
	for hash, there := range map[string]bool{"one": true, "two": false, "three": true} {
		if _, err := db.FindSession(ctx, hash); (err == nil) != there {
			t.Errorf("session %s: %v", hash, err)
		}
	}
	must(t, db.DeleteSessions(ctx, Here, "bob@example.com", "", noon.Add(time.Hour)))
	_, err = db.FindSession(ctx, "three")
	wantCode(t, err, openseat.CodeNotFound)
	must(t, db.PutSession(ctx, stay("five", "alice@example.com", Here)))
	must(t, db.PurgeSessions(ctx, noon.Add(time.Hour-time.Second)))
	_, err = db.FindSession(ctx, "five")
	must(t, err)
	must(t, db.PurgeSessions(ctx, noon.Add(time.Hour)))
	_, err = db.FindSession(ctx, "five")
	wantCode(t, err, openseat.CodeNotFound)
	must(t, db.PutSession(ctx, stay("five", "alice@example.com", Here)))
	must(t, db.DeleteStaff(ctx, Here, []string{"alice@example.com"}))
	_, err = db.FindSession(ctx, "five")
	wantCode(t, err, openseat.CodeNotFound)
}

func secondFactors(t *testing.T, db *store.DB) {
	ctx := t.Context()
	must(t, db.CreateStaff(ctx, person(Here, "alice@example.com", "1")))
	_, err := db.SecondFactor(ctx, Here, "alice@example.com")
	wantCode(t, err, openseat.CodeNotFound)
	f := org.SecondFactor{App: Here, User: "alice@example.com", Secret: "made up"}
	must(t, db.PutSecondFactor(ctx, f))
	f.Confirmed, f.LastStep = true, 55
	must(t, db.PutSecondFactor(ctx, f))
	got, err := db.SecondFactor(ctx, Here, "alice@example.com")
	must(t, err)
	same(t, "a second factor", got, f)
	for _, c := range []struct {
		secret string
		step   int64
		taken  bool
	}{{"made up", 55, false}, {"another", 56, false}, {"made up", 56, true}, {"made up", 56, false}, {"made up", 54, false}} {
		f.Secret = c.secret
		taken, err := db.TakeStep(ctx, f, c.step)
		must(t, err)
		if taken != c.taken {
			t.Errorf("the code of %q at step %d: taken %v, want %v", c.secret, c.step, taken, c.taken)
		}
	}
	wantCode(t, db.PutSecondFactor(ctx, org.SecondFactor{App: There, User: "alice@example.com"}), openseat.CodeAccountNotExist)
	must(t, db.DeleteSecondFactor(ctx, Here, "alice@example.com"))
	_, err = db.SecondFactor(ctx, Here, "alice@example.com")
	wantCode(t, err, openseat.CodeNotFound)
}

func auditLog(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for i, e := range []org.AuditEntry{
		{App: Here, Actor: "alice@example.com", IP: "192.0.2.1", Action: "SignIn"},
		{App: Here, Actor: "alice@example.com", IP: "192.0.2.1", Action: "DeleteStaff", Target: "bob@example.com"},
		{App: Here, Actor: "AKID1", Action: "DeleteStaff", Code: openseat.CodeUnauthorized},
		{App: There, Actor: "alice@example.com", Action: "SignIn"},
	} {
		e.At = noon.Add(time.Duration(i) * time.Minute)
		must(t, db.AddAudit(ctx, e))
	}
	for _, c := range []struct {
		q     org.AuditQuery
		total int
		first string
	}{
		{org.AuditQuery{Limit: 10}, 3, "AKID1"},
		{org.AuditQuery{Limit: 1, Offset: 1}, 3, "alice@example.com"},
		{org.AuditQuery{Actor: "alice@example.com", Limit: 10}, 2, "alice@example.com"},
		{org.AuditQuery{Action: "DeleteStaff", Limit: 10}, 2, "AKID1"},
		{org.AuditQuery{From: noon.Add(time.Minute), To: noon.Add(time.Minute), Limit: 10}, 1, "alice@example.com"},
		{org.AuditQuery{Actor: "nobody", Limit: 10}, 0, ""},
	} {
		total, page, err := db.FindAudit(ctx, Here, c.q)
		must(t, err)
		if total != c.total || len(page) == 0 && c.first != "" || len(page) > 0 && page[0].Actor != c.first {
			t.Errorf("%+v: %d, %+v", c.q, total, page)
		}
	}
}

func customRoles(t *testing.T, db *store.DB) {
	ctx := t.Context()
	r := org.CustomRole{App: Here, Name: "Team lead", Rights: org.Rights{org.AreaLive: org.Read, org.AreaStaff: org.Write}, CreatedAt: noon}
	id, err := db.PutRole(ctx, r)
	must(t, err)
	if id < 10 {
		t.Errorf("role %d is one of the system's", id)
	}
	_, err = db.PutRole(ctx, r)
	wantCode(t, err, openseat.CodeInUse)
	r.ID, r.Name = id, "Lead"
	_, err = db.PutRole(ctx, r)
	must(t, err)
	same(t, "the role in the view", view(t, db, Here).Roles[id], &r)
	lead := person(Here, "alice@example.com", "1")
	lead.Role = id
	must(t, db.CreateStaff(ctx, lead))
	wantCode(t, db.DeleteRole(ctx, Here, id), openseat.CodeInUse)
	must(t, db.DeleteStaff(ctx, Here, []string{lead.UserID}))
	must(t, db.DeleteRole(ctx, Here, id))
	wantCode(t, db.DeleteRole(ctx, Here, id), openseat.CodeNotFound)
}
