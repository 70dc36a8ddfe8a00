package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// StopQueryExecution: AmazonAthena.StopQueryExecution, athena:StopQueryExecution
//
// Supported: QueryExecutionId; one that has ended stays as it is.
// Refused:   nothing.
// Differs:   the statement has ended when the reply comes.
func (a *api) stopQueryExecution(ctx context.Context, c *awshttp.Call, in *queryExecutionRequest) (*nothing, error) {
	id, err := text("QueryExecutionId", in.QueryExecutionId, 1, 128)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.queries.Stop(ctx, id)
}
