package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// ListQueryExecutions: AmazonAthena.ListQueryExecutions, athena:ListQueryExecutions
//
// Supported: WorkGroup, MaxResults, NextToken.
// Refused:   nothing.
// Differs:   none known.
func (a *api) listQueryExecutions(ctx context.Context, c *awshttp.Call, in *listRequest) (*listQueryExecutionsResponse, error) {
	r := &reader{}
	group, limit, after := r.workGroup(in.WorkGroup), r.limit(in.MaxResults, 0, 50), r.after(in.NextToken)
	if r.err != nil {
		return nil, r.err
	}
	ids, more, err := a.queries.Executions(ctx, group, after, limit)
	if err != nil {
		return nil, err
	}
	out := &listQueryExecutionsResponse{QueryExecutionIds: append([]string{}, ids...)}
	if more {
		out.NextToken = next(ids[len(ids)-1])
	}
	return out, nil
}

// A listRequest is that of the lists of what work groups have.
type listRequest struct {
	WorkGroup  *string
	MaxResults *int
	NextToken  *string
}

type listQueryExecutionsResponse struct {
	QueryExecutionIds []string
	NextToken         *string `json:",omitempty"`
}
