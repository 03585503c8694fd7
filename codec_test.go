package openseat_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openseat"
)

type rang struct {
	Bell string `json:"bell"`
}

func (rang) EventName() string { return "test.Rang" }

type ring struct {
	Times int `json:"times"`
}

func (ring) CommandName() string { return "test.Ring" }

func codec() *openseat.Codec {
	return openseat.NewCodec([]openseat.Event{rang{}}, []openseat.Command{ring{}})
}

func TestEventsSurviveJSON(t *testing.T) {
	for _, e := range []openseat.Event{
		rang{Bell: "quote \" and 汉字"}, openseat.TimerFired{Name: "t"}, openseat.Asked{Ask: "1", Event: rang{Bell: "b"}},
		openseat.OwnerLost{Node: "n", LastAlive: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)},
	} {
		b, err := codec().MarshalEvent(e)
		if err != nil || !json.Valid(b) {
			t.Fatalf("%s: %s, %v", e.EventName(), b, err)
		}
		got, err := codec().UnmarshalEvent(b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(e, got); d != "" {
			t.Errorf("%s: -want +got:\n%s", e.EventName(), d)
		}
	}
}

func TestCommandsSurviveJSON(t *testing.T) {
	for _, c := range []openseat.Command{
		ring{Times: 3}, openseat.SetTimer{Name: "t", After: time.Second}, openseat.Done{},
		openseat.Tell{To: openseat.BoardRef(1400000001), Event: rang{Bell: "b"}},
		openseat.Reply{Ask: "1", Error: openseat.Errorf(openseat.CodeNotFound, "no")},
	} {
		b, err := codec().MarshalCommand(c)
		if err != nil || !json.Valid(b) {
			t.Fatalf("%s: %s, %v", c.CommandName(), b, err)
		}
		got, err := codec().UnmarshalCommand(b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c, got); d != "" {
			t.Errorf("%s: -want +got:\n%s", c.CommandName(), d)
		}
	}
}

func TestWhatIsNotKnownIsAnError(t *testing.T) {
	for _, b := range []string{"", "{", `{"name":"test.Other"}`, `{"name":"test.Rang","body":7}`, `{"name":"openseat.Asked","body":{},"inner":{"name":"x"}}`, `{"name":"openseat.Tell"}`, `{"name":"openseat.Asked"}`} {
		if e, err := codec().UnmarshalEvent([]byte(b)); err == nil {
			t.Errorf("%q became %v", b, e)
		}
		if c, err := codec().UnmarshalCommand([]byte(b)); err == nil {
			t.Errorf("%q became %v", b, c)
		}
	}
}

// FuzzEvent: whatever bytes come, reading them ends without a panic, and what was read can be written and read again.
func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"name":"openseat.Asked","body":{"ask":"1"},"inner":{"name":"test.Rang","body":{"bell":"b"}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := codec().UnmarshalEvent(b)
		if err != nil {
			return
		}
		again, err := codec().MarshalEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := codec().UnmarshalEvent(again); err != nil {
			t.Fatal(err)
		}
	})
}
