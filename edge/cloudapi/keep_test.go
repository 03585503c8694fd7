package cloudapi_test

import (
	"context"
	"encoding/base64"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// drawer keeps prompts by name.
type drawer map[string]org.Sound

func (d drawer) Put(_ context.Context, app openseat.AppID, name string, file []byte) (org.Sound, error) {
	d[name] = org.Sound{App: app, Name: name, Key: "sounds/" + app.String() + "/" + name + ".wav", Size: int64(len(file)), Duration: time.Second}
	return d[name], nil
}

func (d drawer) Speak(ctx context.Context, app openseat.AppID, name, text, lang string) (org.Sound, error) {
	s, err := d.Put(ctx, app, name, []byte(text))
	s.Text = lang + ":" + text
	d[name] = s
	return s, err
}

func (d drawer) Delete(_ context.Context, _ openseat.AppID, name string) error {
	if _, ok := d[name]; !ok {
		return openseat.Errorf(openseat.CodeNotFound, "no such sound")
	}
	delete(d, name)
	return nil
}

func (d drawer) List(context.Context, openseat.AppID) ([]org.Sound, error) {
	var all []org.Sound
	for _, name := range slices.Sorted(maps.Keys(d)) {
		all = append(all, d[name])
	}
	return all, nil
}

func (d drawer) Link(s org.Sound) string { return "https://here/" + s.Key }

// messages is one voicemail.
type messages struct {
	q  report.VoicemailQuery
	by string
	at time.Time
}

func (*messages) Peaks(_ context.Context, r call.Recording) ([]byte, error) {
	if r.Record == "r-9" {
		return nil, nil
	}
	return []byte{0, 50, 100}, nil
}

func (m *messages) Voicemails(_ context.Context, app openseat.AppID, q report.VoicemailQuery) (int, int, []report.Voicemail, error) {
	m.q = q
	start := time.Unix(1_700_000_000, 0)
	return 12, 3, []report.Voicemail{{
		Recording: call.Recording{App: app, Record: "v-1", SessionID: "s-1", Kind: "voicemail", StartAt: start, Duration: 2500 * time.Millisecond},
		Call:      report.CDR{Facts: call.Facts{Caller: "008613800138000", Callee: "00864008001000"}},
		HeardBy:   m.by, HeardAt: m.at,
	}}, nil
}

func (m *messages) MarkVoicemail(_ context.Context, _ openseat.AppID, id, by string, when time.Time) error {
	if id != "v-1" {
		return openseat.Errorf(openseat.CodeNotFound, "no such voicemail")
	}
	m.by, m.at = by, when
	return nil
}

func TestSounds(t *testing.T) {
	h := staffed(t)
	data := base64.StdEncoding.EncodeToString([]byte("a file"))
	put := do[api.PutSoundResponse](t, h, "PutSound", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"hello","Data":"`+data+`"}`)
	want := api.Sound{
		Name: "hello", Key: "sounds/1400000001/hello.wav", DurationMs: 1000, Size: 6, URL: "https://here/sounds/1400000001/hello.wav", UsedBy: []string{},
		CreateTimestamp: put.Sound.CreateTimestamp,
	}
	if !reflect.DeepEqual(put.Sound, want) {
		t.Errorf("%+v", put.Sound)
	}
	do[api.SpeakSoundResponse](t, h, "SpeakSound", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"bye","Text":"good bye","Lang":"en"}`)
	do[api.PublishFlowResponse](t, h, "PublishFlow", api.OwnVersion,
		`{"SdkAppId":1400000001,"Name":"greeting","Definition":{"name":"greeting","start":"a","nodes":{"a":{"type":"hangup","prompts":[{"audio":"sounds/1400000001/hello.wav"}]}}}}`)
	list := do[api.DescribeSoundsResponse](t, h, "DescribeSounds", api.OwnVersion, `{"SdkAppId":1400000001}`).Sounds
	if len(list) != 2 || list[0].Text != "en:good bye" || !slices.Equal(list[1].UsedBy, []string{"greeting"}) {
		t.Errorf("%+v", list)
	}
	for _, c := range []struct{ action, body, code string }{
		{"PutSound", `"Name":"x","Data":"?"`, openseat.CodeInvalidValue},
		{"DeleteSound", `"Name":"hello"`, openseat.CodeStateNotAllowed},
		{"DeleteSound", `"Name":"none"`, openseat.CodeNotFound},
		{"DeleteSound", `"Name":"bye"`, ""},
	} {
		a := h.send(t, h.ask(c.action, api.OwnVersion, `{"SdkAppId":1400000001,`+c.body+`}`).signed())
		if a.code() != c.code {
			t.Errorf("%s %s: %s, want %q", c.action, c.body, a.raw, c.code)
		}
	}
}

func TestRecordingParts(t *testing.T) {
	h := staffed(t)
	start := time.Unix(1_700_000_000, 0)
	h.cdrs = []report.CDR{{
		Facts:  call.Facts{App: home, SessionID: "s-1", StartAt: start},
		People: map[string]report.Person{"alice@demo.openseat": {Mail: "alice@demo.openseat", Name: "Alice"}},
	}}
	h.recordings = []call.Recording{
		{Record: "r-1", SessionID: "s-1", EndpointUser: "008613800138000", StartAt: start.Add(4 * time.Second), Duration: time.Minute},
		{Record: "r-9", SessionID: "s-1", EndpointUser: "alice@demo.openseat", StartAt: start.Add(4 * time.Second), Duration: time.Minute},
	}
	parts := do[api.DescribeRecordingPartsResponse](t, h, "DescribeRecordingParts", api.OwnVersion, `{"SdkAppId":1400000001,"SessionId":"s-1"}`).Parts
	if len(parts) != 2 || parts[0].StartMs != 4000 || parts[0].DurationMs != 60000 || !slices.Equal(parts[0].Peaks, []int64{0, 50, 100}) ||
		parts[0].Who != "008613800138000" || parts[1].Name != "Alice" || len(parts[1].Peaks) != 0 || parts[1].Peaks == nil {
		t.Errorf("%+v", parts)
	}
	a := h.send(t, h.ask("DescribeRecordingParts", api.OwnVersion, `{"SdkAppId":1400000001,"SessionId":"s-2"}`).signed())
	if a.code() != openseat.CodeRecordNotExist {
		t.Errorf("%s", a.raw)
	}
}

func TestVoicemails(t *testing.T) {
	h := staffed(t)
	const ask = `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0,"Unheard":true,"StartTime":1700000000,"Phone":"138"}`
	got := do[api.DescribeVoicemailsResponse](t, h, "DescribeVoicemails", api.OwnVersion, ask)
	if v := got.Voicemails[0]; got.TotalCount != 12 || got.Unheard != 3 || v.Caller != "008613800138000" || v.DurationMs != 2500 || v.Heard || len(v.Peaks) != 3 {
		t.Errorf("%+v", got)
	}
	do[api.MarkVoicemailResponse](t, h, "MarkVoicemail", api.OwnVersion, `{"SdkAppId":1400000001,"RecordId":"v-1","Heard":true}`)
	if v := do[api.DescribeVoicemailsResponse](t, h, "DescribeVoicemails", api.OwnVersion, ask).Voicemails[0]; !v.Heard || v.HeardBy == "" {
		t.Errorf("%+v", v)
	}
	do[api.MarkVoicemailResponse](t, h, "MarkVoicemail", api.OwnVersion, `{"SdkAppId":1400000001,"RecordId":"v-1","Heard":false}`)
	if v := do[api.DescribeVoicemailsResponse](t, h, "DescribeVoicemails", api.OwnVersion, ask).Voicemails[0]; v.Heard {
		t.Errorf("%+v", v)
	}
	a := h.send(t, h.ask("MarkVoicemail", api.OwnVersion, `{"SdkAppId":1400000001,"RecordId":"v-2","Heard":true}`).signed())
	if a.code() != openseat.CodeNotFound || strings.Contains(a.raw, "panic") {
		t.Errorf("%s", a.raw)
	}
}
