package push_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/call/calltest"
	"openseat/core/org"
	"openseat/edge/push"
)

// receiver is the company's server; answers are given in order, the last one for good.
type receiver struct {
	mu      sync.Mutex
	answers []string // "<status> <body>", or "hang"
	got     []arrival
	tokens  int
	refuse  string // this token is refused
	hangs   string // pushes of this session are never answered
}

type arrival struct {
	at      time.Time
	uuid    string
	url     string
	auth    string
	typ     string
	session string
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/token") {
		return r.token(req)
	}
	body, _ := io.ReadAll(req.Body)
	var b struct{ SessionId string }
	_ = json.Unmarshal(body, &b)
	r.mu.Lock()
	r.got = append(r.got, arrival{time.Now(), req.Header.Get("X-TCCC-PUSH-UUID"), req.URL.String(), req.Header.Get("Authorization"), req.Header.Get("Content-Type"), b.SessionId})
	answer := "200 {\"ErrCode\":0}"
	if len(r.answers) > 0 {
		answer = r.answers[0]
		if len(r.answers) > 1 {
			r.answers = r.answers[1:]
		}
	}
	refused := r.refuse != "" && req.Header.Get("Authorization") == "Bearer "+r.refuse
	r.mu.Unlock()
	if refused {
		answer = "401 no"
	}
	if answer == "hang" || r.hangs != "" && r.hangs == b.SessionId {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	w := httptest.NewRecorder()
	status, text, _ := strings.Cut(answer, " ")
	var code int
	_, _ = fmt.Sscan(status, &code)
	w.WriteHeader(code)
	_, _ = io.WriteString(w, text)
	return w.Result(), nil
}

func (r *receiver) token(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tokens++
	w := httptest.NewRecorder()
	if id, secret, ok := req.BasicAuth(); !ok || id != "client" || secret != "s3cret" {
		w.WriteHeader(http.StatusUnauthorized)
		return w.Result(), nil
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"access_token":"t%d","token_type":"Bearer","expires_in":3600}`, r.tokens)
	return w.Result(), nil
}

// shelf is a store in memory.
type shelf struct {
	mu   sync.Mutex
	all  []push.Delivery
	fail bool // the next AddDelivery fails
	full bool // nothing can be settled
}

func (s *shelf) AddDelivery(_ context.Context, d push.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail {
		s.fail = false
		return errors.New("the store is down")
	}
	if !slices.ContainsFunc(s.all, func(x push.Delivery) bool { return x.UUID == d.UUID }) {
		s.all = append(s.all, d)
	}
	return nil
}

func (s *shelf) DueDeliveries(_ context.Context, now time.Time, limit int) (due []push.Delivery, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[string]bool{}
	for _, d := range s.all {
		if d.State != push.Pending || seen[d.SessionID] {
			continue
		}
		seen[d.SessionID] = true
		if !d.NextAt.After(now) && len(due) < limit {
			due = append(due, d)
		}
	}
	return due, nil
}

func (s *shelf) SettleDelivery(_ context.Context, d push.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return errors.New("the disk is full")
	}
	for i := range s.all {
		if s.all[i].UUID == d.UUID {
			s.all[i] = d
		}
	}
	return nil
}

func (s *shelf) state(i int) push.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[i]
}

// office is a pusher at work within a synctest bubble.
type office struct {
	*push.Pusher
	shelf  *shelf
	rx     *receiver
	view   *org.View
	alarms []string
	others atomic.Bool // it is another node's turn
}

func open(t *testing.T, set func(*org.Push), answers ...string) *office {
	o := &office{shelf: &shelf{}, rx: &receiver{answers: answers}}
	o.view = &org.View{Push: org.Push{App: calltest.App, URL: "http://company.test/in?k=1", CDR: true, Record: true, Voicemail: true}}
	if set != nil {
		set(&o.view.Push)
	}
	o.Pusher = push.New(push.Config{
		Store: o.shelf, View: func(openseat.AppID) *org.View { return o.view }, HTTP: &http.Client{Transport: o.rx},
		Turn: func() bool { return !o.others.Load() },
		Link: func(r call.Recording) string { return "http://openseat.test/" + r.Blob },
		Log:  slog.New(slog.DiscardHandler), Alarm: func(kind string, err error) { o.alarms = append(o.alarms, kind+": "+err.Error()) },
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return o
}

func closed(session string, seq uint64) openseat.Entry {
	return openseat.Entry{
		Ref: openseat.CallRef(calltest.App, session), Seq: seq, At: time.Now(),
		Commands: []openseat.Command{call.Closed{Record: call.Facts{App: calltest.App, SessionID: session}}},
	}
}

func recorded(session, kind string, seq uint64) openseat.Entry {
	r := call.Recording{App: calltest.App, SessionID: session, Record: kind + "-1", Kind: kind, Blob: "x.mp3", EndpointUser: "008613800138000"}
	return openseat.Entry{
		Ref: openseat.CallRef(calltest.App, session), Seq: seq, At: time.Now(), Commands: []openseat.Command{call.Recorded{Recording: r}},
	}
}

// pass lets time pass, and everything settle.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// bubble runs a story in virtual time; the cleanup belongs to the bubble.
func bubble(t *testing.T, story func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, story)
}

func (o *office) handle(t *testing.T, es ...openseat.Entry) {
	t.Helper()
	for _, e := range es {
		if err := o.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTakenAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil)
		o.handle(t, closed("s1", 1), recorded("s1", "record", 2), recorded("s1", "voicemail", 3))
		pass(time.Minute)
		want := []struct{ url, typ string }{
			{"http://company.test/in?action=cdr&k=1&version=1", "application/json; charset=utf8"},
			{"http://company.test/in?action=record&k=1&version=1", "application/json; charset=utf-8"},
			{"http://company.test/in?action=voicemail&k=1", "application/json; charset=utf8"},
		}
		if len(o.rx.got) != len(want) {
			t.Fatalf("%d pushes arrived, want %d", len(o.rx.got), len(want))
		}
		for i, w := range want {
			if g := o.rx.got[i]; g.url != w.url || g.typ != w.typ || g.uuid == "" || g.session != "s1" {
				t.Errorf("push %d is %+v, want %+v", i, g, w)
			}
			if d := o.shelf.state(i); d.State != push.Sent || d.Attempts != 1 {
				t.Errorf("delivery %d is %s after %d attempts", i, d.State, d.Attempts)
			}
		}
	})
}

func TestOneEntryIsToldInItsOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil)
		entry := closed("s1", 1)
		for _, kind := range []string{"voicemail", "record"} {
			entry.Commands = append(entry.Commands, recorded("s1", kind, 1).Commands...)
		}
		o.handle(t, entry)
		for i := 1; i < 3; i++ {
			if before, d := o.shelf.state(i-1), o.shelf.state(i); d.Seq <= before.Seq {
				t.Errorf("%s has the place %d, %s before it %d", d.Action, d.Seq, before.Action, before.Seq)
			}
		}
	})
}

func TestNotTaken(t *testing.T) {
	for _, answer := range []string{"500 oops", `200 {"ErrCode":7,"ErrMsg":"busy"}`, "200 fine", `200 {}`, "302 away", "hang"} {
		t.Run(answer, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				o := open(t, nil, answer)
				o.handle(t, closed("s1", 1), recorded("s1", "record", 2))
				pass(10 * time.Minute)
				if n := len(o.rx.got); n != 8 {
					t.Fatalf("%d attempts at two pushes, want 4 of each", n)
				}
				for i, g := range o.rx.got {
					if first := o.rx.got[i/4*4]; g.uuid != first.uuid {
						t.Errorf("attempt %d carries %s, the first one %s", i, g.uuid, first.uuid)
					}
				}
				if d := o.shelf.state(0); d.State != push.Failed || d.Error == "" || len(o.alarms) != 2 {
					t.Errorf("the delivery is %+v, alarms %q", d, o.alarms)
				}
			})
		})
	}
}

func TestRetriesWaitLongerEachTimeAndHoldTheSessionBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil, "503 later", "503 later", `200 {"ErrCode":0}`)
		begin := time.Now()
		o.handle(t, closed("s1", 1), recorded("s1", "record", 2))
		pass(10 * time.Minute)
		var when []time.Duration
		for _, g := range o.rx.got {
			when = append(when, g.at.Sub(begin).Round(time.Second))
		}
		if want := []time.Duration{0, 5 * time.Second, 35 * time.Second, 35 * time.Second}; !slices.Equal(when, want) {
			t.Errorf("attempts at %v, want %v", when, want)
		}
		if !strings.Contains(o.rx.got[3].url, "action=record") {
			t.Errorf("the recording was pushed before the CDR was settled: %+v", o.rx.got)
		}
	})
}

func TestSessionsDoNotWaitForEachOther(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil, "503 later", `200 {"ErrCode":0}`)
		o.handle(t, closed("s1", 1))
		pass(time.Second)
		o.handle(t, closed("s2", 2))
		pass(time.Second)
		if o.shelf.state(1).State != push.Sent || o.shelf.state(0).State != push.Pending {
			t.Errorf("s1 is %s, s2 is %s", o.shelf.state(0).State, o.shelf.state(1).State)
		}
	})
}

func TestTheSameEntryAgainIsTheSameDelivery(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil)
		o.shelf.fail = true
		if err := o.Handle(t.Context(), closed("s1", 1)); err == nil {
			t.Error("a store that is down must keep the entry from being acknowledged")
		}
		o.handle(t, closed("s1", 1), closed("s1", 1))
		pass(time.Minute)
		if len(o.rx.got) != 1 {
			t.Errorf("%d pushes arrived, want 1", len(o.rx.got))
		}
	})
}

func TestANodeWhoseTurnItIsNotLeavesDeliveriesToOthers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil)
		o.others.Store(true)
		o.handle(t, closed("s1", 1))
		pass(time.Minute)
		if len(o.rx.got) != 0 {
			t.Error("a push was sent out of turn")
		}
		o.others.Store(false)
		pass(time.Minute)
		if len(o.rx.got) != 1 {
			t.Errorf("%d pushes were sent in turn", len(o.rx.got))
		}
	})
}

func TestSwitches(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, func(p *org.Push) { p.Record, p.Voicemail = false, false })
		o.handle(t, closed("s1", 1), recorded("s1", "record", 2), recorded("s1", "voicemail", 3))
		pass(time.Minute)
		o.view = &org.View{}
		o.handle(t, closed("s2", 4))
		pass(time.Minute)
		if len(o.rx.got) != 1 || !strings.Contains(o.rx.got[0].url, "action=cdr") {
			t.Errorf("arrived: %+v", o.rx.got)
		}
	})
}

func TestBasicAuth(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, func(p *org.Push) { p.Auth, p.Username, p.Password = "basic", "u", "p" })
		o.handle(t, closed("s1", 1))
		pass(time.Minute)
		if want := "Basic " + base64.StdEncoding.EncodeToString([]byte("u:p")); o.rx.got[0].auth != want {
			t.Errorf("Authorization is %q, want %q", o.rx.got[0].auth, want)
		}
	})
}

func oauth(p *org.Push) {
	p.Auth, p.TokenURL, p.ClientID, p.Secret = "oauth2", "http://company.test/token", "client", "s3cret"
}

func TestOAuth2TokenIsKeptUntilItExpires(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, oauth)
		for i := range 5 {
			o.handle(t, closed(fmt.Sprint("s", i), uint64(i)))
			pass(20 * time.Minute)
		}
		var used []string
		for _, g := range o.rx.got {
			used = append(used, g.auth)
		}
		if want := []string{"Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"}; !slices.Equal(used, want) {
			t.Errorf("tokens used: %v, want %v", used, want)
		}
	})
}

func TestOAuth2TokenThatIsRefusedIsReplacedOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, oauth)
		o.rx.refuse = "t1"
		o.handle(t, closed("s1", 1))
		pass(time.Minute)
		if d := o.shelf.state(0); d.State != push.Sent || d.Attempts != 1 || o.rx.tokens != 2 {
			t.Errorf("delivery %s after %d attempts with %d tokens", d.State, d.Attempts, o.rx.tokens)
		}
	})
}

func TestOAuth2WrongSecretIsARetryNotALeak(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, func(p *org.Push) { oauth(p); p.Secret = "wrong-secret" })
		o.handle(t, closed("s1", 1))
		pass(10 * time.Minute)
		d := o.shelf.state(0)
		if d.State != push.Failed || strings.Contains(d.Error, "wrong-secret") {
			t.Errorf("delivery is %s: %s", d.State, d.Error)
		}
	})
}

func TestASlowReceiverHoldsBackItsOwnSessionOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil)
		o.rx.hangs = "slow"
		o.handle(t, closed("slow", 1))
		pass(time.Second)
		for i := range 5 {
			session := fmt.Sprint("s", i)
			began := time.Now()
			o.handle(t, closed(session, uint64(2+2*i)), recorded(session, "record", uint64(3+2*i)))
			pass(time.Second)
			if n := len(o.rx.got); n != 3+2*i || o.rx.got[n-1].at.Sub(began) > 0 {
				t.Fatalf("%s waited for another session: %+v", session, o.rx.got)
			}
		}
	})
}

func TestWhatCannotBeSettledIsNotSentAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		o := open(t, nil)
		o.shelf.full = true
		o.handle(t, closed("s1", 1), recorded("s1", "record", 2))
		pass(time.Minute)
		if n := len(o.rx.got); n != 1 {
			t.Fatalf("the receiver was told %d times", n)
		}
		o.shelf.mu.Lock()
		o.shelf.full = false
		o.shelf.mu.Unlock()
		pass(time.Minute)
		if n := len(o.rx.got); n != 2 || o.shelf.state(0).State != push.Sent || o.shelf.state(1).State != push.Sent {
			t.Errorf("%d pushes, %+v", n, o.shelf.all)
		}
	})
}
