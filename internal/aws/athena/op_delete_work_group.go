package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeleteWorkGroup: AmazonAthena.DeleteWorkGroup, athena:DeleteWorkGroup
//
// Supported: WorkGroup, RecursiveDeleteOption.
// Refused:   nothing.
// Differs:   its executions leave ListQueryExecutions; GetQueryExecution finds them for as long as any.
func (a *api) deleteWorkGroup(ctx context.Context, c *awshttp.Call, in *deleteWorkGroupRequest) (*nothing, error) {
	name, err := text("WorkGroup", in.WorkGroup, 1, 128)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.queries.DeleteWorkGroup(ctx, name, on(in.RecursiveDeleteOption))
}

type deleteWorkGroupRequest struct {
	WorkGroup             *string
	RecursiveDeleteOption *bool
}
