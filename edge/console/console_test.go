package console_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp/totp"

	"openseat"
	"openseat/core/org"
	"openseat/edge/console"
	"openseat/store"
)

const (
	desk  openseat.AppID = 1400000001
	other openseat.AppID = 1400000002

	boss     = "boss@example.com"
	lead     = "lead@example.com"
	agent    = "agent@example.com"
	password = "Correct-Horse-9"
)

// house is a console over a real store, with a clock that the test turns.
type house struct {
	t      *testing.T
	now    time.Time
	db     *store.DB
	views  *store.Views
	office *org.Office
	k      *console.Console
}

// seen shows the store's pictures by the name the console uses.
type seen struct{ *store.Views }

func (s seen) View(app openseat.AppID) *org.View { return s.Get(app) }

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, setupCode string) *house {
	t.Helper()
	db, err := store.Open(t.Context(), "", t.TempDir())
	ok(t, err)
	t.Cleanup(func() { ok(t, db.Close()) })
	h := &house{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), db: db, views: store.NewViews(db)}
	clock := func() time.Time { return h.now }
	h.office = org.NewOffice(db, clock, rand.Reader, func(app openseat.AppID) { ok(t, h.views.Refresh(t.Context(), app)) })
	h.k = console.New(console.Config{
		Office: h.office, Store: db, Views: seen{h.views}, Log: slog.New(slog.DiscardHandler), Now: clock, SetupCode: setupCode,
		Base:  "https://desk.example.com",
		Pages: fstest.MapFS{"index.html": {Data: []byte("<title>console</title>")}, "assets/a-1.js": {Data: []byte("1")}},
	})
	return h
}

// staffed is a house with two instances, and a boss, a team lead and an agent in the first.
func staffed(t *testing.T) *house {
	t.Helper()
	h := open(t, "")
	for _, app := range []openseat.AppID{desk, other} {
		_, err := h.office.CreateInstance(t.Context(), org.NewInstance{App: app, Name: "desk " + app.String()})
		ok(t, err)
	}
	ok(t, h.office.CreateSuper(t.Context(), desk, boss, "Boss", password))
	for mail, role := range map[string]org.Role{lead: org.RoleInspector, agent: org.RoleAgent} {
		failed, err := h.office.CreateStaff(t.Context(), desk, []org.NewStaff{{Mail: mail, Name: mail, Role: role, Password: password}})
		ok(t, err)
		if len(failed) > 0 {
			t.Fatal(failed)
		}
	}
	return h
}

// browser is one browser: it keeps the cookie and the page's token.
type browser struct {
	*house
	from   string
	cookie *http.Cookie
	csrf   string
}

func (h *house) browser(from string) *browser { return &browser{house: h, from: from} }

// say sends a request, and answers the status and the JSON.
func (b *browser) say(method, path string, body any) (int, map[string]any) {
	b.t.Helper()
	text, err := json.Marshal(body)
	ok(b.t, err)
	r := httptest.NewRequest(method, "/console/api/"+path, bytes.NewReader(text))
	r.RemoteAddr = b.from + ":1234"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-CSRF-Token", b.csrf)
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.k.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie = c
	}
	answer := map[string]any{}
	ok(b.t, json.Unmarshal(w.Body.Bytes(), &answer))
	if token, is := answer["csrf"].(string); is {
		b.csrf = token
	}
	return w.Code, answer
}

// does wants an answer that begins with a status, and an error's code or "".
func (b *browser) does(what string, method, path string, body any, want string) map[string]any {
	b.t.Helper()
	status, answer := b.say(method, path, body)
	code := ""
	if e, is := answer["Error"].(map[string]any); is {
		code, _ = e["Code"].(string)
	}
	if got := strings.TrimSpace(fmt.Sprint(status, " ", code)); got != want {
		b.t.Errorf("%s: %s (%v), want %s", what, got, answer, want)
	}
	return answer
}

type fields = map[string]any

func signIn(mail, pass string) fields { return fields{"mail": mail, "password": pass} }

func TestSignIn(t *testing.T) {
	b := staffed(t).browser("192.0.2.1")
	b.does("before", "GET", "me", nil, "401 AuthFailure.SignedOut")
	b.does("a wrong password", "POST", "signin", signIn(boss, "wrong"), "401 UnauthorizedOperation")
	b.does("nobody", "POST", "signin", signIn("nobody@example.com", password), "401 UnauthorizedOperation")
	b.does("an agent without rights", "POST", "signin", signIn(agent, password), "401 UnauthorizedOperation")
	b.does("the boss", "POST", "signin", signIn(" Boss@Example.com", password), "200")
	if c := b.cookie; !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
		t.Errorf("the cookie is %v", c)
	}
	me := b.does("inside", "GET", "me", nil, "200")
	if me["user"] != boss || me["super"] != true || len(me["instances"].([]any)) != 2 {
		t.Errorf("the picture: %v", me)
	}
	token := b.csrf
	b.csrf = "other"
	b.does("from another site", "POST", "signout", nil, "401 UnauthorizedOperation")
	b.csrf = token
	b.does("out", "POST", "signout", nil, "200")
	b.does("after", "GET", "me", nil, "401 AuthFailure.SignedOut")
	_, log, err := b.db.FindAudit(t.Context(), desk, org.AuditQuery{Limit: 10})
	ok(t, err)
	var got []string
	for _, e := range log {
		got = append(got, e.Action+" "+e.Code)
	}
	if s := strings.Join(got, ", "); s != "SignOut , SignIn , SignIn UnauthorizedOperation" {
		t.Errorf("audit log: %s", s)
	}
}

func TestGuessingIsSlow(t *testing.T) {
	h := staffed(t)
	b := h.browser("192.0.2.1")
	for range 5 {
		b.does("a guess", "POST", "signin", signIn(boss, "wrong"), "401 UnauthorizedOperation")
	}
	b.does("locked", "POST", "signin", signIn(boss, password), "429 RequestLimitExceeded")
	h.browser("198.51.100.7").does("locked from elsewhere, too", "POST", "signin", signIn(boss, password), "429 RequestLimitExceeded")
	h.now = h.now.Add(61 * time.Second)
	b.does("after a minute", "POST", "signin", signIn(boss, "wrong"), "401 UnauthorizedOperation")
	h.now = h.now.Add(61 * time.Second)
	b.does("longer with each", "POST", "signin", signIn(boss, password), "429 RequestLimitExceeded")
	h.now = h.now.Add(60 * time.Second)
	b.does("the right one", "POST", "signin", signIn(boss, password), "200")

	many := h.browser("203.0.113.9")
	for i := range 30 {
		many.does("guesses of many", "POST", "signin", signIn(fmt.Sprintf("x%d@example.com", i), "wrong"), "401 UnauthorizedOperation")
	}
	many.does("a source that guesses", "POST", "signin", signIn(lead, password), "429 RequestLimitExceeded")
	h.browser("203.0.113.10").does("its neighbour", "POST", "signin", signIn(lead, password), "200")
}

// atOnce does the same n times at once, and counts the answers by status.
func (h *house) atOnce(n int, path string, body fields) map[int]int {
	text, err := json.Marshal(body)
	ok(h.t, err)
	answers := make(chan int, n)
	for range n {
		go func() {
			r := httptest.NewRequest(http.MethodPost, "/console/api/"+path, bytes.NewReader(text))
			r.RemoteAddr = "192.0.2.99:1234"
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.k.ServeHTTP(w, r)
			answers <- w.Code
		}()
	}
	got := map[int]int{}
	for range n {
		got[<-answers]++
	}
	return got
}

func TestGuessingAtOnce(t *testing.T) {
	h := staffed(t)
	if got := h.atOnce(40, "signin", signIn(boss, "wrong")); got[401] != 5 || got[429] != 35 {
		t.Errorf("of forty guesses at once: %v", got)
	}
	b := h.browser("198.51.100.1")
	for range 40 { // who is right never locks anybody out
		b.does("in", "POST", "signin", signIn(lead, password), "200")
		b.does("has no place", "POST", "signin", signIn(agent, password), "401 UnauthorizedOperation")
	}
}

func TestSecondFactor(t *testing.T) {
	h := staffed(t)
	b := h.browser("192.0.2.1")
	b.does("in", "POST", "signin", signIn(lead, password), "200")
	b.does("an offer wants the password", "POST", "factor/offer", fields{"password": "wrong"}, "401 UnauthorizedOperation")
	offer := b.does("an offer", "POST", "factor/offer", fields{"password": password}, "200")
	secret, _ := offer["secret"].(string)
	code := func() string {
		c, err := totp.GenerateCode(secret, h.now)
		ok(t, err)
		return c
	}
	b.does("a wrong code", "POST", "factor/confirm", fields{"code": "000000"}, "401 UnauthorizedOperation")
	h.browser("192.0.2.2").does("an offer does not count yet", "POST", "signin", signIn(lead, password), "200")
	b.does("its code", "POST", "factor/confirm", fields{"code": code()}, "200")
	again := h.browser("192.0.2.3")
	again.does("without a code", "POST", "signin", signIn(lead, password), "401 AuthFailure.CodeWanted")
	again.does("a code twice", "POST", "signin", fields{"mail": lead, "password": password, "code": code()}, "401 UnauthorizedOperation")
	h.now = h.now.Add(30 * time.Second)
	again.does("the next code", "POST", "signin", fields{"mail": lead, "password": password, "code": code()}, "200")
	h.now = h.now.Add(30 * time.Second)
	if got := h.atOnce(4, "signin", fields{"mail": lead, "password": password, "code": code()}); got[200] != 1 {
		t.Errorf("one code four times at once: %v", got)
	}
	if me := again.does("me", "GET", "me", nil, "200"); me["factor"] != true {
		t.Errorf("%v does not tell of the second factor", me)
	}
	again.does("removed", "POST", "factor/remove", fields{"password": password}, "200")
	h.browser("192.0.2.4").does("without it", "POST", "signin", signIn(lead, password), "200")
}

func TestStaysEnd(t *testing.T) {
	h := staffed(t)
	b := h.browser("192.0.2.1")
	b.does("in", "POST", "signin", signIn(boss, password), "200")
	for range 3 {
		h.now = h.now.Add(7 * time.Hour)
		b.does("at work", "GET", "me", nil, "200")
	}
	h.now = h.now.Add(3 * time.Hour)
	b.does("after a day", "GET", "me", nil, "401 AuthFailure.SignedOut")
	b.does("in again", "POST", "signin", signIn(boss, password), "200")
	h.now = h.now.Add(8 * time.Hour)
	b.does("after a night", "GET", "me", nil, "401 AuthFailure.SignedOut")
	b.does("in again", "POST", "signin", signIn(boss, password), "200")
	elsewhere := h.browser("192.0.2.2")
	elsewhere.does("elsewhere", "POST", "signin", signIn(boss, password), "200")
	b.does("a weak one", "POST", "password", fields{"old": password, "new": "short"}, "400 InvalidParameterValue")
	b.does("a new password", "POST", "password", fields{"old": password, "new": "Another-Horse-10"}, "200")
	b.does("stays here", "GET", "me", nil, "200")
	elsewhere.does("is out there", "GET", "me", nil, "401 AuthFailure.SignedOut")
	_, err := h.office.DeleteStaff(t.Context(), desk, []string{boss}, func(string) bool { return false })
	ok(t, err)
	b.does("an account that is gone", "GET", "me", nil, "401 AuthFailure.SignedOut")
}

func TestMoving(t *testing.T) {
	h := staffed(t)
	b := h.browser("192.0.2.1")
	b.does("in", "POST", "signin", signIn(boss, password), "200")
	if me := b.does("to the other", "POST", "instance", fields{"sdkAppId": other}, "200"); me["sdkAppId"] != float64(other) {
		t.Errorf("%v is not there", me)
	}
	b.does("nowhere", "POST", "instance", fields{"sdkAppId": 1400000009}, "401 UnauthorizedOperation")
	l := h.browser("192.0.2.1")
	l.does("in", "POST", "signin", signIn(lead, password), "200")
	l.does("not his", "POST", "instance", fields{"sdkAppId": other}, "401 UnauthorizedOperation")
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.AddCookie(b.cookie)
	r.Header.Set("X-CSRF-Token", b.csrf)
	who, err := h.k.Who(r)
	ok(t, err)
	r.Method = http.MethodGet
	if _, err := h.k.Who(r); openseat.AsError(err).Code != openseat.CodeUnauthorized {
		t.Errorf("asked by GET: %v", err)
	}
	if who.App != other || who.User != boss || !who.Rights.May(org.AreaStaff, org.Write) {
		t.Errorf("the cloud API is told %+v", who)
	}
}

func TestSetUp(t *testing.T) {
	b := open(t, "CODE-1").browser("192.0.2.1")
	if d := b.does("the door", "GET", "door", nil, "200"); d["setup"] != true {
		t.Errorf("%v does not lead to the set-up", d)
	}
	wish := func(code, pass string) fields {
		return fields{"code": code, "company": "Acme", "mail": boss, "name": "Boss", "password": pass, "region": "DE"}
	}
	b.does("a wrong code", "POST", "setup", wish("CODE-2", password), "401 UnauthorizedOperation")
	b.does("a weak password", "POST", "setup", wish("CODE-1", "weak"), "400 InvalidParameterValue")
	for field, bad := range map[string]string{"mail": "boss", "name": ""} {
		w := wish("CODE-1", password)
		w[field] = bad
		if status, answer := b.say("POST", "setup", w); status != http.StatusBadRequest {
			t.Errorf("a bad %s: %d %v", field, status, answer)
		}
	}
	if len(b.views.All()) != 0 {
		t.Fatal("an instance that nobody owns")
	}
	b.does("the code", "POST", "setup", wish("CODE-1", password), "200")
	if me := b.does("inside", "GET", "me", nil, "200"); me["super"] != true || me["sdkAppId"] != float64(desk) {
		t.Errorf("the picture: %v", me)
	}
	b.does("twice", "POST", "setup", wish("CODE-1", password), "400 FailedOperation.CurStateNotAllowModify")
	if d := b.does("the door", "GET", "door", nil, "200"); d["setup"] != false {
		t.Error("the set-up stays open")
	}
}

func TestSetUpAtOnce(t *testing.T) {
	h := open(t, "CODE-1")
	got := h.atOnce(4, "setup", fields{"code": "CODE-1", "company": "Acme", "mail": boss, "name": "Boss", "password": password})
	if got[200] != 1 || len(h.views.All()) != 1 {
		t.Errorf("four set-ups at once: %v, %d instances", got, len(h.views.All()))
	}
}

func TestLinks(t *testing.T) {
	h := staffed(t)
	address, err := h.k.Link(desk, lead)
	ok(t, err)
	ticket, is := strings.CutPrefix(address, "https://desk.example.com/console/#/link/")
	if !is {
		t.Fatalf("the link is %s", address)
	}
	b := h.browser("192.0.2.1")
	b.does("made up", "POST", "link", fields{"ticket": "x"}, "401 UnauthorizedOperation")
	b.does("followed", "POST", "link", fields{"ticket": ticket}, "200")
	b.does("inside", "GET", "me", nil, "200")
	h.browser("192.0.2.2").does("followed twice", "POST", "link", fields{"ticket": ticket}, "401 UnauthorizedOperation")
	address, err = h.k.Link(desk, lead)
	ok(t, err)
	h.now = h.now.Add(5 * time.Minute)
	_, ticket, _ = strings.Cut(address, "#/link/")
	h.browser("192.0.2.3").does("too late", "POST", "link", fields{"ticket": ticket}, "401 UnauthorizedOperation")
}

func TestRequestsAreBounded(t *testing.T) {
	b := staffed(t).browser("192.0.2.1")
	b.does("too long", "POST", "signin", signIn(boss, strings.Repeat("x", 20<<10)), "400 InvalidParameter")
	b.does("unknown", "POST", "signin", fields{"user": boss}, "400 InvalidParameter")
	b.does("a long password", "POST", "signin", signIn(boss, strings.Repeat("x", 300)), "401 UnauthorizedOperation")
	r := httptest.NewRequest(http.MethodPost, "/console/api/signin", strings.NewReader("mail=a"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	b.k.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest {
		t.Errorf("a form: %d", w.Code)
	}
}

func TestPages(t *testing.T) {
	h := open(t, "")
	for path, want := range map[string]string{
		"/console/": "<title>console</title>", "/console/records": "<title>console</title>", "/console/assets/a-1.js": "1",
		"/console/../secret": "<title>console</title>",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/console/", nil)
		r.URL.Path = path
		h.k.ServeHTTP(w, r)
		if w.Code == http.StatusMovedPermanently || w.Code == http.StatusTemporaryRedirect {
			continue // the mux cleans the path first
		}
		if w.Body.String() != want || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}

// FuzzSignIn: whatever a stranger sends, he gets an answer, and stays outside.
func FuzzSignIn(f *testing.F) {
	f.Add([]byte(`{"mail":"boss@example.com","password":"x"}`), "openseat_console=1")
	f.Add([]byte(`{"mail":"boss@example.com","code":"1","sdkAppId":1400000001}`), "")
	f.Add([]byte(`[]`), "=;")
	db, err := store.Open(f.Context(), "", f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	defer db.Close()
	views := store.NewViews(db)
	k := console.New(console.Config{
		Office: org.NewOffice(db, time.Now, rand.Reader, nil), Store: db, Views: seen{views}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Pages: fstest.MapFS{},
	})
	f.Fuzz(func(t *testing.T, body []byte, cookie string) {
		for _, path := range []string{"signin", "setup", "link", "me", "factor/confirm"} {
			method := http.MethodPost
			if path == "me" {
				method = http.MethodGet
			}
			r := httptest.NewRequest(method, "/console/api/"+path, bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Cookie", cookie)
			w := httptest.NewRecorder()
			k.ServeHTTP(w, r)
			if w.Code == http.StatusOK || len(w.Result().Cookies()) > 0 {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	})
}
