package cloudapi

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"openseat/api"
	"openseat/core/call"
	"openseat/core/flow"
	"openseat/core/org"
)

// Limits of TryFlow.
const (
	maxTriedInputs = 200
	maxTriedVars   = 100
)

// walkTable lists what walks flows: calls for their sake, and trials of those that nobody has published.
func (h *handler) walkTable() []action {
	return []action{
		on(api.Version, "CreateIVRSession", h.createIVRSession).needs(org.AreaSupervise, org.Write),
		on(api.Version, "TransferToManual", h.transferToManual).needs(org.AreaSupervise, org.Write),
		on(api.OwnVersion, "CheckFlow", h.checkFlow).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "TryFlow", h.tryFlow).needs(org.AreaFlows, org.Write),
	}
}

// checkFlow lists what is wrong with a definition, whatever it is.
func (h *handler) checkFlow(_ context.Context, who caller, r *api.CheckFlowRequest) (*api.CheckFlowResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	return &api.CheckFlowResponse{Problems: flowProblems(r.Definition, view)}, nil
}

// flowProblems holds a definition against the schema of flows, and against what there is in the instance.
func flowProblems(definition json.RawMessage, view *org.View) []api.FlowProblem {
	out := []api.FlowProblem{}
	var def flow.Definition
	dec := json.NewDecoder(strings.NewReader(string(definition)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&def); err != nil {
		return append(out, api.FlowProblem{Message: err.Error()})
	}
	for _, p := range def.Check() {
		out = append(out, api.FlowProblem{Node: p.Node, Field: p.Field, Message: p.Message, Warning: p.Warning})
	}
	for _, id := range slices.Sorted(maps.Keys(def.Nodes)) {
		n := def.Nodes[id]
		if n.Type == flow.Queue && n.Group > 0 && view.Groups[n.Group] == nil {
			out = append(out, api.FlowProblem{Node: id, Field: "group", Message: "this skill group does not exist"})
		}
		if n.Type == flow.SubFlow && view.Flows[n.Flow] == nil {
			out = append(out, api.FlowProblem{Node: id, Field: "flow", Message: "this flow is not published", Warning: true})
		}
	}
	return out
}

// tryFlow walks a definition with nobody on the line.
func (h *handler) tryFlow(_ context.Context, who caller, r *api.TryFlowRequest) (*api.TryFlowResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	def, err := flow.Parse(r.Definition)
	if err != nil {
		return nil, err
	}
	inputs, err := flowInputs(r)
	if err != nil {
		return nil, err
	}
	at := h.Now()
	if r.Time != nil && *r.Time > 0 {
		at = time.Unix(*r.Time, 0)
	}
	steps, run := flow.Try(def, flow.Env{
		Vars: r.Variables, Flows: call.Bundle(def, view.Flows), Schedules: call.Schedules(view.Schedules),
		Now: func() time.Time { return at },
	}, inputs)
	_, node := run.Node()
	out := &api.TryFlowResponse{Node: node, Waits: run.Waits(), Variables: run.Vars(), Steps: make([][]api.FlowStep, len(steps))}
	for i, s := range steps {
		out.Steps[i] = flowSteps(s)
	}
	return out, nil
}

func flowInputs(r *api.TryFlowRequest) ([]flow.Input, error) {
	switch {
	case len(r.Inputs) > maxTriedInputs:
		return nil, invalidValue("Inputs", "has more than %d elements", maxTriedInputs)
	case len(r.Variables) > maxTriedVars:
		return nil, invalidValue("Variables", "has more than %d elements", maxTriedVars)
	}
	inputs := make([]flow.Input, len(r.Inputs))
	for i, in := range r.Inputs {
		if !flow.KnownInput(in.Kind) {
			return nil, invalidValue("Inputs", "has %.40q, which is not an input", in.Kind)
		}
		inputs[i] = flow.Input{Kind: in.Kind, Value: given(in.Value)}
	}
	return inputs, nil
}

func flowSteps(steps []flow.TriedStep) []api.FlowStep {
	out := make([]api.FlowStep, 0, len(steps))
	for _, s := range steps {
		kind, text := stepWords(s.Step)
		detail, err := json.Marshal(s.Step)
		if err != nil {
			detail = json.RawMessage("{}")
		}
		out = append(out, api.FlowStep{Flow: s.Flow, Node: s.Node, Kind: kind, Text: text, Detail: detail})
	}
	return out
}

// stepWords names a step, and says what somebody would hear or see of it.
func stepWords(s flow.Step) (kind, text string) {
	switch s := s.(type) {
	case flow.Say:
		return "say", said(s.Prompts)
	case flow.Hush:
		return "hush", ""
	case flow.Wait:
		return "wait", s.For.String()
	case flow.Enqueue:
		return "queue", s.User
	case flow.Dequeue:
		return "dequeue", ""
	case flow.AskPlace:
		return "place", ""
	case flow.Forward:
		return "forward", s.Number
	case flow.Fetch:
		return "http", s.Request.Method + " " + s.Request.URL
	case flow.Text:
		return "sms", s.Body
	case flow.Listen:
		return "listen", ""
	case flow.Leave:
		return "record", s.Max.String()
	case flow.Pressed:
		return "pressed", strings.TrimSpace(s.Key + " " + s.Label)
	case flow.End:
		return "end", s.Reason
	default:
		return "", ""
	}
}

func said(ps []flow.Prompt) string {
	words := make([]string, len(ps))
	for i, p := range ps {
		words[i] = p.Text + p.Audio
	}
	return strings.Join(words, " ")
}
