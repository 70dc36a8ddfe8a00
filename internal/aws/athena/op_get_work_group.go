package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetWorkGroup: AmazonAthena.GetWorkGroup, athena:GetWorkGroup
//
// Supported: WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getWorkGroup(ctx context.Context, c *awshttp.Call, in *getWorkGroupRequest) (*getWorkGroupResponse, error) {
	name, err := text("WorkGroup", in.WorkGroup, 1, 128)
	if err != nil {
		return nil, err
	}
	g, err := a.queries.WorkGroup(ctx, name)
	if err != nil {
		return nil, err
	}
	return &getWorkGroupResponse{WorkGroup: fromWorkGroup(g)}, nil
}
