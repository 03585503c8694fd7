package flow

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Problem is something wrong, or at least odd (Warning), with a definition.
type Problem struct {
	Node    string `json:"node,omitempty"`  // its ID; empty = the flow itself
	Field   string `json:"field,omitempty"` // of the node: "choices.1.next"
	Message string `json:"message"`
	Warning bool   `json:"warning,omitempty"`
}

// String names the place as a path: nodes.menu.choices.1.next.
func (p Problem) String() string {
	place := p.Field
	if p.Node != "" {
		place = "nodes." + p.Node + "." + p.Field
	}
	return place + ": " + p.Message
}

// Check lists what is wrong with a definition, in a fixed order: at most one problem a node, and which nodes cannot be
// reached.
func (d *Definition) Check() []Problem {
	var ps []Problem
	add := func(node string, err *fieldError) {
		if err != nil {
			ps = append(ps, Problem{Node: node, Field: err.field, Message: err.message})
		}
	}
	add("", d.checkFlow())
	for _, id := range sortedKeys(d.Nodes) {
		n := d.Nodes[id]
		add(id, d.checkNode(&n))
	}
	if len(ps) > 0 {
		return ps
	}
	for _, id := range d.unreachable() {
		ps = append(ps, Problem{Node: id, Field: "type", Message: "cannot be reached", Warning: true})
	}
	return ps
}

// fieldError is what is wrong with one field.
type fieldError struct{ field, message string }

func wrong(field, format string, args ...any) *fieldError {
	return &fieldError{field: field, message: fmt.Sprintf(format, args...)}
}

func (d *Definition) checkFlow() *fieldError {
	if d.Name == "" || len(d.Name) > maxName {
		return wrong("name", "must have 1 to %d bytes", maxName)
	}
	if len(d.Nodes) == 0 || len(d.Nodes) > maxNodes {
		return wrong("nodes", "must be 1 to %d", maxNodes)
	}
	if err := d.refers("start", d.Start, true); err != nil {
		return err
	}
	return d.refers("afterCall", d.AfterCall, false)
}

func (d *Definition) refers(field, to string, must bool) *fieldError {
	if to == "" {
		if must {
			return wrong(field, "is missing")
		}
		return nil
	}
	if _, ok := d.Nodes[to]; !ok {
		return wrong(field, "there is no node %q", to)
	}
	return nil
}

// exits are the fields of a node that lead somewhere, its choices and branches included.
func (n *Node) exits() []struct{ field, to string } {
	out := []struct{ field, to string }{
		{"next", n.Next}, {"noInput", n.NoInput}, {"invalid", n.Invalid}, {"closed", n.Closed}, {"failed", n.Failed},
		{"listed", n.Listed}, {"nobody", n.Nobody}, {"overflow", n.Overflow}, {"leave", n.Leave},
	}
	for _, k := range sortedKeys(n.Choices) {
		out = append(out, struct{ field, to string }{"choices." + k + ".next", n.Choices[k].Next})
	}
	for i, b := range n.Branches {
		out = append(out, struct{ field, to string }{fmt.Sprintf("branches.%d.next", i), b.Next})
	}
	return out
}

func (d *Definition) checkNode(n *Node) *fieldError {
	for _, e := range n.exits() {
		if err := d.refers(e.field, e.to, false); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		name string
		ps   []Prompt
	}{{"prompts", n.Prompts}, {"wrongPrompts", n.WrongPrompts}, {"music", n.Music}, {"announce", n.Announce}} {
		if err := checkPrompts(p.name, p.ps); err != nil {
			return err
		}
	}
	for _, s := range []struct {
		name   string
		v, max int
	}{
		{"timeout", n.Timeout, 86400}, {"retries", n.Retries, 10}, {"maxSeconds", n.MaxSeconds, 600}, {"priority", n.Priority, 1000},
		{"min", n.Min, maxDigits}, {"max", n.Max, maxDigits}, {"every", n.Every, 3600},
	} {
		if s.v < 0 || s.v > s.max {
			return wrong(s.name, "must be 0 to %d", s.max)
		}
	}
	return d.checkType(n)
}

func (d *Definition) checkType(n *Node) *fieldError {
	switch n.Type {
	case Play:
		return present("prompts", len(n.Prompts) > 0)
	case Keys, Satisfaction:
		return d.checkChoices(n)
	case Digits:
		if n.Max > 0 && n.Min > n.Max {
			return wrong("min", "must not be above max")
		}
		return checkVar("var", n.Var)
	case Speech:
		return checkVar("var", n.Var)
	case WorkTime:
		return present("schedule", n.Schedule != "")
	case Condition:
		return checkBranches(n.Branches)
	case Set:
		return checkAssign(n.Assign)
	case HTTP:
		return checkHTTP(n)
	case SMS:
		return present("text", n.Text != "")
	case Queue:
		return checkQueue(n)
	case Agent:
		return present("user", n.User != "" || n.Last)
	case External:
		return present("number", n.Number != "")
	case SubFlow:
		if n.Flow == d.Name {
			return wrong("flow", "a flow cannot be its own part")
		}
		return present("flow", n.Flow != "")
	case Voicemail, HangUp, Blacklist:
		return nil
	default:
		return wrong("type", "%q is not a type of node", n.Type)
	}
}

func present(field string, is bool) *fieldError {
	if is {
		return nil
	}
	return wrong(field, "is missing")
}

func (d *Definition) checkChoices(n *Node) *fieldError {
	if len(n.Choices) == 0 {
		return wrong("choices", "is missing")
	}
	for _, k := range sortedKeys(n.Choices) {
		if !isKey(k) {
			return wrong("choices."+k, "must be one of 0-9, *, #")
		}
		if n.Type == Keys && n.Choices[k].Next == "" {
			return wrong("choices."+k+".next", "is missing")
		}
	}
	return nil
}

func isKey(k string) bool { return len(k) == 1 && strings.ContainsAny(k, "0123456789*#") }

func checkQueue(n *Node) *fieldError {
	if n.LeaveKey != "" && !isKey(n.LeaveKey) {
		return wrong("leaveKey", "must be one of 0-9, *, #")
	}
	return present("group", n.Group > 0)
}

func checkBranches(bs []Branch) *fieldError {
	if len(bs) == 0 || len(bs) > maxBranches {
		return wrong("branches", "must be 1 to %d", maxBranches)
	}
	for i, b := range bs {
		if err := compiles(b.If, true); err != nil {
			return wrong(fmt.Sprintf("branches.%d.if", i), "%v", err)
		}
	}
	return nil
}

func checkAssign(as []Assignment) *fieldError {
	if len(as) == 0 || len(as) > maxBranches {
		return wrong("assign", "must be 1 to %d", maxBranches)
	}
	for i, a := range as {
		field := fmt.Sprintf("assign.%d", i)
		if err := checkVar(field+".var", a.Var); err != nil {
			return err
		}
		if a.Value != "" && a.Expr != "" {
			return wrong(field, "must have either value or expr")
		}
		if a.Expr == "" {
			continue
		}
		if err := compiles(a.Expr, false); err != nil {
			return wrong(field+".expr", "%v", err)
		}
	}
	return nil
}

func checkHTTP(n *Node) *fieldError {
	u, err := url.Parse(placeholders().ReplaceAllString(n.URL, "x"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return wrong("url", "must be an http or https address")
	}
	if n.Method != "" && n.Method != "POST" && n.Method != "GET" {
		return wrong("method", "must be POST or GET")
	}
	if n.Timeout > maxFetch {
		return wrong("timeout", "must be 0 to %d", maxFetch)
	}
	if n.Retries > maxFetchAgain {
		return wrong("retries", "must be 0 to %d", maxFetchAgain)
	}
	for _, v := range sortedKeys(n.Outputs) {
		if err := checkVar("outputs."+v, v); err != nil {
			return err
		}
		if err := compiles(n.Outputs[v], false); err != nil {
			return wrong("outputs."+v, "%v", err)
		}
	}
	return nil
}

// checkVar keeps variables to names that an expression can use, and off those that the system sets.
func checkVar(field, name string) *fieldError {
	switch {
	case name == "":
		return wrong(field, "is missing")
	case !isVariable(name):
		return wrong(field, "must be a letter, then up to 63 letters, digits or _")
	case strings.HasPrefix(name, systemPrefix):
		return wrong(field, "names that begin with %s are set by the system", systemPrefix)
	}
	return nil
}

func isVariable(name string) bool {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`).MatchString(name)
}

func checkPrompts(field string, ps []Prompt) *fieldError {
	if len(ps) > maxPrompts {
		return wrong(field, "must be at most %d", maxPrompts)
	}
	for i, p := range ps {
		if (p.Audio == "") == (p.Text == "") {
			return wrong(fmt.Sprintf("%s.%d", field, i), "must have either audio or text")
		}
		if len([]rune(p.Text)) > maxText {
			return wrong(fmt.Sprintf("%s.%d.text", field, i), "must have at most %d characters", maxText)
		}
	}
	return nil
}

// unreachable lists the nodes that no way leads to.
func (d *Definition) unreachable() []string {
	seen, todo := map[string]bool{}, []string{d.Start, d.AfterCall}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n, ok := d.Nodes[id]
		if !ok || seen[id] {
			continue
		}
		seen[id] = true
		for _, e := range n.exits() {
			todo = append(todo, e.to)
		}
	}
	return slices.DeleteFunc(sortedKeys(d.Nodes), func(id string) bool { return seen[id] })
}

// Flows lists the sub-flows that a definition walks, each once.
func (d *Definition) Flows() []string {
	var names []string
	for _, n := range d.Nodes {
		if n.Type == SubFlow {
			names = append(names, n.Flow)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Bundle is a definition with every sub-flow it needs, as it is published; find answers nil for a flow that does not exist.
func (d *Definition) Bundle(find func(name string) *Definition) (map[string]*Definition, error) {
	all := map[string]*Definition{}
	todo := d.Flows()
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if all[name] != nil {
			continue
		}
		sub := find(name)
		if sub == nil {
			return nil, fmt.Errorf("there is no flow %q", name)
		}
		if len(all) == maxBundle {
			return nil, errors.New("more sub-flows than a call may walk")
		}
		all[name] = sub
		todo = append(todo, sub.Flows()...)
	}
	return all, nil
}

func sortedKeys[V any](m map[string]V) []string {
	ks := make([]string, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}
