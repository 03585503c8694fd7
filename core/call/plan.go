package call

import (
	"bytes"
	"encoding/json"

	"openseat/core/flow"
	"openseat/core/org"
)

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

// Bundle finds the sub-flows of a definition among an instance's, and theirs; nil when one of them is missing or broken.
func Bundle(def *flow.Definition, flows map[string]*org.Flow) map[string]*flow.Definition {
	all, err := def.Bundle(func(name string) *flow.Definition {
		f := flows[name]
		if f == nil {
			return nil
		}
		sub, err := flow.Parse(f.Definition)
		if err != nil {
			return nil
		}
		return sub
	})
	if err != nil {
		return nil
	}
	return all
}
