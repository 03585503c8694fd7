package voice_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

// office is the set-up of the instance: alice with a mobile and a SIP phone, bob with a SIP phone, carol with neither.
func office() *org.View {
	const group = 7
	return &org.View{
		Instance: org.Instance{App: ref.App, Settings: org.Settings{Region: "CN"}},
		Staff: map[string]*org.Staff{
			"alice": {UserID: "alice", Phone: "008613800138001", Extension: "7001", StaffNumber: "1001", Groups: []org.Membership{{GroupID: group}}},
			"bob":   {UserID: "bob", Extension: "7002", StaffNumber: "1002", Groups: []org.Membership{{GroupID: group}}},
			"carol": {UserID: "carol", StaffNumber: "1003"},
		},
		Groups: map[int64]*org.SkillGroup{group: {ID: group, Name: "Support"}},
		Numbers: map[string]*org.Number{
			"00864008001000": {Number: "00864008001000", Trunk: "demo", Flow: "welcome", State: org.NumberNormal},
			"00864008001001": {Number: "00864008001001", Trunk: "other", CallOut: true, CallOutGroups: []int64{group}, State: org.NumberNormal},
		},
		Phones: map[string]*org.Extension{"7001": {ID: "7001", User: "alice"}, "7002": {ID: "7002", User: "bob"}, "7009": {ID: "7009"}},
		Trunks: map[string]*org.Trunk{"demo": {Name: "demo"}, "other": {Name: "other"}},
		Flows:  map[string]*org.Flow{"welcome": {Name: "welcome", Definition: []byte(`{}`)}},
	}
}

// sing lets a line's far end sing and hear nothing yet.
func (l *line) sing(hz float64) *line {
	l.far.Play(media.ToneSource(hz), true, nil)
	return l
}

// tones says which of some tones a person has heard.
func (l *line) tones(among ...float64) (heard []float64) {
	pcm := l.ear.PCM()
	for _, hz := range among {
		if share(pcm, hz) > 0.05 {
			heard = append(heard, hz)
		}
	}
	return heard
}

// share is the part of pcm's power that sounds at hz.
func share(pcm []int16, hz float64) float64 {
	sin, cos := media.ToneSource(hz).PCM(), media.ToneSource(hz).PCM()[int(media.SampleRate/hz/4):]
	var s, c, total float64
	for i := range min(len(pcm), len(cos)) {
		x := float64(pcm[i])
		s += x * float64(sin[i])
		c += x * float64(cos[i])
		total += x * x
	}
	if total == 0 {
		return 0
	}
	const peak = 8192 * 8192 / 2
	return (s*s + c*c) / (total * peak * float64(min(len(pcm), len(cos))))
}

// A call with a customer, an agent, a colleague and a supervisor, each of whom sings a tone of his own.
func TestTheCallSaysWhoHearsWhom(t *testing.T) {
	const c, a1, a2, m1 = 440, 620, 900, 1240
	story(t, func(t *testing.T, w *world, customer *line) {
		lines := map[string]*line{"c": customer.sing(c)}
		w.do(call.AnswerLeg{Leg: "c"}, call.Hear{Legs: map[string][]string{"c": {"a1"}, "a1": {"c"}}}) // before a1 is there
		for name, hz := range map[string]float64{"a1": a1, "a2": a2, "m1": m1} {
			w.next = newLine(t).sing(hz)
			lines[name] = w.next
			w.do(call.OpenAgent{Leg: name, User: "alice"})
		}
		expect := func(when string, want map[string][]float64) {
			t.Helper()
			pass(100 * time.Millisecond)
			for _, l := range lines {
				l.ear.Forget()
			}
			pass(time.Second)
			for name, l := range lines {
				if got := l.tones(c, a1, a2, m1); !slices.Equal(got, want[name]) {
					t.Errorf("%s: %s hears %v, want %v", when, name, got, want[name])
				}
			}
		}
		expect("talk", map[string][]float64{"c": {a1}, "a1": {c}})
		w.do(call.Play{Leg: "m1", Play: "p1", Prompts: []call.Prompt{{Audio: "440"}}, Loop: true})
		w.do(call.Hear{Legs: map[string][]string{"c": {"a1"}, "a1": {"c", "m1"}, "m1": {"c", "a1"}}})
		expect("whisper", map[string][]float64{"c": {a1}, "a1": {c, m1}, "m1": {c, a1}})
		w.do(call.Hear{Legs: map[string][]string{"a1": {"a2"}, "a2": {"a1"}}}, call.Play{Leg: "c", Play: "p2", Prompts: []call.Prompt{{Text: "slow"}}})
		expect("consultation", map[string][]float64{"a1": {a2}, "a2": {a1}})
		w.do(call.Hear{Legs: map[string][]string{"c": {"a1", "a2"}, "a1": {"c", "a2"}, "a2": {"c", "a1"}}})
		expect("three-way", map[string][]float64{"c": {a1, a2}, "a1": {c, a2}, "a2": {c, a1}})
		if q := w.Quality(ref); len(q) != 4 || q["c"].In.Packets < 100 || q["m1"].Out.Packets == 0 || w.Quality(openseat.CallRef(1, "other")) != nil {
			t.Errorf("quality %+v", q)
		}
		w.do(call.Hear{})
		expect("silence", nil)
		if got := w.events(); slices.Contains(got, "PlayEnded p1") || slices.Contains(got, "PlayEnded p2") {
			t.Errorf("the call was told %q of plays that it ended itself", got)
		}
		w.do(call.Closed{})
		for name, l := range lines {
			if got := l.done(); got[len(got)-1] != "hangup" {
				t.Errorf("%s was done %q", name, got)
			}
		}
	})
}

// While the customer is on hold, nothing is recorded of either side, and both recordings keep their times.
func TestARecordingPausesOnHold(t *testing.T) {
	story(t, func(t *testing.T, w *world, customer *line) {
		w.next = newLine(t).sing(620)
		customer.sing(440)
		talk := call.Hear{Legs: map[string][]string{"c": {"a1"}, "a1": {"c"}}}
		listened := call.Hear{Legs: map[string][]string{"m1": {"a1", "c"}}}
		w.do(call.OpenAgent{Leg: "a1", User: "alice"}, talk, call.Record{Leg: "c", Record: "r1"}, call.Record{Leg: "a1", Record: "r2"})
		pass(2 * time.Second)
		w.do(call.Hear{}, call.Play{Leg: "c", Play: "music", Prompts: []call.Prompt{{Audio: "440"}}, Loop: true})
		pass(time.Second)
		w.do(listened)
		pass(time.Second)
		w.do(talk)
		pass(2 * time.Second)
		w.do(call.StopRecord{Record: "r1"}, call.StopRecord{Record: "r2"})
		pass(time.Minute)
		for _, id := range []string{"r1", "r2"} {
			pcm, err := media.ReadWAV(w.stored[voice.Key(ref.App, id, ".wav")])
			if err != nil || len(pcm) < 5*media.SampleRate {
				t.Fatalf("%s: %d samples, %v", id, len(pcm), err)
			}
			for second, sounds := range []bool{true, true, false, false, true, true} {
				part := pcm[second*media.SampleRate : min((second+1)*media.SampleRate, len(pcm))]
				_, purity := media.Detect(part[800 : len(part)-800])
				if (purity > 0.9) != sounds {
					t.Errorf("%s, second %d: purity %.2f, sounds %v", id, second, purity, sounds)
				}
			}
		}
	})
}

// A voicemail is recorded though nobody is there.
func TestAVoicemailIsRecorded(t *testing.T) {
	story(t, func(t *testing.T, w *world, customer *line) {
		customer.sing(440)
		w.do(call.Record{Leg: "c", Record: "r1"}, call.Hear{})
		pass(2 * time.Second)
		w.do(call.StopRecord{Record: "r1"})
		pass(time.Minute)
		pcm, err := media.ReadWAV(w.stored[voice.Key(ref.App, "r1", ".wav")])
		if _, purity := media.Detect(pcm); err != nil || purity < 0.9 {
			t.Errorf("%d samples, purity %.2f, %v", len(pcm), purity, err)
		}
	})
}

func TestRingingSeats(t *testing.T) {
	for _, c := range []struct {
		name   string
		ring   call.RingSeat
		change func(v *org.View)
		dialed string // how; empty = the leg ends
	}{
		{"SIP phone", call.RingSeat{User: "bob", Seat: acd.SeatExtension, Caller: "008613900000001", Name: "Zhang"}, nil, "phone 7002 008613900000001 Zhang"},
		{"no SIP phone", call.RingSeat{User: "carol", Seat: acd.SeatExtension}, nil, ""},
		{"mobile, by the called number", call.RingSeat{User: "alice", Seat: acd.SeatMobile, Caller: "00864008001000"}, nil, "demo 00864008001000 008613800138001"},
		{"mobile, a number chosen", call.RingSeat{User: "alice", Seat: acd.SeatMobile}, nil, "other 00864008001001 008613800138001"},
		{"mobile, not the customer's number", call.RingSeat{User: "alice", Seat: acd.SeatMobile, Caller: "008613900000001"}, nil, "other 00864008001001 008613800138001"},
		{"mobile, the number was cut off", call.RingSeat{User: "alice", Seat: acd.SeatMobile, Caller: "00864008001000"}, func(v *org.View) {
			v.Numbers["00864008001000"].State = 2
		}, "other 00864008001001 008613800138001"},
		{"mobile, nothing to show", call.RingSeat{User: "alice", Seat: acd.SeatMobile}, func(v *org.View) { clear(v.Numbers) }, ""},
		{"no mobile", call.RingSeat{User: "bob", Seat: acd.SeatMobile, Caller: "00864008001000"}, nil, ""},
		{"nobody", call.RingSeat{User: "dave", Seat: acd.SeatMobile}, nil, ""},
		{"instance gone", call.RingSeat{User: "alice", Seat: acd.SeatMobile}, func(v *org.View) { *v = org.View{} }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(t *testing.T, w *world, _ *line) {
				if c.change != nil {
					c.change(w.view)
				}
				w.next = newLine(t)
				c.ring.Leg = "a1"
				w.do(c.ring)
				if c.dialed == "" {
					wantEvents(t, w, "LegEnded")
					return
				}
				wantEvents(t, w, "LegRinging", "LegAnswered")
				if !slices.Equal(w.dialed, []string{c.dialed}) {
					t.Errorf("dialed %q, want %q", w.dialed, c.dialed)
				}
			})
		})
	}
}

// An agent's keys reach the customer, and the customer's are told to the call alone.
func TestKeysGoToTheCustomer(t *testing.T) {
	story(t, func(t *testing.T, w *world, customer *line) {
		agent := newLine(t)
		w.next = agent
		w.do(call.RingSeat{Leg: "a1", User: "bob", Seat: acd.SeatExtension}, call.Hear{Legs: map[string][]string{"c": {"a1"}, "a1": {"c"}}})
		for _, l := range []*line{agent, customer} {
			if err := l.far.SendDigits("5", nil); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Second)
		if to, from := agent.far.Stats().In, customer.far.Stats().In; to.Packets != 0 || from.Packets != 7 {
			t.Errorf("%d packets of the customer's key came to the agent, %d of the agent's to the customer", to.Packets, from.Packets)
		}
	})
}

// A telephone hands the customer on.
func TestATelephoneTransfers(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.next = newLine(t)
		w.do(call.RingSeat{Leg: "a1", User: "bob", Seat: acd.SeatExtension})
		phone, ok := w.ears[w.next].(voice.Transfers)
		if !ok {
			t.Fatal("an agent's listener takes no transfer")
		}
		for target, want := range map[string]bool{"7001": true, "1003": true, "7002": false, "9999": false, "": false} {
			if got := phone.Transfer(target); got != want {
				t.Errorf("transfer to %q: %v", target, got)
			}
		}
		var to []string
		for _, e := range w.told {
			if e, ok := e.(call.Transferred); ok && e.User == "bob" {
				to = append(to, e.ToUser)
			}
		}
		slices.Sort(to)
		if !slices.Equal(to, []string{"alice", "carol"}) {
			t.Errorf("the call was told of transfers to %q", to)
		}
	})
}

// A call that was refused leaves no record, but its room is gone with its line.
func TestARoomThatEverybodyLeftIsGone(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		other := openseat.CallRef(ref.App, "s2")
		w.Seat(other, "a1", newLine(t))
		ear := w.Ear(other, "a1", "bob")
		w.Execute(other, time.Now(), []openseat.Command{call.HangUpLeg{Leg: "a1", SIP: 486}})
		ear.Ended(call.Cause{SIP: 486})
		pass(time.Second)
		if w.Rooms() != 1 {
			t.Errorf("%d rooms", w.Rooms())
		}
		ear.Ringing() // nobody is told
		wantEvents(t, w, "LegEnded")
		w.next = newLine(t)
		w.Execute(other, time.Now(), []openseat.Command{call.RingSeat{Leg: "a1", User: "bob", Seat: acd.SeatExtension}})
		if w.Rooms() != 2 {
			t.Errorf("%d rooms after another ringing", w.Rooms())
		}
	})
}

// A call that another node runs now loses all its lines here.
func TestALostCallEndsAllItsLines(t *testing.T) {
	story(t, func(t *testing.T, w *world, customer *line) {
		lines := map[string]*line{"c": customer}
		for _, leg := range []string{"a1", "a2", "a3", "m1", "p1"} {
			w.next = newLine(t)
			lines[leg] = w.next
			w.do(call.OpenAgent{Leg: leg, User: "alice"})
		}
		w.do(call.Hear{Legs: map[string][]string{"c": slices.Sorted(maps.Keys(lines))[:2], "m1": {"c", "a1", "a2"}}}, call.Record{Leg: "c", Record: "r1"})
		w.Lost(ref)
		w.do(call.MuteLeg{Leg: "c"})
		pass(time.Second)
		for name, l := range lines {
			if got := l.done(); !slices.Contains(got, "hangup") {
				t.Errorf("%s was done %q", name, got)
			}
		}
		if w.Rooms() != 0 {
			t.Errorf("%d rooms", w.Rooms())
		}
	})
}
