package cloudapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"openseat"
	"openseat/api"
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
