package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// ListWorkGroups: AmazonAthena.ListWorkGroups, athena:ListWorkGroups
//
// Supported: MaxResults, NextToken.
// Refused:   nothing.
// Differs:   none known.
func (a *api) listWorkGroups(ctx context.Context, c *awshttp.Call, in *listRequest) (*listWorkGroupsResponse, error) {
	r := &reader{}
	limit, after := r.limit(in.MaxResults, 1, 50), r.after(in.NextToken)
	if r.err != nil {
		return nil, r.err
	}
	all, err := a.queries.WorkGroups(ctx)
	if err != nil {
		return nil, err
	}
	all, token := page(all, func(g *query.WorkGroup) string { return g.Name }, after, limit)
	out := &listWorkGroupsResponse{NextToken: token, WorkGroups: make([]workGroupSummary, len(all))}
	for i, g := range all {
		out.WorkGroups[i] = workGroupSummary{
			Name: g.Name, State: stateOf(g), Description: g.Description, CreationTime: awshttp.NewTimestamp(g.Created), EngineVersion: engineOf(g),
		}
	}
	return out, nil
}

type listWorkGroupsResponse struct {
	WorkGroups []workGroupSummary
	NextToken  *string `json:",omitempty"`
}

type workGroupSummary struct {
	Name          string
	State         string
	Description   string
	CreationTime  *awshttp.Timestamp `json:",omitempty"`
	EngineVersion engineVersion
}
