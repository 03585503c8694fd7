package voice_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
)

// clerk starts calls, and knows remarks: of one number at once, of others too late.
type clerk struct {
	ref     openseat.Ref
	started openseat.Event
	refuse  error
}

func (c *clerk) Start(_ context.Context, ref openseat.Ref, first openseat.Event) error {
	c.ref, c.started = ref, first
	return c.refuse
}

func (c *clerk) MayDial(_ context.Context, _ *org.View, _, callee string) error {
	if callee == "008613900000009" {
		return openseat.Errorf(openseat.CodeCallOutFailed, "he may not")
	}
	return nil
}

func (c *clerk) Remark(_ context.Context, _ openseat.AppID, number string) (string, error) {
	switch number {
	case "008613900000001":
		return "a good customer", nil
	case "008613900000002":
		return "", errors.New("the store is down")
	}
	time.Sleep(time.Second) // and does not look at ctx
	return "too late", nil
}

func (c *clerk) LastAgent(ctx context.Context, app openseat.AppID, number string, _ int64) (string, error) {
	if remark, err := c.Remark(ctx, app, number); remark == "" || err != nil {
		return "nobody", err
	}
	return "bob", nil
}

func TestArrivals(t *testing.T) {
	at := func(number string) org.Location { return office().Locate(number) }
	for _, c := range []struct {
		name   string
		call   voice.Call
		change func(v *org.View)
		want   openseat.Event // without its plan
		code   string
	}{
		{"a customer", voice.Call{Trunk: "demo", Caller: "+8613900000001", Callee: "4008001000"}, nil,
			call.Arrived{Trunk: "demo", Caller: "008613900000001", Callee: "00864008001000", Location: at("008613900000001"), Remark: "a good customer", LastAgent: "bob"}, ""},
		{"a customer while the store is down", voice.Call{Trunk: "demo", Caller: "13900000002", Callee: "00864008001000"}, nil,
			call.Arrived{Trunk: "demo", Caller: "008613900000002", Callee: "00864008001000", Location: at("008613900000002")}, ""},
		{"a customer while the store is slow", voice.Call{Trunk: "demo", Caller: "anonymous", Callee: "00864008001000"}, nil,
			call.Arrived{Trunk: "demo", Caller: "anonymous", Callee: "00864008001000"}, ""},
		{"a number without a flow", voice.Call{Trunk: "demo", Caller: "1", Callee: "4008001001"}, nil, nil, openseat.CodeNotFound},
		{"a flow that is gone", voice.Call{Trunk: "demo", Caller: "1", Callee: "4008001000"}, func(v *org.View) { clear(v.Flows) }, nil, openseat.CodeNotFound},
		{"a colleague's extension", voice.Call{Extension: "7001", Callee: "7002"}, nil,
			call.CallIn{User: "alice", ToUser: "bob", Seat: acd.SeatExtension, AtDoor: true}, ""},
		{"a colleague's staff number", voice.Call{Extension: "7002", Callee: "1003"}, nil,
			call.CallIn{User: "bob", ToUser: "carol", Seat: acd.SeatExtension, AtDoor: true}, ""},
		{"himself", voice.Call{Extension: "7002", Callee: "1002"}, nil, nil, openseat.CodeNotFound},
		{"the world outside", voice.Call{Extension: "7001", Callee: "13900000001"}, nil, call.CallOut{
			User: "alice", Trunk: "other", Caller: "00864008001001", Callee: "008613900000001", Group: 7,
			Remark: "a good customer", Location: at("008613900000001"), Seat: acd.SeatExtension, AtDoor: true,
		}, ""},
		{"no number", voice.Call{Extension: "7001", Callee: "*98"}, nil, nil, openseat.CodeNotFound},
		{"no number to show", voice.Call{Extension: "7001", Callee: "13900000001"}, func(v *org.View) {
			v.Numbers["00864008001001"].CallOut = false
		}, nil, openseat.CodeNoCallOutNumber},
		{"a number that may not be called", voice.Call{Extension: "7001", Callee: "13900000009"}, nil, nil, openseat.CodeCallOutFailed},
		{"a phone that is nobody's", voice.Call{Extension: "7009", Callee: "7002"}, nil, nil, openseat.CodeUnauthorized},
	} {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(t *testing.T, w *world, _ *line) {
				if c.change != nil {
					c.change(w.view)
				}
				leg, started := newLine(t), &clerk{}
				door := &voice.Reception{
					Exchange: w.Exchange, Starter: started, Views: w, NewID: func() string { return "s9" },
					Guests: voice.NewGuests(started, started),
					Rules:  started,
				}
				var ear voice.Listener
				c.call.App, c.call.Leg, c.call.Attach = ref.App, leg, func(l voice.Listener) { ear = l }
				began := time.Now()
				err := door.Arrive(t.Context(), c.call)
				if took := time.Since(began); took > 100*time.Millisecond {
					t.Errorf("the door took %v", took)
				}
				if c.code != "" {
					if !errors.Is(err, &openseat.Error{Code: c.code}) || ear != nil || w.Rooms() != 1 {
						t.Errorf("error %v, ear %v, %d rooms", err, ear, w.Rooms())
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if got := withoutPlan(t, started.started); !reflect.DeepEqual(got, c.want) {
					t.Errorf("started with %+v, want %+v", got, c.want)
				}
				ear.Digit('5')
				wantEvents(t, w, "Digit")
				pass(2 * time.Second)
			})
		})
	}
}

// withoutPlan is an event that can be compared; its plan must be the instance's.
func withoutPlan(t *testing.T, e openseat.Event) openseat.Event {
	t.Helper()
	check := func(p *call.Plan) {
		if p.App != ref.App || p.Groups[7] == nil {
			t.Errorf("plan %+v", *p)
		}
		*p = call.Plan{}
	}
	switch e := e.(type) {
	case call.Arrived:
		check(&e.Plan)
		return e
	case call.CallOut:
		check(&e.Plan)
		return e
	case call.CallIn:
		check(&e.Plan)
		return e
	}
	return nil
}

func TestACallThatCannotBeStartedLeavesNoRoom(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		door := &voice.Reception{
			Exchange: w.Exchange, Starter: &clerk{refuse: openseat.Errorf(openseat.CodeUnavailable, "full")}, Views: w, NewID: func() string { return "s9" },
		}
		err := door.Arrive(t.Context(), voice.Call{App: ref.App, Trunk: "demo", Caller: "1", Callee: "4008001000", Leg: newLine(t)})
		if !errors.Is(err, &openseat.Error{Code: openseat.CodeUnavailable}) || w.Rooms() != 1 {
			t.Errorf("error %v, %d rooms", err, w.Rooms())
		}
	})
}

// A store that does not answer at all is not asked by more calls than can wait.
func TestRemarksOfAStoreThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := &stuck{}
		g := voice.NewGuests(stuck, stuck)
		w := open(t, t.TempDir())
		door := &voice.Reception{Exchange: w.Exchange, Starter: &clerk{}, Views: w, NewID: func() string { return "s9" }, Guests: g}
		for range 100 {
			c := voice.Call{App: ref.App, Trunk: "demo", Caller: "1", Callee: "4008001000", Leg: newLine(t), Attach: func(voice.Listener) {}}
			if err := door.Arrive(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if n := stuck.asked.Load(); n != 64 {
			t.Errorf("asked %d times", n)
		}
		time.Sleep(time.Hour)
	})
}

type stuck struct{ asked atomic.Int32 }

func (s *stuck) Remark(context.Context, openseat.AppID, string) (string, error) {
	s.asked.Add(1)
	time.Sleep(time.Minute)
	return "", nil
}

func (s *stuck) LastAgent(ctx context.Context, app openseat.AppID, number string, _ int64) (string, error) {
	return s.Remark(ctx, app, number)
}

// What a flow walks and asks travels with the call.
func TestWhatAFlowNeedsTravelsWithTheCall(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		for name, walks := range map[string][]string{"welcome": {"greet"}, "greet": {"deep"}, "deep": {"greet"}} {
			nodes := []byte(`"end":{"type":"hangup"}`)
			for i, sub := range walks {
				nodes = fmt.Appendf(nodes, `,"n%d":{"type":"subflow","flow":%q,"next":"end"}`, i, sub)
			}
			w.view.Flows[name] = &org.Flow{Name: name, Definition: fmt.Appendf(nil, `{"name":%q,"start":"n0","nodes":{%s}}`, name, nodes)}
		}
		w.view.Schedules = map[string]*org.Schedule{
			"day": {Name: "day", Definition: []byte(`{"zone":"Asia/Shanghai","week":[]}`)}, "broken": {Name: "broken", Definition: []byte(`{`)},
		}
		started := &clerk{}
		door := &voice.Reception{
			Exchange: w.Exchange, Starter: started, Views: w, NewID: func() string { return "s9" }, Helpers: call.Helpers{Fetch: true},
		}
		c := voice.Call{App: ref.App, Trunk: "demo", Caller: "1", Callee: "4008001000", Leg: newLine(t), Attach: func(voice.Listener) {}}
		if err := door.Arrive(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		plan := started.started.(call.Arrived).Plan
		if got := slices.Sorted(maps.Keys(plan.Flows)); !slices.Equal(got, []string{"deep", "greet"}) || !plan.Helpers.Fetch ||
			len(plan.Schedules) != 1 || plan.Schedules["day"].Zone != "Asia/Shanghai" {
			t.Errorf("flows %q, helpers %+v, schedules %+v", got, plan.Helpers, plan.Schedules)
		}
	})
}
