package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// ListNamedQueries: AmazonAthena.ListNamedQueries, athena:ListNamedQueries
//
// Supported: WorkGroup, MaxResults, NextToken.
// Refused:   nothing.
// Differs:   none known. They come in the order of their IDs.
func (a *api) listNamedQueries(ctx context.Context, c *awshttp.Call, in *listRequest) (*listNamedQueriesResponse, error) {
	r := &reader{}
	group, limit, after := r.workGroup(in.WorkGroup), r.limit(in.MaxResults, 0, 50), r.after(in.NextToken)
	if r.err != nil {
		return nil, r.err
	}
	all, err := a.queries.NamedQueries(ctx, group)
	if err != nil {
		return nil, err
	}
	all, token := page(all, func(q *query.NamedQuery) string { return q.ID }, after, limit)
	out := &listNamedQueriesResponse{NextToken: token, NamedQueryIds: make([]string, len(all))}
	for i, q := range all {
		out.NamedQueryIds[i] = q.ID
	}
	return out, nil
}

type listNamedQueriesResponse struct {
	NamedQueryIds []string
	NextToken     *string `json:",omitempty"`
}
