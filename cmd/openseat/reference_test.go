package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"openseat/api"
	"openseat/core/call"
)

//go:generate env UPDATE_REFERENCE=1 go test -count=1 -run TestReference .

// TestReference keeps docs/reference/ true: its pages are made from the code, and must be what is committed. To write them
// anew: make generate.
func TestReference(t *testing.T) {
	for page, text := range map[string]string{
		"options.md":      optionsPage(t),
		"actions.md":      actionsPage(t),
		"errors.md":       errorsPage(t),
		"end-statuses.md": endStatusesPage(t),
		"metrics.md":      metricsPage(t),
	} {
		path := filepath.Join("..", "..", "docs", "reference", page)
		if os.Getenv("UPDATE_REFERENCE") != "" {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		committed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(committed) != text {
			t.Errorf("docs/reference/%s is not what the code says: run make generate", page)
		}
	}
}

// page joins paragraphs and ends them with a line break.
func page(parts ...string) string { return strings.Join(parts, "\n\n") + "\n" }

// table lays rows out; the first is the head.
func table(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func optionsPage(t *testing.T) string {
	var cli CLI
	parser, err := kong.New(&cli, kong.DefaultEnvars("OPENSEAT"))
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string][][]string{}
	for _, leaf := range parser.Model.Leaves(true) {
		flags[leaf.Path()] = rowsOf(leaf.Flags)
	}
	serve, demo, create := flags["serve"], flags["demo"], flags["instance create"]
	if len(flags) != 3 {
		t.Errorf("this page knows three commands, and there are %d", len(flags))
	}
	shared := slices.DeleteFunc(slices.Clone(demo), func(r []string) bool { return !contains(serve, r) })
	own := slices.DeleteFunc(slices.Clone(demo), func(r []string) bool { return contains(serve, r) })
	if len(shared) != len(serve) {
		t.Error("serve has an option that demo has not: this page must say so")
	}
	head := []string{"option", "variable", "default", "meaning"}
	section := func(rows [][]string) string { return table(append([][]string{head}, rows...)) }
	return page("# Options", "Each option can be given on the command line, as an environment variable, or in `openseat.toml`, in this "+
		"order of precedence. The file is read from the folder the program is started in, or from where `--config` says; its keys are "+
		"the options' names without the dashes before them: `rtp-ports = \"20000-29999\"`. How to use them: [Operate](../guides/operate.md).",
		"## `openseat serve` and `openseat demo`", section(shared), "## `openseat demo` only", section(own),
		"## `openseat instance create`", section(create), "## Every command", section(rowsOf(parser.Model.Flags)))
}

func rowsOf(flags []*kong.Flag) [][]string {
	var rows [][]string
	for _, f := range flags {
		if f.Hidden || f.Name == "help" {
			continue
		}
		rows = append(rows, []string{code("--" + f.Name), code(strings.Join(f.Envs, " ")), code(f.Default), f.Help})
	}
	return rows
}

func contains(rows [][]string, row []string) bool {
	return slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, row) })
}

func errorsPage(t *testing.T) string {
	entries, err := api.Errors()
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"code", "meaning", "含义"}}
	for _, e := range entries {
		rows = append(rows, []string{code(e.Code), e.EN, e.ZH})
	}
	sdk := [][]string{{"code", "meaning"}}
	for _, c := range sdkCodes(t) {
		meaning := sdkErrors()[c]
		if meaning == "" {
			t.Errorf("the SDK's error %q has no explanation here", c)
		}
		sdk = append(sdk, []string{code(c), meaning})
	}
	return page("# Errors", "## Cloud API", "An answer is always HTTP 200; a failed request has `Response.Error` with `Code` and `Message`. "+
		"The message says what was wrong with this request and names the parameter; programs should look at the code only. With the header "+
		"`X-TC-Language: zh-CN` the message begins with the Chinese sentence. The catalogue is `api/errors.json`.", table(rows),
		"## Agent SDK", "A rejected promise of `window.tccc` is an `Error` with `status: \"error\"`, `code`, `errorMsg` and `errMsg`. Its code is "+
			"one of the above, said by the server, or one of the SDK's own:", table(sdk))
}

// sdkErrors explains the codes that the agent SDK gives by itself.
func sdkErrors() map[string]string {
	return map[string]string{
		"Timeout":            "There was no answer within 10 s. Every promise ends by then.",
		"ConnectionLost":     "The connection to the server broke before the answer came; the SDK is connecting again.",
		"Closed":             "The SDK has been stopped: another page of the agent took over, or the login was refused.",
		"SessionNotFound":    "There is no call with this `sessionId` in the page.",
		"SessionStateError":  "The call is in a state in which this cannot be done, such as deleting one that has not ended.",
		"InvalidParameter":   "An option is missing or malformed; the message names it.",
		"InsecureContext":    "The page is neither HTTPS nor localhost, so the browser gives no microphone.",
		"MicrophoneNotFound": "There is no microphone.",
		"SpeakerFailed":      "The chosen speaker is not there, or the browser lets the page choose none.",
		"MicrophoneDenied":   "The user, or the page's Permissions-Policy, does not allow the microphone.",
		"MicrophoneFailed":   "The microphone is there but cannot be used; often another program holds it.",
		"MediaFailed":        "The sound could not be connected to the server; mostly a firewall in front of `--rtc-port`.",
	}
}

// sdkCodes reads the codes in the SDK's source.
func sdkCodes(t *testing.T) []string {
	source, err := os.ReadFile(filepath.Join("..", "..", "web", "agent-sdk", "src", "errors.ts"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "export const codes = {")
	list, _, found := strings.Cut(rest, "}")
	if !found {
		t.Fatal("errors.ts has no list of codes")
	}
	var codes []string
	for _, m := range regexp.MustCompile(`: '(\w+)'`).FindAllStringSubmatch(list, -1) {
		codes = append(codes, m[1])
	}
	return codes
}

// when says when a call, or an agent's part in it, ends with a status.
func when() map[call.EndStatus]string {
	return map[call.EndStatus]string{
		call.EndError:                   "OpenSeat itself failed: the node died during the call, or the flow could not be run",
		call.EndOK:                      "the two sides talked",
		call.EndSeatGiveUp:              "of an agent's part: he declined, or did not answer in time",
		call.EndBlackList:               "the caller is on the block list",
		call.EndIVRGiveUp:               "the customer hung up in the flow",
		call.EndWaitingGiveUp:           "the customer hung up in the queue, while no agent was rung",
		call.EndRingingGiveUp:           "the customer hung up while an agent was rung",
		call.EndNoSeatOnline:            "nobody of the skill group was online, and the flow had nowhere else to go",
		call.EndNotWorkTime:             "outside of working hours",
		call.EndIVREnd:                  "the flow came to its end without an agent; also after a voicemail",
		call.EndRestrictedCallee:        "the called number is blocked here",
		call.EndTooManyRequest:          "the number is called too often",
		call.EndRestrictedArea:          "the area is blocked here",
		call.EndRestrictedTime:          "calls are not allowed at this hour",
		call.EndNotAnswer:               "nobody answered",
		call.EndUserReject:              "the called party declined",
		call.EndPowerOff:                "the called telephone is switched off or out of reach",
		call.EndNumberNotExist:          "there is no such number",
		call.EndBusy:                    "the called party is busy",
		call.EndOutOfCredit:             "the carrier wants to be paid first",
		call.EndOperatorError:           "the carrier failed, or could not be reached",
		call.EndCallerCancel:            "the agent gave up before anything was dialed",
		call.EndNotInService:            "the carrier does not offer this service",
		call.EndClientError:             "an agent's page lost its sound, or never had any",
		call.EndCarrierBlocked:          "the carrier blocked the call",
		call.EndCallReminder:            "a call reminder service answered",
		call.EndNumberInvalid:           "the number is not valid",
		call.EndCallRestricted:          "the carrier does not let this caller call",
		call.EndCalleeRestricted:        "the carrier does not let this number be called",
		call.EndAreaRestricted:          "the carrier does not let this area be called",
		call.EndPromptCallForwarding:    "the called party forwards to another number, which is not followed",
		call.EndCallerCancelWhileRing:   "the agent gave up while it rang",
		call.EndCallerCancelWithoutRing: "the agent gave up before it rang",
		call.EndVoiceMailReached:        "a mailbox answered",
		call.EndCallTerminatedByAPI:     "`HangUpCall` ended the call",
	}
}

func endStatusesPage(t *testing.T) string {
	sip, q850 := causes()
	given := givenStatuses(t)
	rows := [][]string{{"code", "EndStatusString", "when", "SIP", "Q.850"}}
	later := [][]string{{"code", "EndStatusString", "when"}}
	for s := range call.EndStatus(1000) {
		if s != call.EndError && s.String() == call.EndError.String() {
			continue
		}
		row := []string{strconv.Itoa(int(s)), code(s.String()), when()[s]}
		if row[2] == "" {
			t.Errorf("end status %d has no explanation here", s)
		}
		if given[s] {
			rows = append(rows, append(row, sip[s], q850[s]))
		} else {
			later = append(later, row)
		}
	}
	return page("# End statuses", "`EndStatus` and `EndStatusString` of a call's record, and of each agent's part in it (`ServeParticipants`). "+
		"The numbers and names are TCCC's.",
		"An outbound call that is refused ends by what the carrier says. A Q.850 cause in a `Reason` header (RFC 3326) says more than the SIP "+
			"status, so it goes first; causes that are not in the table leave the decision to the status, and an unknown status is `operatorError`.",
		table(rows), "The following are part of the enumeration, but nothing in OpenSeat ends a call with them yet.", table(later))
}

// causes turns call.FromCause round: which SIP statuses and which Q.850 causes lead to an end status.
func causes() (sip, q850 map[call.EndStatus]string) {
	bySIP, byQ850 := map[call.EndStatus][]string{}, map[call.EndStatus][]string{}
	for status := 300; status < 700; status++ {
		if s := call.FromCause(call.Cause{SIP: status}); s != call.EndOperatorError {
			bySIP[s] = append(bySIP[s], strconv.Itoa(status))
		}
	}
	bySIP[call.EndOperatorError] = []string{"all others"}
	for cause := 1; cause < 128; cause++ {
		s := call.FromCause(call.Cause{SIP: 486, Q850: cause})
		if s == call.FromCause(call.Cause{SIP: 404, Q850: cause}) { // whatever the status
			byQ850[s] = append(byQ850[s], strconv.Itoa(cause))
		}
	}
	return joined(bySIP), joined(byQ850)
}

func joined(m map[call.EndStatus][]string) map[call.EndStatus]string {
	out := map[call.EndStatus]string{}
	for s, list := range m {
		out[s] = strings.Join(list, " ")
	}
	return out
}

// givenStatuses finds the end statuses that core/call uses beyond their declaration and their name.
func givenStatuses(t *testing.T) map[call.EndStatus]bool {
	values, used := map[string]call.EndStatus{}, map[string]bool{}
	for _, f := range sources(t, filepath.Join("..", "..", "core", "call")) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "String" {
				continue
			}
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				maps.Copy(values, endStatuses(g))
				continue
			}
			ast.Inspect(d, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					used[id.Name] = true
				}
				return true
			})
		}
	}
	given := map[call.EndStatus]bool{}
	for name, s := range values {
		given[s] = used[name]
	}
	return given
}

func endStatuses(g *ast.GenDecl) map[string]call.EndStatus {
	found := map[string]call.EndStatus{}
	for _, spec := range g.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			continue
		}
		typ, ok := v.Type.(*ast.Ident)
		lit, isLit := v.Values[0].(*ast.BasicLit)
		if !ok || !isLit || typ.Name != "EndStatus" {
			continue
		}
		n, _ := strconv.Atoi(lit.Value) // the compiler has checked it
		found[v.Names[0].Name] = call.EndStatus(n)
	}
	return found
}

func metricsPage(t *testing.T) string {
	found := map[string]string{}
	for _, dir := range []string{".", "../../edge/cloudapi", "../../edge/gateway", "../../edge/push", "../../bus", "../../live", "../../voice"} {
		for _, f := range sources(t, dir) {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CompositeLit:
					metric(n.Elts, found)
				case *ast.CallExpr:
					metric(n.Args, found)
				}
				return true
			})
		}
	}
	if len(found) == 0 {
		t.Fatal("no metrics found")
	}
	rows := [][]string{{"metric", "meaning"}}
	for _, name := range sortedKeys(found) {
		rows = append(rows, []string{code(name), found[name]})
	}
	return page("# Metrics", "`GET /metrics` of every node, in Prometheus' text form, beside those of the Go runtime (`go_…`) and of the "+
		"process (`process_…`). A metric that has labels appears when it is first counted. What to watch: [Operate](../guides/operate.md#watch).",
		table(rows))
}

// metric finds a metric's name and its help among neighbours: Name: "openseat_…", Help: "…", or both as arguments.
func metric(neighbours []ast.Expr, found map[string]string) {
	name := ""
	for _, e := range neighbours {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		text, _ := strconv.Unquote(lit.Value) // the compiler has checked it
		switch {
		case strings.HasPrefix(text, "openseat_"):
			name = text
		case name != "" && found[name] == "":
			found[name] = text
		}
	}
}

// sources parses a package's files, without its tests.
func sources(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no Go files in %s: %v", dir, err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}
