package carrier_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"openseat/sim/carrier"
	"openseat/voice/media"
)

// quick is a day on which nobody takes long.
var quick = carrier.Pace{Ring: time.Millisecond, LongRing: 2 * time.Millisecond, GiveUp: 3 * time.Millisecond, Short: time.Millisecond}

// pair opens two carriers; the first one's calls go to the second.
func pair(t *testing.T, callee carrier.Options) (from, to *carrier.Carrier) {
	t.Helper()
	open := func(o carrier.Options) *carrier.Carrier {
		o.Addr = "127.0.0.1:0"
		o.Voice, o.Greeting = media.ToneSource(440), media.ToneSource(660)
		c, err := carrier.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	to = open(callee)
	return open(carrier.Options{Peer: to.Addr().String()}), to
}

func patience(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func place(t *testing.T, c *carrier.Carrier, to string, options ...carrier.CallOption) *carrier.Call {
	t.Helper()
	call, err := c.Call(t.Context(), "008613800000000", to, options...)
	if err != nil {
		t.Fatal(err)
	}
	return call
}

func over(t *testing.T, call *carrier.Call) carrier.End {
	t.Helper()
	select {
	case <-call.Done():
	case <-patience(t).Done():
		t.Fatalf("the call to %s is not over", call.To)
	}
	return call.End()
}

func TestPeopleByLastDigit(t *testing.T) {
	type outcome struct {
		rang, answered bool
		sip, q850      int
	}
	tests := []struct {
		to   string
		want outcome
	}{
		{"0086139000010", outcome{false, false, 486, 17}},
		{"0086139000012", outcome{true, true, 200, 0}},
		{"0086139000014", outcome{true, false, 603, 21}},
		{"0086139000015", outcome{true, false, 480, 19}},
		{"0086139000016", outcome{false, false, 480, 20}},
		{"0086139000017", outcome{false, false, 404, 1}},
		{"0086139000018", outcome{true, true, 200, 0}},
		{"0086139000019", outcome{false, false, 503, 38}},
		{"nobody", outcome{false, false, 404, 1}},
	}
	for _, tt := range tests {
		for _, options := range [][]carrier.CallOption{nil, {carrier.OverTCP()}} {
			t.Run(fmt.Sprint(tt.to, " TCP ", len(options) > 0), func(t *testing.T) {
				called := make(chan *carrier.Call, 1)
				from, _ := pair(t, carrier.Options{Pace: quick, Pick: func(to string) carrier.Script {
					return func(c *carrier.Call) {
						called <- c
						carrier.ByLastDigit(to)(c)
					}
				}})
				call := place(t, from, tt.to, options...)
				end := over(t, call)
				got := outcome{isClosed((<-called).Ringing()), isClosed(call.Answered()), end.SIP, end.Q850}
				if got != tt.want {
					t.Errorf("%+v, want %+v (%+v)", got, tt.want, end)
				}
			})
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestTheyHearEachOther(t *testing.T) {
	for _, law := range []media.Codec{media.PCMA, media.PCMU} {
		t.Run(law.String(), func(t *testing.T) {
			arrived := make(chan *carrier.Call, 1)
			from, _ := pair(t, carrier.Options{Pace: quick, Pick: func(string) carrier.Script {
				return func(c *carrier.Call) {
					arrived <- c
					carrier.Speaks(c)
				}
			}})
			ctx := patience(t)
			call := place(t, from, "0086139000011", carrier.WithCodecs(law), carrier.WithHeader("X-Note", "hello"))
			if err := call.WaitAnswered(ctx); err != nil {
				t.Fatal(err)
			}
			called := <-arrived
			if called.From != "008613800000000" || called.To != "0086139000011" || called.Header("X-Note") != "hello" {
				t.Errorf("called as %s -> %s, note %q", called.From, called.To, called.Header("X-Note"))
			}
			call.Say(media.ToneSource(880), true)
			for who, err := range map[string]error{"caller": call.AwaitTone(ctx, 440), "callee": called.AwaitTone(ctx, 880)} {
				if err != nil {
					t.Errorf("%s: %v", who, err)
				}
			}
			if call.Codec() != law || called.Codec() != law {
				t.Errorf("laws %v, %v", call.Codec(), called.Codec())
			}
			if err := call.Press(ctx, "159#"); err != nil {
				t.Fatal(err)
			}
			if err := called.AwaitDigits(ctx, "159#"); err != nil {
				t.Error(err, called.Digits())
			}
			called.HangUp()
			if end := over(t, call); end.SIP != 200 || end.ByUs {
				t.Errorf("the caller's end: %+v", end)
			}
			if end := over(t, called); end.SIP != 200 || !end.ByUs {
				t.Errorf("the callee's end: %+v", end)
			}
			if len(call.Heard()) == 0 {
				t.Error("the memory of the call is gone")
			}
		})
	}
}

func TestHoldIsSilent(t *testing.T) {
	arrived := make(chan *carrier.Call, 1)
	from, _ := pair(t, carrier.Options{Pick: func(string) carrier.Script {
		return func(c *carrier.Call) {
			c.Answer()
			c.Say(media.ToneSource(440), true)
			arrived <- c
		}
	}})
	ctx := patience(t)
	call := place(t, from, "1")
	if err := call.AwaitTone(ctx, 440); err != nil {
		t.Fatal(err)
	}
	called := <-arrived
	for range 2 {
		if err := call.Hold(ctx); err != nil {
			t.Fatal(err)
		}
		call.Say(media.ToneSource(600), true) // music
		if err := called.AwaitTone(ctx, 600); err != nil {
			t.Fatal(err)
		}
		call.Forget()
		if err := called.AwaitTone(ctx, 600); err != nil {
			t.Fatal(err)
		}
		if heard := call.Heard(); len(heard) > media.FrameSamples { // one packet may have been under way
			t.Errorf("heard %d samples on hold", len(heard))
		}
		if err := call.Unhold(ctx); err != nil {
			t.Fatal(err)
		}
		if err := call.AwaitTone(ctx, 440); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheCallerGivesUp(t *testing.T) {
	for _, options := range [][]carrier.CallOption{nil, {carrier.OverTCP()}} {
		arrived := make(chan *carrier.Call, 1)
		from, to := pair(t, carrier.Options{Pick: func(string) carrier.Script {
			return func(c *carrier.Call) {
				c.RingWithSound()
				c.Say(media.ToneSource(425), true)
				arrived <- c
			}
		}})
		ctx := patience(t)
		call := place(t, from, "5", options...)
		if err := call.AwaitTone(ctx, 425); err != nil {
			t.Fatal("early media:", err)
		}
		call.HangUp()
		if end := over(t, call); end.SIP != 487 || !end.ByUs {
			t.Errorf("the caller's end: %+v", end)
		}
		if end := over(t, <-arrived); end.SIP != 487 || end.ByUs {
			t.Errorf("the callee's end: %+v", end)
		}
		if n := from.Running() + to.Running(); n != 0 {
			t.Errorf("%d calls are still there", n)
		}
	}
}

func TestGivingUpAtOnceIsACancelToo(t *testing.T) {
	from, _ := pair(t, carrier.Options{})
	call := place(t, from, "5")
	call.HangUp()
	if end := over(t, call); end.SIP != 487 || !end.ByUs {
		t.Errorf("end: %+v", end)
	}
}

func TestTheVoicemailSaysSo(t *testing.T) {
	from, _ := pair(t, carrier.Options{Pace: carrier.Pace{Ring: time.Millisecond}})
	ctx := patience(t)
	call := place(t, from, "8")
	if err := call.WaitAnswered(ctx); err != nil {
		t.Fatal(err)
	}
	if got := call.AnswerHeader(carrier.VoicemailHeader); got != "voicemail" {
		t.Errorf("%s: %q", carrier.VoicemailHeader, got)
	}
	if err := call.AwaitTone(ctx, 1000); err != nil {
		t.Error("no beep:", err)
	}
}

func TestClosingHangsUp(t *testing.T) {
	from, to := pair(t, carrier.Options{Pace: quick})
	call := place(t, from, "1")
	if err := call.WaitAnswered(patience(t)); err != nil {
		t.Fatal(err)
	}
	to.Close()
	if end := over(t, call); end.SIP != 200 || end.ByUs {
		t.Errorf("end: %+v", end)
	}
	if _, err := to.Call(t.Context(), "a", "b"); err == nil {
		t.Error("a closed carrier placed a call")
	}
}

func TestNobodyIsThere(t *testing.T) {
	from, to := pair(t, carrier.Options{})
	addr := to.Addr().String()
	to.Close()
	if _, err := from.Call(t.Context(), "a", "b", carrier.OverTCP(), carrier.ToPeer(addr)); err == nil {
		t.Error("called a closed port")
	}
	if n := from.Running(); n != 0 {
		t.Errorf("%d calls are still there", n)
	}
}
