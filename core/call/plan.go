package call

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"

	"openseat/core/flow"
	"openseat/core/org"
)

// FlowID is the number that the cloud API, and companies' servers, know a flow by (IVRId): the same for all its versions.
func FlowID(name string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // cannot fail
	return int64(h.Sum32())
}

// FlowByID finds a flow by that number; nil when there is none.
func FlowByID(flows map[string]*org.Flow, id int64) *org.Flow {
	for _, name := range slices.Sorted(maps.Keys(flows)) {
		if FlowID(name) == id {
			return flows[name]
		}
	}
	return nil
}

// WithFlow is the plan with the flow that a call is to walk, and the sub-flows that lead from it. A sub-flow that is not
// there (any more) is passed by in the walk.
func (p Plan) WithFlow(definition json.RawMessage, flows map[string]*org.Flow) Plan {
	p.Flow, p.Flows = definition, nil
	if bytes.Contains(definition, []byte(flow.SubFlow)) { // else there is nothing to look for, as in most
		if def, err := flow.Parse(definition); err == nil {
			p.Flows = Bundle(def, flows)
		}
	}
	return p
}

// Schedules reads an instance's schedules for a walk. One that is broken is left out.
func Schedules(list map[string]*org.Schedule) map[string]*flow.Schedule {
	all := make(map[string]*flow.Schedule, len(list))
	for name, s := range list {
		hours := &flow.Schedule{}
		if json.Unmarshal(s.Definition, hours) == nil {
			all[name] = hours
		}
	}
	return all
}

// Bundle finds the sub-flows of a definition among an instance's, and theirs. One that is missing or broken is an empty flow,
// which a walk passes by; nil when there are too many.
func Bundle(def *flow.Definition, flows map[string]*org.Flow) map[string]*flow.Definition {
	all, err := def.Bundle(func(name string) *flow.Definition {
		if f := flows[name]; f != nil {
			if sub, err := flow.Parse(f.Definition); err == nil {
				return sub
			}
		}
		return &flow.Definition{Name: name}
	})
	if err != nil {
		return nil
	}
	return all
}
