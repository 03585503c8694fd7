package cloudapi_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/edge/cloudapi"
)

const menuFlow = `{"name":"f","start":"m","afterCall":"rate","nodes":{
	"m":{"type":"keys","prompts":[{"text":"Press 1."}],"choices":{"1":{"label":"Support","next":"q"},"2":{"label":"Ask","next":"h"}},"noInput":"bye"},
	"q":{"type":"queue","group":1,"nobody":"bye"},
	"h":{"type":"http","url":"https://company.test/x?n=${SystemCallerNumber}","outputs":{"level":"body.level"},"next":"say","failed":"bye"},
	"say":{"type":"hangup","prompts":[{"text":"You are ${level}."}]},
	"rate":{"type":"satisfaction","prompts":[{"text":"Rate us."}],"choices":{"1":{"label":"good"}}},
	"bye":{"type":"hangup","prompts":[{"text":"Bye."}]}}}`

// walked is a walk in a line: kind and text of every step, inputs apart by " / ".
func walked(r *api.TryFlowResponse) string {
	var all []string
	for _, steps := range r.Steps {
		var words []string
		for _, s := range steps {
			words = append(words, strings.TrimSpace(s.Kind+" "+s.Text))
		}
		all = append(all, strings.Join(words, ", "))
	}
	return strings.Join(all, " / ")
}

func TestTryFlow(t *testing.T) {
	h := newHouse(t, 1000)
	for _, c := range []struct {
		name, inputs, want, waits, node string
	}{
		{"begun", ``, "say Press 1., wait 5s", "key", "m"},
		{"to the queue, and nobody is there", `{"Kind":"key","Value":"1"},{"Kind":"nobody"}`,
			"say Press 1., wait 5s / wait 0s, hush, pressed 1 Support, queue, say builtin:music / hush, say Bye., end", "nothing", ""},
		{"a server is asked", `{"Kind":"key","Value":"2"},{"Kind":"http","Value":"{\"level\":\"gold\"}"}`,
			"say Press 1., wait 5s / wait 0s, hush, pressed 2 Ask, http POST https://company.test/x?n=008613800138000 / say You are gold., end", "nothing", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			def, _ := json.Marshal(json.RawMessage(menuFlow))
			r := do[api.TryFlowResponse](t, h, "TryFlow", api.OwnVersion,
				`{"SdkAppId":1400000001,"Definition":`+string(def)+`,"Inputs":[`+c.inputs+`],"Variables":{"SystemCallerNumber":"008613800138000"}}`)
			if got := walked(&r); got != c.want || r.Waits != c.waits || r.Node != c.node {
				t.Errorf("%s\nwaits for %q in %q, want\n%s", got, r.Waits, r.Node, c.want)
			}
		})
	}
}

func TestTryFlowKnowsTheHours(t *testing.T) {
	h := newHouse(t, 1000)
	do[api.PutScheduleResponse](t, h, "PutSchedule", api.OwnVersion,
		`{"SdkAppId":1400000001,"Schedule":{"Name":"office","Zone":"Asia/Shanghai","Week":[{"Weekdays":[1,2,3,4,5],"From":"09:00","To":"18:00"}]}}`)
	const def = `{"name":"f","start":"w","nodes":{"w":{"type":"worktime","schedule":"office","next":"in","closed":"out"},
		"in":{"type":"hangup","prompts":[{"text":"We are here."}]},"out":{"type":"hangup","prompts":[{"text":"We are closed."}]}}}`
	for at, want := range map[string]string{ // 2026-03-02 was a Monday
		"1772420400": "say We are here., end", // 11:00 in Shanghai
		"1772463600": "say We are closed., end",
	} {
		r := do[api.TryFlowResponse](t, h, "TryFlow", api.OwnVersion, `{"SdkAppId":1400000001,"Time":`+at+`,"Definition":`+def+`}`)
		if got := walked(&r); got != want {
			t.Errorf("at %s: %s, want %s", at, got, want)
		}
	}
}

func TestCheckFlow(t *testing.T) {
	h := newHouse(t, 1000)
	for def, want := range map[string]string{
		strings.Replace(menuFlow, `"type":"queue"`, `"type":"queue","overflow":"no"`, 1):                        "q overflow",
		`{"name":"f","start":"a","nodes":{"a":{"type":"dance"}}}`:                                               "a type",
		`{"name":"f","start":"a","colour":1}`:                                                                   " ",
		`{"name":"f","start":"a","nodes":{"a":{"type":"subflow","flow":"nowhere","next":""}}}`:                  "a flow",
		`{"name":"f","start":"a","nodes":{"a":{"type":"hangup"},"b":{"type":"hangup"}}}`:                        "b type",
		`{"name":"f","start":"a","nodes":{"a":{"type":"queue","group":77,"nobody":"b"},"b":{"type":"hangup"}}}`: "a group",
	} {
		r := do[api.CheckFlowResponse](t, h, "CheckFlow", api.OwnVersion, `{"SdkAppId":1400000001,"Definition":`+def+`}`)
		if len(r.Problems) == 0 || r.Problems[0].Node+" "+r.Problems[0].Field != want {
			t.Errorf("%.60s…: %+v, want %q", def, r.Problems, want)
		}
	}
}

func TestTryFlowRefuses(t *testing.T) {
	h := newHouse(t, 1000)
	for body, want := range map[string]string{
		`"Definition":{"name":""}`:                                  openseat.CodeInvalidValue,
		`"Definition":` + menuFlow + `,"Inputs":[{"Kind":"dance"}]`: openseat.CodeInvalidValue,
	} {
		if code := h.send(t, h.ask("TryFlow", api.OwnVersion, `{"SdkAppId":1400000001,`+body+`}`).signed()).code(); code != want {
			t.Errorf("%s: %s, want %s", body, code, want)
		}
	}
}

func TestTransferToManual(t *testing.T) {
	h := newHouse(t, 1000)
	h.active = []cloudapi.ActiveSession{{SessionID: "s1"}}
	group := do[api.CreateCCCSkillGroupResponse](t, h, "CreateCCCSkillGroup", api.Version, `{"SdkAppId":1400000001,"SkillGroupName":"Support","SkillGroupType":0}`).SkillGroupId
	chat := do[api.CreateCCCSkillGroupResponse](t, h, "CreateCCCSkillGroup", api.Version, `{"SdkAppId":1400000001,"SkillGroupName":"Online","SkillGroupType":1}`).SkillGroupId
	ask := func(session string, group int64) string {
		return h.send(t, h.ask("TransferToManual", api.Version, fmt.Sprintf(`{"SdkAppId":1400000001,"SessionId":%q,"SkillGroupId":%d}`, session, group)).signed()).code()
	}
	for _, c := range []struct {
		session string
		group   int64
		code    string
	}{{"s1", group, ""}, {"gone", group, openseat.CodeRecordNotExist}, {"s1", 99, openseat.CodeSkillGroupError}, {"s1", chat, openseat.CodeSkillGroupError}} {
		if code := ask(c.session, c.group); code != c.code {
			t.Errorf("%+v: %q", c, code)
		}
	}
	if len(h.handedOn) != 1 || h.handedOn[0].Group != group || h.handedOn[0].Groups[group] == nil || h.handedOn[0].By != secretID {
		t.Errorf("sent %+v", h.handedOn)
	}
}

func TestCreateIVRSession(t *testing.T) {
	h := newHouse(t, 1000)
	h.mustOwn(t, "00864008001000")
	hang := `{"name":"f","start":"a","nodes":{"a":{"type":"hangup","prompts":[{"text":"Hello ${name}."}]}}}`
	do[api.PublishFlowResponse](t, h, "PublishFlow", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"hello","Definition":`+hang+`}`)
	flows := do[api.DescribeFlowsResponse](t, h, "DescribeFlows", api.OwnVersion, `{"SdkAppId":1400000001}`).Flows
	id := strconv.FormatInt(flows[0].IVRId, 10)
	ask := func(rest string) answer {
		return h.send(t, h.ask("CreateIVRSession", api.Version, `{"SdkAppId":1400000001,`+rest+`}`).signed())
	}
	good := `"Callee":"13800138000","IVRId":` + id
	if a := ask(good + `,"Variables":[{"Key":"name","Value":"Li"}],"UUI":"order-7","MaxRingTimeoutSecond":20`); a.code() != "" {
		t.Fatal(a.raw)
	}
	f := h.flowCalls[0]
	if f.Callee != "008613800138000" || f.Caller != "00864008001000" || f.Trunk != "line" || f.UUI != "order-7" || f.Ring != 20*time.Second ||
		f.Plan.Vars["name"] != "Li" || !strings.Contains(string(f.Plan.Flow), "Hello") {
		t.Errorf("%+v", f)
	}
	for name, c := range map[string]struct{ rest, code string }{
		"no such flow":              {`"Callee":"13800138000","IVRId":7`, openseat.CodeInvalidValue},
		"no number":                 {`"Callee":"call me","IVRId":` + id, org.CodeInvalidPhoneNumber},
		"a number that is not ours": {good + `,"Callers":["4008001009"]`, openseat.CodeNoCallOutNumber},
		"what is no number to show": {good + `,"Callers":["x"]`, openseat.CodeInvalidValue},
		"too long a ring":           {good + `,"MaxRingTimeoutSecond":121`, openseat.CodeInvalidValue},
		"a variable of ours":        {good + `,"Variables":[{"Key":"SystemCallerNumber","Value":"1"}]`, openseat.CodeInvalidValue},
		"too much to carry":         {good + `,"UUI":"` + strings.Repeat("x", 1025) + `"`, openseat.CodeInvalidValue},
	} {
		if a := ask(c.rest); a.code() != c.code {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
	do[api.PutListedNumbersResponse](t, h, "PutListedNumbers", api.OwnVersion, `{"SdkAppId":1400000001,"Numbers":["13800138000"],"Outbound":true}`)
	if a := ask(good); a.code() != openseat.CodeCallOutFailed {
		t.Errorf("a number that is not called: %s", a.raw)
	}
	if len(h.flowCalls) != 1 {
		t.Errorf("%d calls were made", len(h.flowCalls))
	}
}
