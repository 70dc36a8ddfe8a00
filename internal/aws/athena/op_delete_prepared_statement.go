package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeletePreparedStatement: AmazonAthena.DeletePreparedStatement, athena:DeletePreparedStatement
//
// Supported: StatementName, WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) deletePreparedStatement(ctx context.Context, c *awshttp.Call, in *preparedRequest) (*nothing, error) {
	r := &reader{}
	group, name := r.prepared(in)
	if r.err != nil {
		return nil, r.err
	}
	return &nothing{}, a.queries.DeletePrepared(ctx, group, name)
}
