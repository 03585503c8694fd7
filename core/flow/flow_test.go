package flow_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openseat/core/flow"
)

// walk drives a run by words: begin, after, played, elapsed, left, nobody, overflow, or a key. It returns what the run wanted,
// a line per input.
func walk(t *testing.T, def string, words ...string) []string {
	t.Helper()
	d, err := flow.Parse([]byte(def))
	if err != nil {
		t.Fatal(err)
	}
	r := flow.NewRun(d, flow.Env{})
	var out []string
	for _, w := range words {
		var steps []flow.Step
		switch w {
		case "begin":
			steps = r.Begin()
		case "after":
			steps = r.BeginAfter()
		case "played":
			steps = r.Played()
		case "elapsed":
			steps = r.Elapsed()
		case "left":
			steps = r.MessageLeft()
		case "gone":
			steps = r.HungUp()
		case flow.NobodyOnline, flow.WaitedOut:
			steps = r.QueueFailed(w)
		default:
			steps = r.Key(w)
		}
		out = append(out, w+": "+told(steps))
	}
	return out
}

func told(steps []flow.Step) string {
	var out []string
	for _, s := range steps {
		switch s := s.(type) {
		case flow.Say:
			var ps []string
			for _, p := range s.Prompts {
				ps = append(ps, p.Text+p.Audio)
			}
			out = append(out, fmt.Sprintf("say %s%s", strings.Join(ps, "+"), map[bool]string{true: " (loop)"}[s.Loop]))
		case flow.Hush:
			out = append(out, "hush")
		case flow.Wait:
			out = append(out, fmt.Sprintf("wait %v", s.For))
		case flow.Enqueue:
			out = append(out, fmt.Sprintf("enqueue %d%s/%d %v", s.Group, s.User, s.Priority, s.Timeout))
		case flow.Leave:
			out = append(out, fmt.Sprintf("leave %v", s.Max))
		case flow.Pressed:
			out = append(out, fmt.Sprintf("pressed %s %s after=%v", s.Key, s.Label, s.After))
		case flow.End:
			out = append(out, strings.TrimSpace("end "+s.Reason))
		default:
			out = append(out, strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T%v", s, s), "flow.")))
		}
	}
	return strings.Join(out, ", ")
}

const menu = `{"name":"f","start":"m","afterCall":"rate","nodes":{
	"m":{"type":"keys","prompts":[{"text":"menu"}],"choices":{"1":{"label":"Support","next":"q"},"2":{"label":"Message","next":"v"}},
		"retries":1,"wrongPrompts":[{"text":"wrong"}],"noInput":"q","invalid":"bye"},
	"q":{"type":"queue","group":7,"priority":2,"prompts":[{"text":"hold on"}],"timeout":60,"nobody":"v","overflow":"bye"},
	"v":{"type":"voicemail","prompts":[{"text":"speak"}],"maxSeconds":30,"next":"bye"},
	"rate":{"type":"satisfaction","prompts":[{"text":"rate"}],"choices":{"1":{"label":"good"},"2":{"label":"bad","next":"bye"}}},
	"bye":{"type":"hangup","prompts":[{"text":"bye"}]}}}`

func TestWalks(t *testing.T) {
	for _, c := range []struct {
		name  string
		words []string
		want  []string
	}{
		{"a key while the prompt plays", []string{"begin", "1", "played"}, []string{
			"begin: say menu", "1: wait 0s, hush, pressed 1 Support after=false, enqueue 7/2 1m0s, say hold on", "played: say builtin:music (loop)"}},
		{"a key after the prompt", []string{"begin", "played", "1"}, []string{
			"begin: say menu", "played: wait 5s", "1: wait 0s, hush, pressed 1 Support after=false, enqueue 7/2 1m0s, say hold on"}},
		{"silence repeats the menu, then goes on", []string{"begin", "played", "elapsed", "played", "elapsed"}, []string{
			"begin: say menu", "played: wait 5s", "elapsed: say menu", "played: wait 5s", "elapsed: enqueue 7/2 1m0s, say hold on"}},
		{"wrong keys have prompts of their own, and an end", []string{"begin", "9", "played", "8", "played"}, []string{
			"begin: say menu", "9: wait 0s, say wrong", "played: say menu", "8: wait 0s, hush, say bye", "played: end"}},
		{"a right key after a wrong one", []string{"begin", "9", "1"}, []string{
			"begin: say menu", "9: wait 0s, say wrong", "1: wait 0s, hush, pressed 1 Support after=false, enqueue 7/2 1m0s, say hold on"}},
		{"keys in the queue mean nothing", []string{"begin", "1", "2", "elapsed"}, []string{
			"begin: say menu", "1: wait 0s, hush, pressed 1 Support after=false, enqueue 7/2 1m0s, say hold on", "2: ", "elapsed: "}},
		{"nobody online", []string{"begin", "1", "nobody", "played", "#", "played"}, []string{
			"begin: say menu", "1: wait 0s, hush, pressed 1 Support after=false, enqueue 7/2 1m0s, say hold on",
			"nobody: hush, say speak+builtin:beep", "played: leave 30s", "#: wait 0s, say bye", "played: end"}},
		{"waited too long", []string{"begin", "1", "overflow", "played"}, []string{
			"begin: say menu", "1: wait 0s, hush, pressed 1 Support after=false, enqueue 7/2 1m0s, say hold on", "overflow: hush, say bye", "played: end"}},
		{"a message up to its limit", []string{"begin", "2", "played", "left", "played"}, []string{
			"begin: say menu", "2: wait 0s, hush, pressed 2 Message after=false, say speak+builtin:beep", "played: leave 30s", "left: wait 0s, say bye", "played: end"}},
		{"music that cannot be played is silence", []string{"begin", "1", "played", "played", "played"}, []string{
			"begin: say menu", "1: wait 0s, hush, pressed 1 Support after=false, enqueue 7/2 1m0s, say hold on", "played: say builtin:music (loop)", "played: ", "played: "}},
		{"hung up on the survey", []string{"after", "gone", "1", "gone"}, []string{
			"after: say rate", "gone: pressed noInput  after=true", "1: ", "gone: "}},
		{"rated, and hung up on the last words", []string{"after", "2", "gone"}, []string{
			"after: say rate", "2: wait 0s, hush, pressed 2 bad after=true, say bye", "gone: "}},
		{"hung up on the menu", []string{"begin", "gone"}, []string{"begin: say menu", "gone: "}},
		{"rated", []string{"after", "1"}, []string{"after: say rate", "1: wait 0s, hush, pressed 1 good after=true, end"}},
		{"rated with last words", []string{"after", "2", "played"}, []string{
			"after: say rate", "2: wait 0s, hush, pressed 2 bad after=true, say bye", "played: end"}},
		{"not rated", []string{"after", "played", "elapsed", "1"}, []string{
			"after: say rate", "played: wait 5s", "elapsed: pressed noInput  after=true, end", "1: "}},
		{"nothing after the end", []string{"begin", "9", "8", "played", "1", "played", "elapsed", "nobody", "left"}, []string{
			"begin: say menu", "9: wait 0s, say wrong", "8: wait 0s, hush, say bye", "played: end", "1: ", "played: ", "elapsed: ", "nobody: ", "left: "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, walk(t, menu, c.words...)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestACircleOfSilentNodesEnds(t *testing.T) {
	got := walk(t, `{"name":"f","start":"a","nodes":{"a":{"type":"voicemail","next":"b"},"b":{"type":"hangup"}}}`, "begin", "played", "left")
	if want := "left: wait 0s, end"; got[2] != want {
		t.Errorf("%q, want %q", got[2], want)
	}
}

func TestMusicThatCannotBePlayedIsReplaced(t *testing.T) {
	got := walk(t, `{"name":"f","start":"q","nodes":{"q":{"type":"queue","group":1,"music":[{"audio":"gone.wav"}]}}}`,
		"begin", "played", "played", "played")
	want := []string{"begin: enqueue 1/0 0s, say gone.wav (loop)", "played: say builtin:music (loop)", "played: ", "played: "}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestACircleOfPromptsThatCannotBePlayedEnds(t *testing.T) {
	d, err := flow.Parse([]byte(`{"name":"f","start":"a","nodes":{"a":{"type":"play","prompts":[{"audio":"gone.wav"}],"next":"a"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	r := flow.NewRun(d, flow.Env{})
	r.Begin()
	for range 20_000 {
		if r.Over() {
			return
		}
		r.Played()
	}
	t.Error("it goes on for ever")
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ def, want string }{
		{`{`, "unexpected EOF"},
		{`{"name":"f","start":"a","nodes":{},"colour":1}`, `unknown field "colour"`},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"hangup"}}} {}`, "something follows"},
		{`{"start":"a","nodes":{"a":{"type":"hangup"}}}`, "name: must have 1 to 64 bytes"},
		{`{"name":"f","start":"a","nodes":{}}`, "nodes: must be 1 to 500"},
		{`{"name":"f","nodes":{"a":{"type":"hangup"}}}`, "start: is missing"},
		{`{"name":"f","start":"b","nodes":{"a":{"type":"hangup"}}}`, `start: there is no node "b"`},
		{`{"name":"f","start":"a","afterCall":"z","nodes":{"a":{"type":"hangup"}}}`, `afterCall: there is no node "z"`},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"dance"}}}`, `nodes.a.type: "dance" is not a type of node`},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"play"}}}`, "nodes.a.prompts: is missing"},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"play","prompts":[{"text":"x","audio":"y"}]}}}`, "nodes.a.prompts.0: must have either"},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"queue"}}}`, "nodes.a.group: is missing"},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"keys"}}}`, "nodes.a.choices: is missing"},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"keys","choices":{"12":{"next":"a"}}}}}`, "nodes.a.choices.12: must be one of"},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"keys","choices":{"1":{"label":"x"}}}}}`, "nodes.a.choices.1.next: is missing"},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"hangup","timeout":-1}}}`, "nodes.a.timeout: must be 0 to 86400"},
		{`{"name":"f","start":"a","nodes":{"a":{"type":"play","prompts":[{"text":"x"}],"next":"q"}}}`, `nodes.a.next: there is no node "q"`},
	} {
		_, err := flow.Parse([]byte(c.def))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Parse(%s) = %v, want …%s…", c.def, err, c.want)
		}
	}
}

// TestSchemaKnowsEveryField holds the JSON schema against the type that is parsed.
func TestSchemaKnowsEveryField(t *testing.T) {
	var s struct {
		Defs struct {
			Node struct {
				Properties map[string]any `json:"properties"`
			} `json:"node"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(flow.Schema, &s); err != nil {
		t.Fatal(err)
	}
	fields := map[string]any{}
	for f := range reflect.TypeFor[flow.Node]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields[name] = true
	}
	if d := cmp.Diff(keys(fields), keys(s.Defs.Node.Properties)); d != "" {
		t.Errorf("fields of Node and of the schema differ (-Node +schema):\n%s", d)
	}
}

func keys(m map[string]any) []string {
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// FuzzParse: whatever is published, parsing and walking it ends, without a panic.
func FuzzParse(f *testing.F) {
	f.Add([]byte(menu), "11#")
	if b, err := os.ReadFile("../call/testdata/welcome.json"); err == nil {
		f.Add(b, "3#")
	}
	f.Add([]byte(office), "1234#")
	f.Fuzz(func(t *testing.T, def []byte, keys string) {
		d, err := flow.Parse(def)
		if err != nil {
			return
		}
		r := flow.NewRun(d, flow.Env{})
		begun := time.Now()
		r.Begin()
		for _, k := range keys[:min(len(keys), 50)] {
			r.Played()
			r.Key(string(k))
			r.Elapsed()
			r.QueueFailed(flow.NobodyOnline)
			r.Placed(1, time.Second)
			r.Fetched(flow.Response{Status: 200, Body: string(def)})
			r.Sent(true)
			r.Heard(string(k))
			r.ForwardFailed()
		}
		if time.Since(begun) > 5*time.Second {
			t.Error("a walk takes for ever")
		}
	})
}
