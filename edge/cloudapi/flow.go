package cloudapi

import (
	"context"
	"encoding/json"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/flow"
	"openseat/core/org"
	"openseat/core/report"
)

// publishFlow checks the definition, and that the queues it leads to exist.
func (h *handler) publishFlow(ctx context.Context, who caller, r *api.PublishFlowRequest) (*api.PublishFlowResponse, error) {
	groups, err := h.groups(ctx, who.app)
	if err != nil {
		return nil, err
	}
	version, err := h.Office.PublishFlow(ctx, who.app, r.Name, r.Definition, func(definition json.RawMessage) error {
		return checkFlow(definition, groups)
	})
	if err != nil {
		return nil, err
	}
	return &api.PublishFlowResponse{Version: int64(version)}, nil
}

func checkFlow(definition json.RawMessage, groups map[int64]org.SkillGroup) error {
	parsed, err := flow.Parse(definition)
	if err != nil {
		return err
	}
	for id, n := range parsed.Nodes {
		if _, known := groups[n.Group]; n.Type == flow.Queue && !known {
			return openseat.Errorf(openseat.CodeSkillGroupError, "Definition: nodes.%s.group: skill group %d does not exist", id, n.Group)
		}
	}
	return nil
}

func (h *handler) describeFlows(ctx context.Context, who caller, _ *api.DescribeFlowsRequest) (*api.DescribeFlowsResponse, error) {
	flows, err := h.Office.Flows(ctx, who.app)
	return &api.DescribeFlowsResponse{Flows: flowInfos(flows)}, err
}

func (h *handler) describeFlowVersions(
	ctx context.Context, who caller, r *api.DescribeFlowVersionsRequest,
) (*api.DescribeFlowVersionsResponse, error) {
	versions, err := h.Office.FlowVersions(ctx, who.app, r.Name)
	return &api.DescribeFlowVersionsResponse{Versions: flowInfos(versions)}, err
}

func flowInfos(flows []org.Flow) []api.FlowInfo {
	infos := make([]api.FlowInfo, len(flows))
	for i, f := range flows {
		infos[i] = api.FlowInfo{
			Name: f.Name, IVRId: call.FlowID(f.Name), Version: int64(f.Version), CreateTimestamp: report.Unix(f.CreatedAt), Definition: f.Definition,
		}
	}
	return infos
}
