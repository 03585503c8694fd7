package main

import (
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"openseat/api"
)

// does says what the actions of the official SDKs do; OpenSeat's own mostly say it themselves, in their doc comments.
func does() map[string]string {
	return map[string]string{
		"CreateSDKLoginToken":           "A login of an agent's page: `Token` and `SdkURL`, good once within 10 minutes.",
		"CreateStaff":                   "Creates up to 10 members of staff; those that could not be created are in `ErrorStaffList`.",
		"ModifyStaff":                   "Changes one member of staff.",
		"DeleteStaff":                   "Deletes members of staff; those who are not offline stay, and are listed in `OnlineStaffList`.",
		"DescribeStaffInfoList":         "Members of staff, page by page (at most 100).",
		"SetStaffStatus":                "Sets up to 10 agents' statuses: free, notReady or rest; an agent who could not be set has an `ErrorCode` in his item.",
		"DescribeStaffStatusMetrics":    "Agents' statuses now, and how long they were in which today.",
		"CreateCCCSkillGroup":           "Creates a skill group.",
		"UpdateCCCSkillGroup":           "Changes a skill group.",
		"DeleteCCCSkillGroup":           "Deletes a skill group.",
		"DescribeSkillGroupInfoList":    "Skill groups, page by page (at most 100).",
		"BindStaffSkillGroupList":       "Puts a member of staff into skill groups, with his priority in each.",
		"UnbindStaffSkillGroupList":     "Takes a member of staff out of skill groups.",
		"DescribeNumbers":               "The instance's numbers, page by page (at most 100).",
		"DescribeTelCdr":                "Records of finished calls with links to their recordings: at most 100 a page, less than 90 days at a time, 180 days back.",
		"DescribeTelSession":            "One call, running or finished.",
		"DescribePSTNActiveSessionList": "The running calls, at most 25 at a time.",
		"HangUpCall":                    "Ends a running call.",
		"CreateUserSig":                 "Signs for at most an hour that a customer is who the company's server says he is.",
		"ForceMemberOffline":            "Makes an agent offline: at once, or when his call ends. His pages stay open.",
		"RestoreMemberOnline":           "Brings an agent back online who still has a page open.",
		"BindNumberCallInInterface":     "Names the company's server that is asked how a number's calls are answered; without `CallInInterface` it is taken away.",
		"ModifyStaffPassword":           "Sets a member of staff's password.",
		"DescribeStaffStatusHistory":    "An agent's statuses one after the other: less than 7 days at a time, at most 1000 a page (else 100); `Cursor` is that of the last line.",
		"CreateAdminURL":                "A link that lets an administrator into the console, once, within five minutes.",
		"BindNumberCallOutSkillGroup":   "Lets skill groups call out with a number.",
		"UnbindNumberCallOutSkillGroup": "Takes a number from skill groups.",
		"DisableCCCPhoneNumber":         "Switches up to 100 numbers off (1), or on again (0): all or none.",
		"DescribeCCCBuyInfoList":        "The numbers an instance has and how many seats; nothing is bought here, so nothing ends.",
		"DescribeSessionDetail":         "One finished call: its record, its recordings, and what its agents did (hold, mute).",
		"DescribeTelRecordAsr":          "What was said, as text: empty, since nothing recognises speech yet.",
		"DescribeTelCallInfo":           "Minutes of talk by direction, and how many agents talked, in at most 90 days.",
		"CreateCallOutSession":          "A double call: rings the agent's mobile phone, then the customer. Of `Callers`, the first that the agent may show is shown.",
		"CreateIVRSession":              "Dials a customer for a flow, which begins when he answers. `IVRId` is that of DescribeFlows; of `Callers`, the first that may be shown is shown.",
		"DescribeCallInMetrics":         "Today's finished calls in: how many came to the flow, a queue, ringing, an agent or an outside number, and for how many seconds; also by number and group.",
		"TransferToManual":              "Takes a customer out of his flow and lets him wait for an agent of a skill group.",
		"CreateExtension":               "Creates a SIP phone, with a password of its own.",
		"ModifyExtension":               "Changes a SIP phone; an empty `Relation` takes it from who has it.",
		"DeleteExtension":               "Deletes a SIP phone.",
		"DescribeExtension":             "What one types into a SIP phone, with its password.",
		"DescribeExtensions":            "SIP phones, page by page (at most 100, else 20). `Status` (0 offline, 100 idle, 200 busy) is answered when `IsNeedStatus`.",
		"ResetExtensionPassword":        "Gives a SIP phone a new password.",
		"PutSkillGroupSettings":         "Changes the settings of a skill group; members left out stay as they are.",
	}
}

// shape is a struct of package api: its members, and what its comment says.
type shape struct {
	doc     string
	members []member
}

type member struct {
	name, typ, doc string
	required       bool
}

func actionsPage(t *testing.T) string {
	shapes, official := apiShapes(t), officialActions(t)
	rows := map[string][][]string{}
	var objects []string
	for _, a := range tableOfActions(t) {
		s, ok := shapes[a.name+"Request"]
		if !ok {
			t.Fatalf("action %s has no request in api", a.name)
		}
		about := does()[a.name]
		if about == "" && a.version == api.OwnVersion {
			about = sentence(s.doc, a.name+"Request")
		}
		if about == "" {
			t.Errorf("action %s has no explanation here", a.name)
		}
		rows[a.version] = append(rows[a.version], []string{code(a.name), about, parameters(s)})
		objects = collect(shapes, s, objects)
	}
	head := []string{"action", "what it does", "parameters (bold: required)"}
	return page("# Actions of the cloud API", "What this server answers at `POST /`. How to sign and call: [Cloud API](../guides/cloud-api.md). "+
		"Every request has the required parameter `SdkAppId`, every answer a `RequestId`.",
		"## Version "+api.Version+": the actions of the official SDKs", "Names, parameters and answers are those of the official SDKs; any other "+
			"action of that version is answered `InvalidAction`.", table(append([][]string{head}, rows[api.Version]...)),
		"## Of the "+strconv.Itoa(len(official))+" actions of that version", "What differs from the original is said above, or here.", coverage(official, rows[api.Version]),
		"## Version "+api.OwnVersion+": OpenSeat's own", "For what the original offers on its console only. Put actions create or replace; secrets go in and "+
			"never come out again; times are Unix seconds unless the name says otherwise.", table(append([][]string{head}, rows[api.OwnVersion]...)),
		"## Objects in parameters", objectsTable(shapes, objects))
}

// officialActions lists the actions that the official SDKs know.
func officialActions(t *testing.T) []string {
	source, err := os.ReadFile(filepath.Join("..", "..", "api", "ccc.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^type (\w+)Request struct`).FindAllSubmatch(source, -1) {
		names = append(names, string(m[1]))
	}
	slices.Sort(names)
	return names
}

// differences says what of a supported action is not as the original's.
func differences() map[string]string {
	return map[string]string{
		"CreateStaff":            "`SendPassword` is taken and means nothing: there is no mail to send it with",
		"ModifyStaff":            "`ForwardingConfig` cannot be switched on",
		"CreateExtension":        "a phone rings for the account in `Relation`; the phone's own skill groups are kept and shown",
		"CreateCallOutSession":   "the next of `Callers` is not tried when the carrier refuses the first",
		"DescribeTelRecordAsr":   "always empty",
		"DescribeCCCBuyInfoList": "nothing is bought: no packages, no ends",
		"DescribeTelCallInfo":    "minutes of talk instead of minutes of packages; no speech recognition",
		"DisableCCCPhoneNumber":  "a number that is off for arrears or a violation stays so",
	}
}

// coverage is every action with whether this server has it.
func coverage(official []string, rows [][]string) string {
	supported := map[string]bool{}
	for _, row := range rows {
		supported[row[0]] = true
	}
	lines := [][]string{{"action", "", "differs"}}
	for _, name := range official {
		state := "not yet"
		if supported[code(name)] {
			state = "supported"
		}
		lines = append(lines, []string{code(name), state, differences()[name]})
	}
	return table(lines)
}

// parameters lists a request's, but for the instance's.
func parameters(s shape) string {
	var list []string
	for _, m := range s.members {
		if m.name == "SdkAppId" {
			continue
		}
		name := code(m.name)
		if m.required {
			name = "**" + name + "**"
		}
		list = append(list, name+" "+m.typ)
	}
	return strings.Join(list, ", ")
}

// collect adds the objects that a request holds, in the order they are met.
func collect(shapes map[string]shape, s shape, known []string) []string {
	for _, m := range s.members {
		name := strings.TrimSuffix(m.typ, "[]")
		inner, isObject := shapes[name]
		if isObject && !slices.Contains(known, name) {
			known = collect(shapes, inner, append(known, name))
		}
	}
	return known
}

func objectsTable(shapes map[string]shape, names []string) string {
	rows := [][]string{{"object", "member", "type", ""}}
	for _, name := range names {
		for i, m := range shapes[name].members {
			object, field := "", code(m.name)
			if i == 0 {
				object = code(name)
			}
			if m.required {
				field = "**" + field + "**"
			}
			rows = append(rows, []string{object, field, m.typ, plain(m.doc, m.name)})
		}
	}
	return table(rows)
}

// tableOfActions reads the lines of cloudapi's table: on(api.Version, "CreateStaff", …).
func tableOfActions(t *testing.T) []struct{ version, name string } {
	var found []struct{ version, name string }
	versions := map[string]string{"Version": api.Version, "OwnVersion": api.OwnVersion}
	for _, f := range sources(t, filepath.Join("..", "..", "edge", "cloudapi")) {
		ast.Inspect(f, func(n ast.Node) bool {
			line, ok := n.(*ast.CallExpr)
			if !ok || len(line.Args) != 3 {
				return true
			}
			fn, isName := line.Fun.(*ast.Ident)
			version, isVersion := line.Args[0].(*ast.SelectorExpr)
			name, isText := line.Args[1].(*ast.BasicLit)
			if !isName || !isVersion || !isText || fn.Name != "on" {
				return true
			}
			action, err := strconv.Unquote(name.Value)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, struct{ version, name string }{versions[version.Sel.Name], action})
			return true
		})
	}
	if len(found) == 0 {
		t.Fatal("no actions found")
	}
	return found
}

// apiShapes reads the structs of package api.
func apiShapes(t *testing.T) map[string]shape {
	shapes := map[string]shape{}
	for _, f := range sources(t, filepath.Join("..", "..", "api")) {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				typ, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				if fields, ok := typ.Type.(*ast.StructType); ok {
					shapes[typ.Name.Name] = shape{doc: oneLine(typ.Doc.Text(), g.Doc.Text()), members: members(fields)}
				}
			}
		}
	}
	return shapes
}

func members(s *ast.StructType) []member {
	var out []member
	for _, f := range s.Fields.List {
		if len(f.Names) != 1 || f.Tag == nil {
			continue
		}
		tag, _ := strconv.Unquote(f.Tag.Value) // the compiler has checked it
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		out = append(out, member{
			name: name, typ: typeName(f.Type), doc: oneLine(f.Doc.Text(), f.Comment.Text()),
			required: reflect.StructTag(tag).Get("api") == "required",
		})
	}
	return out
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ArrayType:
		return typeName(e.Elt) + "[]"
	case *ast.SelectorExpr: // json.RawMessage
		return "JSON"
	case *ast.Ident:
		return map[string]string{"int64": "integer", "float64": "number", "bool": "boolean"}[e.Name] + onlyObject(e.Name)
	}
	return ""
}

func onlyObject(name string) string {
	switch name {
	case "int64", "float64", "bool":
		return ""
	}
	return name
}

func oneLine(texts ...string) string {
	return strings.Join(strings.Fields(strings.Join(texts, " ")), " ")
}

// sentence is a request's doc comment without the name it begins with: "PutTrunkRequest creates …" is "Creates …".
func sentence(doc, name string) string {
	rest := plain(doc, name)
	if what, asks := strings.CutPrefix(rest, "asks for "); asks {
		rest = "gives " + what
	}
	if rest == "" {
		return ""
	}
	return strings.ToUpper(rest[:1]) + rest[1:]
}

// plain is a doc comment without the name it begins with, if it does, and the verb behind that.
func plain(doc, name string) string {
	rest, cut := strings.CutPrefix(doc, name+" ")
	if !cut || strings.HasPrefix(rest, "and ") {
		return doc
	}
	for _, verb := range []string{"is ", "are "} {
		rest = strings.TrimPrefix(rest, verb)
	}
	return rest
}
