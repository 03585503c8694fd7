package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"openseat/sim/carrier"
	"openseat/voice/media"
)

// floor is a center with agents at browsers of their own, each with a tone of his own. It is opened once for many stories.
type floor struct {
	*world
	back   *backend
	desks  map[string]*desk
	chrome *browser           // for stories that open pages of their own
	called chan *carrier.Call // who is called outside, when it rings there
	calls  *placed
}

// placed is the calls of a story, to be hung up when it is over.
type placed struct {
	mu    sync.Mutex
	calls []*carrier.Call
}

// toneOf is what a user's microphone hears.
func toneOf(user string) int {
	return map[string]int{alice: agentTone, bob: bobTone, carol: carolTone, dave: daveTone}[user]
}

// openFloor opens a center and a browser for each of the users, who are free then.
func openFloor(t *testing.T, users ...string) *floor {
	t.Helper()
	called := make(chan *carrier.Call, 8)
	w := newWorld(t, choices{carrier: carrier.Options{Pick: func(string) carrier.Script {
		return func(c *carrier.Call) {
			c.Ring()
			called <- c
		}
	}}})
	w.needPages()
	f := &floor{world: w, back: w.openBackend(), called: called, desks: map[string]*desk{}, calls: &placed{}}
	for _, user := range users {
		f.desks[user] = w.openDesk(openBrowser(t, microphone(toneOf(user))), f.back, user)
	}
	for _, d := range f.desks {
		d.setStatus("free")
	}
	return f
}

// story runs a story on the floor, and clears up behind it.
func (f *floor) story(t *testing.T, name string, tell func(f *floor)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		part := *f
		part.world, part.desks, part.calls = f.of(t), map[string]*desk{}, &placed{}
		for user, d := range f.desks {
			part.desks[user] = &desk{d.of(t)}
			part.desks[user].wait(`window.tccc.Agent.getStatus() !== "busy"`, nil)
			part.desks[user].setStatus("free") // no time for after-call work
			part.desks[user].forget()
		}
		t.Cleanup(part.clear)
		tell(&part)
	})
}

// clear hangs up what is left.
func (f *floor) clear() {
	f.calls.mu.Lock()
	defer f.calls.mu.Unlock()
	for _, c := range f.calls.calls {
		c.HangUp()
	}
}

// of is the page as a part of the test sees it.
func (p *tab) of(t *testing.T) *tab {
	return &tab{b: &browser{driver: p.b.driver, t: t}, name: p.name}
}

// comesIn lets a customer call, whom a user answers on his page; both talk. His colleagues are free then.
func (f *floor) comesIn(user string) (*carrier.Call, string) {
	f.t.Helper()
	for colleague, d := range f.desks {
		if colleague != user {
			d.setStatus("notReady")
		}
	}
	call := f.call(direct)
	f.follow(call, customerTone)
	agent := f.desks[user]
	session := agent.mustHear("callIn", "").session()
	agent.call("accept", of(session))
	agent.mustHear("userAccessed", session)
	for colleague, d := range f.desks {
		if colleague != user {
			d.setStatus("free")
		}
	}
	return call, session
}

// follow lets a caller sing, and hangs him up when the story is over.
func (f *floor) follow(call *carrier.Call, hz float64) {
	call.Say(media.ToneSource(hz), true)
	f.calls.mu.Lock()
	defer f.calls.mu.Unlock()
	f.calls.calls = append(f.calls.calls, call)
}

// rings waits until a telephone outside rings.
func (f *floor) rings() *carrier.Call {
	f.t.Helper()
	select {
	case c := <-f.called:
		return c
	case <-f.within(stepTime).Done():
		f.t.Fatal("no telephone rings")
		return nil
	}
}

// pickUp answers a telephone outside that rings.
func (f *floor) pickUp(hz float64) *carrier.Call {
	f.t.Helper()
	c := f.rings()
	c.Answer()
	f.follow(c, hz)
	return c
}

// hearing is who must hear whom: by the name of each that listens.
type hearing map[string]listener

type listener struct {
	ear
	want chord
}

// hearTime is how long it may take until all hear what they must; they hear it for a moment then.
const hearTime = 6 * time.Second

// check checks all ears at the same time.
func (f *floor) check(state string, all hearing) {
	f.t.Helper()
	ctx := f.within(slack(hearTime))
	failures := make(chan error, len(all))
	var group sync.WaitGroup
	for name, h := range all {
		group.Go(func() {
			if err := h.awaitChord(ctx, h.want); err != nil {
				failures <- fmt.Errorf("%s: %s %w", state, name, err)
			}
		})
	}
	group.Wait()
	close(failures)
	var errs []error
	for err := range failures {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		slices.SortFunc(errs, func(a, b error) int { return len(a.Error()) - len(b.Error()) })
		f.t.Error(errors.Join(errs...))
	}
}

// of is the options that name a session.
func of(session string) map[string]any { return map[string]any{"sessionId": session} }

// sessionIn is the session that a method has begun.
func sessionIn(t *testing.T, answer json.RawMessage) string {
	t.Helper()
	var begun struct {
		Data struct{ SessionID string }
	}
	if err := json.Unmarshal(answer, &begun); err != nil || begun.Data.SessionID == "" {
		t.Fatalf("no session was begun: %s", answer)
	}
	return begun.Data.SessionID
}

// invite asks for somebody, and answers who he is in the call.
func (d *desk) invite(session string, callee map[string]any) string {
	d.b.t.Helper()
	var invited struct {
		Data struct{ MemberID string }
	}
	d.must(json.Unmarshal(d.call("invite", map[string]any{"sessionId": session, "callee": callee}), &invited))
	return invited.Data.MemberID
}
