package flow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openseat/core/flow"
)

// office is a flow with one node of every type that decides or asks.
const office = `{"name":"office","start":"list","nodes":{
	"list":{"type":"blacklist","next":"hours"},
	"hours":{"type":"worktime","schedule":"office","next":"number"},
	"number":{"type":"digits","prompts":[{"text":"your number"}],"var":"Customer","min":4,"max":6,"retries":1,"wrongPrompts":[{"text":"wrong"}],"noInput":"bye","next":"ask"},
	"ask":{"type":"http","url":"https://crm.example.com/c/${Customer}","params":{"caller":"${SystemCallerNumber}"},"retries":1,"timeout":3,
		"outputs":{"Level":"body.level","Name":"body.customer.name","Orders":"len(body.orders)"},"next":"hello","failed":"desk"},
	"hello":{"type":"play","prompts":[{"text":"Hello ${Name}, ${Orders} orders"}],"next":"level"},
	"level":{"type":"condition","branches":[{"if":"num(Level) >= 3","next":"mine"},{"if":"Orders == \"0\"","next":"bye"}],"next":"desk"},
	"mine":{"type":"agent","last":true,"nobody":"desk","overflow":"desk"},
	"desk":{"type":"queue","group":7,"announce":[{"text":"you are ${WaitNo}, ${WaitSeconds} seconds"}],"every":20,"leaveKey":"#","leave":"text","nobody":"out"},
	"text":{"type":"sms","text":"Dear ${Name}, we call you back","next":"bye"},
	"out":{"type":"external","number":"0086${Customer}","failed":"bye"},
	"bye":{"type":"hangup","prompts":[{"text":"bye"}]}}}`

func officeWorld() flow.Env {
	return flow.Env{
		Vars: map[string]string{flow.VarCaller: "008613800138000", flow.VarLastAgent: "alice@example.com"},
		Now:  func() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }, // Monday, 10:00 in Shanghai
		Schedules: map[string]*flow.Schedule{"office": {
			Zone: "Asia/Shanghai", Week: []flow.Period{{Weekdays: []int{1, 2, 3, 4, 5}, From: "09:00", To: "18:00"}},
		}},
	}
}

// drive moves a run by words, like walk; words may have an argument.
func drive(t *testing.T, r *flow.Run, words ...string) []string {
	t.Helper()
	out := make([]string, 0, len(words))
	for _, w := range words {
		word, arg, _ := strings.Cut(w, " ")
		var steps []flow.Step
		switch word {
		case "begin":
			steps = r.Begin()
		case "played":
			steps = r.Played()
		case "elapsed":
			steps = r.Elapsed()
		case "answered":
			steps = r.Fetched(flow.Response{Status: 200, Body: arg})
		case "refused":
			steps = r.Fetched(flow.Response{Status: 500})
		case "unreachable":
			steps = r.Fetched(flow.Response{Error: "time-out"})
		case "placed":
			steps = r.Placed(3, 90*time.Second)
		case "sent":
			steps = r.Sent(true)
		case "heard":
			steps = r.Heard(arg)
		case "alone":
			steps = r.ForwardFailed()
		case flow.NobodyOnline, flow.WaitedOut:
			steps = r.QueueFailed(w)
		default:
			steps = r.Key(w)
		}
		out = append(out, word+": "+told(steps))
	}
	return out
}

func start(t *testing.T, def string, env flow.Env) *flow.Run {
	t.Helper()
	d, err := flow.Parse([]byte(def))
	if err != nil {
		t.Fatal(err)
	}
	return flow.NewRun(d, env)
}

const asked = "fetch{{https://crm.example.com/c/4711 post map[] map[caller:008613800138000] 3s}}"

func TestNodes(t *testing.T) {
	inQueue := []string{"begin", "played", "4", "7", "1", "1", "#", "refused", "refused"}
	for _, c := range []struct {
		name  string
		words []string
		last  []string // what the last words lead to
	}{
		{"digits end with #", []string{"begin", "played", "4", "7", "1", "1", "#"}, []string{
			"begin: say your number", "played: wait 5s", "4: wait 5s", "7: wait 5s", "1: wait 5s", "1: wait 5s",
			"#: wait 0s, pressed 4711  after=false, " + asked}},
		{"too few digits are wrong", []string{"begin", "played", "4", "#", "played"}, []string{
			"4: wait 5s", "#: wait 0s, say wrong", "played: say your number"}},
		{"enough digits and silence", []string{"begin", "played", "4", "7", "1", "1", "elapsed"}, []string{"elapsed: wait 0s, pressed 4711  after=false, " + asked}},
		{"the server's answer fills variables", append(inQueue[:7:7], `answered {"level":2,"customer":{"name":"Li"},"orders":[1,2]}`, "played"), []string{
			"answered: say Hello Li, 2 orders", "played: enqueue 7/0 0s, wait 20s, say builtin:music (loop)"}},
		{"a good customer gets the agent he knows", append(inQueue[:7:7], `answered {"level":"3","customer":{"name":"Li"},"orders":[]}`, "played"), []string{
			"played: enqueue 0alice@example.com/0 30s, say builtin:music (loop)"}},
		{"a second branch", append(inQueue[:7:7], `answered {"level":"1","customer":{"name":"Li"},"orders":[]}`, "played"), []string{"played: say bye"}},
		{"who is not there leads on", append(inQueue[:7:7], `answered {"level":"3","orders":[]}`, "played", "overflow"), []string{
			"overflow: hush, enqueue 7/0 0s, wait 20s, say builtin:music (loop)"}},
		{"an answer that is no JSON is a failure", append(inQueue[:7:7], "answered <html>", "answered <html>"), []string{
			"answered: " + asked, "answered: enqueue 7/0 0s, wait 20s, say builtin:music (loop)"}},
		{"a server that fails is asked again, then done without", inQueue, []string{
			"refused: " + asked, "refused: enqueue 7/0 0s, wait 20s, say builtin:music (loop)"}},
		{"the place in the queue is told now and then", append(inQueue[:9:9], "elapsed", "placed", "played"), []string{
			"elapsed: askplace{}", "placed: say you are 3, 90 seconds", "played: wait 20s, say builtin:music (loop)"}},
		{"a customer leaves the queue, and is sent a text", append(inQueue[:9:9], "#", "sent"), []string{
			"#: dequeue{}, wait 0s, hush, pressed #  after=false, text{008613800138000 dear , we call you back}", "sent: say bye"}},
		{"another key does not", append(inQueue[:9:9], "1"), []string{"1: "}},
		{"nobody there: an outside number", append(inQueue[:9:9], "nobody", "alone"), []string{
			"nobody: wait 0s, hush, forward{00864711  30s}, say builtin:music (loop)", "alone: hush, say bye"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := drive(t, start(t, office, officeWorld()), c.words...)
			if d := cmp.Diff(c.last, got[len(got)-len(c.last):]); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestWhoIsNotWelcome(t *testing.T) {
	for _, c := range []struct {
		name string
		env  func(*flow.Env)
		want string
	}{
		{"a caller on the list", func(e *flow.Env) { e.Vars[flow.VarBlocked] = "true" }, "begin: end blackList"},
		{"a call at night", func(e *flow.Env) { e.Now = func() time.Time { return time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC) } }, "begin: end notWorkTime"},
		{"a schedule that is gone lets in", func(e *flow.Env) { e.Schedules = nil }, "begin: say your number"},
	} {
		env := officeWorld()
		c.env(&env)
		if got := drive(t, start(t, office, env), "begin")[0]; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSubFlowsComeBack(t *testing.T) {
	sub, err := flow.Parse([]byte(`{"name":"greet","start":"a","nodes":{"a":{"type":"play","prompts":[{"text":"hi ${Who}"}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	endless, err := flow.Parse([]byte(`{"name":"deep","start":"a","nodes":{"a":{"type":"subflow","flow":"deeper"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	env := flow.Env{Flows: map[string]*flow.Definition{"greet": sub, "deep": endless, "deeper": {
		Name: "deeper", Start: "a", Nodes: map[string]flow.Node{"a": {Type: flow.SubFlow, Flow: "deep"}},
	}}}
	main := `{"name":"main","start":"who","nodes":{
		"who":{"type":"set","assign":[{"var":"Who","value":"you"},{"var":"Twice","expr":"Who + Who"}],"next":"greet"},
		"greet":{"type":"subflow","flow":"greet","next":"deep"},
		"deep":{"type":"subflow","flow":"deep","next":"gone"},
		"gone":{"type":"subflow","flow":"nowhere","next":"say"},
		"say":{"type":"play","prompts":[{"text":"${Twice}"}]}}}`
	got := drive(t, start(t, main, env), "begin", "played", "played")
	want := []string{"begin: say hi you", "played: say youyou", "played: end"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestSpeech(t *testing.T) {
	def := `{"name":"f","start":"a","nodes":{
		"a":{"type":"speech","prompts":[{"text":"what is it about"}],"var":"Topic","retries":1,"noInput":"no","next":"b"},
		"b":{"type":"hangup","prompts":[{"text":"${Topic}, then"}]},
		"no":{"type":"hangup","prompts":[{"text":"nothing"}]}}}`
	for _, c := range []struct{ words, want []string }{
		{[]string{"begin", "played", "heard a bill"}, []string{
			"begin: say what is it about", "played: listen{5s 15s}", "heard: pressed a bill  after=false, say a bill, then"}},
		{[]string{"begin", "played", "heard", "played", "heard"}, []string{
			"begin: say what is it about", "played: listen{5s 15s}", "heard: say what is it about", "played: listen{5s 15s}", "heard: say nothing"}},
	} {
		if d := cmp.Diff(c.want, drive(t, start(t, def, flow.Env{}), c.words...)); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
}

func TestAValueCannotLeadElsewhere(t *testing.T) {
	def := `{"name":"f","start":"a","nodes":{"a":{"type":"http","url":"https://crm.example.com/${Path}?q=1"}}}`
	env := flow.Env{Vars: map[string]string{"Path": "../x@evil.example.com/?a&b"}}
	steps := start(t, def, env).Begin()
	f, ok := steps[0].(flow.Fetch)
	if want := "https://crm.example.com/..%2Fx%40evil.example.com%2F%3Fa%26b?q=1"; !ok || f.Request.URL != want {
		t.Errorf("%v, want %s", steps, want)
	}
}

func TestVariablesAreBounded(t *testing.T) {
	r := start(t, office, flow.Env{})
	for i := range 1000 {
		r.SetVar(fmt.Sprint("v", i), strings.Repeat("电", 4000))
	}
	if got := r.Var("v0"); len(got) > 4096 || got[:3] != "电" {
		t.Errorf("a variable of %d bytes", len(got))
	}
	if r.Var("v900") != "" {
		t.Error("there is no end to the variables")
	}
}

func TestCheckMarksTheNode(t *testing.T) {
	for _, c := range []struct {
		node string
		want string
	}{
		{`{"type":"digits"}`, "nodes.a.var: is missing"},
		{`{"type":"digits","var":"SystemX"}`, "nodes.a.var: names that begin with System are set by the system"},
		{`{"type":"digits","var":"x","min":9,"max":3}`, "nodes.a.min: must not be above max"},
		{`{"type":"worktime"}`, "nodes.a.schedule: is missing"},
		{`{"type":"condition","branches":[{"if":"a >","next":"a"}]}`, "nodes.a.branches.0.if: unexpected token EOF (1:3)"},
		{`{"type":"condition","branches":[{"if":"1+1","next":"a"}]}`, "nodes.a.branches.0.if: expected bool, but got int"},
		{`{"type":"condition","branches":[{"if":"true","next":"z"}]}`, `nodes.a.branches.0.next: there is no node "z"`},
		{`{"type":"set","assign":[{"var":"a b"}]}`, "nodes.a.assign.0.var: must be a letter, then up to 63 letters, digits or _"},
		{`{"type":"http","url":"ftp://x"}`, "nodes.a.url: must be an http or https address"},
		{`{"type":"http","url":"https://x","timeout":60}`, "nodes.a.timeout: must be 0 to 10"},
		{`{"type":"http","url":"https://x","method":"PUT"}`, "nodes.a.method: must be POST or GET"},
		{`{"type":"sms"}`, "nodes.a.text: is missing"},
		{`{"type":"agent"}`, "nodes.a.user: is missing"},
		{`{"type":"external"}`, "nodes.a.number: is missing"},
		{`{"type":"subflow","flow":"f"}`, "nodes.a.flow: a flow cannot be its own part"},
		{`{"type":"queue","group":1,"leaveKey":"12"}`, "nodes.a.leaveKey: must be one of 0-9, *, #"},
	} {
		_, err := flow.Parse([]byte(`{"name":"f","start":"a","nodes":{"a":` + c.node + `}}`))
		if err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.node, err, c.want)
		}
	}
}

func TestWhatCannotBeReachedIsAWarning(t *testing.T) {
	d, err := flow.Parse([]byte(`{"name":"f","start":"a","nodes":{"a":{"type":"hangup"},"b":{"type":"play","prompts":[{"text":"x"}],"next":"a"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Check(); len(got) != 1 || got[0].Node != "b" || !got[0].Warning {
		t.Errorf("%v, want a warning about b", got)
	}
}

func TestSchedules(t *testing.T) {
	s := flow.Schedule{
		Zone: "Europe/Berlin",
		Week: []flow.Period{
			{Weekdays: []int{1, 2, 3, 4, 5}, From: "09:00", To: "12:30"}, {Weekdays: []int{1, 2, 3, 4, 5}, From: "13:30", To: "18:00"},
			{Weekdays: []int{6}, From: "22:00", To: "02:00"},
		},
		Days: []flow.Day{{Date: "2026-12-25", Name: "Christmas"}, {Date: "2026-12-26", Hours: []flow.Hours{{From: "10:00", To: "24:00"}}}},
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{
		"2026-11-23T09:00:00+01:00": true, "2026-11-23T08:59:59+01:00": false, "2026-11-23T12:30:00+01:00": false,
		"2026-11-23T17:59:59+01:00": true, "2026-11-23T12:00:00Z": false, "2026-11-23T13:00:00Z": true,
		"2026-11-28T23:00:00+01:00": true, "2026-11-29T01:59:00+01:00": true, "2026-11-29T02:00:00+01:00": false,
		"2026-12-25T10:00:00+01:00": false, "2026-12-26T23:59:00+01:00": true, "2026-12-27T00:30:00+01:00": false,
		"2026-03-29T01:30:00+01:00": true, "2026-07-06T07:30:00Z": true, // summer time
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Open(when); got != want {
			t.Errorf("at %s: %v, want %v", at, got, want)
		}
	}
}

func TestScheduleNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		s    flow.Schedule
		want string
	}{
		{flow.Schedule{}, `zone: "" is not a time zone`},
		{flow.Schedule{Zone: "Mars/Olympus"}, `zone: "Mars/Olympus" is not a time zone`},
		{flow.Schedule{Zone: "UTC", Week: []flow.Period{{Weekdays: []int{7}}}}, "week.0.weekdays: must be"},
		{flow.Schedule{Zone: "UTC", Week: []flow.Period{{Weekdays: []int{1}, From: "9", To: "10:00"}}}, "week.0.from: must be"},
		{flow.Schedule{Zone: "UTC", Week: []flow.Period{{Weekdays: []int{1}, From: "09:00", To: "25:00"}}}, "week.0.to: must be"},
		{flow.Schedule{Zone: "UTC", Days: []flow.Day{{Date: "1.5.2026"}}}, "days.0.date: must be"},
	} {
		if err := c.s.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.s, err, c.want)
		}
	}
}

func TestTryTellsWhereAndWhatIsNeeded(t *testing.T) {
	d, err := flow.Parse([]byte(office))
	if err != nil {
		t.Fatal(err)
	}
	inputs := []flow.Input{
		{Kind: flow.InputKey, Value: "4"}, {Kind: flow.InputKey, Value: "7"}, {Kind: flow.InputKey, Value: "1"}, {Kind: flow.InputKey, Value: "1"},
		{Kind: flow.InputSilence}, {Kind: flow.InputHTTP, Value: `{"level":1,"customer":{"name":"Li"},"orders":[7]}`}, {Kind: flow.InputPlace}, {Kind: flow.InputKey, Value: "#"},
	}
	steps, run := flow.Try(d, officeWorld(), inputs)
	var got []string
	for _, one := range steps {
		var line []string
		for _, s := range one {
			line = append(line, s.Node+": "+told([]flow.Step{s.Step}))
		}
		got = append(got, strings.Join(line, " | "))
	}
	want := []string{
		"number: say your number | number: wait 5s", "number: wait 5s", "number: wait 5s", "number: wait 5s", "number: wait 5s",
		"number: wait 0s | number: pressed 4711  after=false | ask: " + asked,
		"hello: say Hello Li, 1 orders | desk: enqueue 7/0 0s | desk: wait 20s | desk: say builtin:music (loop)",
		"desk: say you are 1, 0 seconds | desk: wait 20s | desk: say builtin:music (loop)",
		"desk: dequeue{} | desk: wait 0s | desk: hush | desk: pressed #  after=false | text: text{008613800138000 dear li, we call you back} | bye: say bye | : end",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if run.Waits() != flow.WaitsNothing || run.Vars()["Name"] != "Li" {
		t.Errorf("it waits for %s, with %v", run.Waits(), run.Vars())
	}
	_, run = flow.Try(d, officeWorld(), inputs[:5])
	if run.Waits() != flow.WaitsHTTP {
		t.Errorf("it waits for %s, want the server's answer", run.Waits())
	}
}
