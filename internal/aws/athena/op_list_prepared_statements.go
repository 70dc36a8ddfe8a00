package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// ListPreparedStatements: AmazonAthena.ListPreparedStatements, athena:ListPreparedStatements
//
// Supported: WorkGroup, MaxResults, NextToken.
// Refused:   nothing.
// Differs:   none known.
func (a *api) listPreparedStatements(ctx context.Context, c *awshttp.Call, in *listRequest) (*listPreparedResponse, error) {
	r := &reader{}
	group := r.text("WorkGroup", in.WorkGroup, 1, 128)
	limit, after := r.limit(in.MaxResults, 1, 50), r.after(in.NextToken)
	if r.err != nil {
		return nil, r.err
	}
	all, err := a.queries.PreparedStatements(ctx, group)
	if err != nil {
		return nil, err
	}
	all, token := page(all, func(p *query.Prepared) string { return p.Name }, after, limit)
	out := &listPreparedResponse{NextToken: token, PreparedStatements: make([]preparedSummary, len(all))}
	for i, p := range all {
		out.PreparedStatements[i] = preparedSummary{p.Name, awshttp.NewTimestamp(p.Modified)}
	}
	return out, nil
}

type listPreparedResponse struct {
	PreparedStatements []preparedSummary
	NextToken          *string `json:",omitempty"`
}

type preparedSummary struct {
	StatementName    string
	LastModifiedTime *awshttp.Timestamp `json:",omitempty"`
}
