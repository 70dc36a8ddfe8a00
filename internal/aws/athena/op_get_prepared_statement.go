package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetPreparedStatement: AmazonAthena.GetPreparedStatement, athena:GetPreparedStatement
//
// Supported: StatementName, WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getPreparedStatement(ctx context.Context, c *awshttp.Call, in *preparedRequest) (*getPreparedResponse, error) {
	r := &reader{}
	group, name := r.prepared(in)
	if r.err != nil {
		return nil, r.err
	}
	p, err := a.queries.Prepared(ctx, group, name)
	if err != nil {
		return nil, err
	}
	return &getPreparedResponse{PreparedStatement: fromPrepared(p)}, nil
}

type getPreparedResponse struct{ PreparedStatement preparedStatement }
