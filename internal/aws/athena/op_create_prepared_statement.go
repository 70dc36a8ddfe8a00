package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// CreatePreparedStatement: AmazonAthena.CreatePreparedStatement, athena:CreatePreparedStatement
//
// Supported: StatementName, WorkGroup, QueryStatement, Description.
// Refused:   nothing.
// Differs:   the statement is looked at when it is executed.
func (a *api) createPreparedStatement(ctx context.Context, c *awshttp.Call, in *putPreparedRequest) (*nothing, error) {
	return &nothing{}, a.putPrepared(ctx, in, query.MustBeNew)
}
