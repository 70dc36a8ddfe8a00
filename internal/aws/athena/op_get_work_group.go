package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// engine is what clients are told runs their SQL.
var engine = engineVersion{SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3"}

// GetWorkGroup: AmazonAthena.GetWorkGroup, athena:GetWorkGroup
//
// Supported: WorkGroup, which is primary.
// Refused:   nothing.
// Differs:   the group's configuration is fixed and has no result location.
func (a *api) getWorkGroup(ctx context.Context, c *awshttp.Call, in *getWorkGroupRequest) (*getWorkGroupResponse, error) {
	name, err := text("WorkGroup", in.WorkGroup, 1, 128)
	if err != nil {
		return nil, err
	}
	if name != query.PrimaryWorkGroup {
		return nil, invalid("WorkGroup %s is not found.", name)
	}
	return &getWorkGroupResponse{WorkGroup: workGroup{
		Name: name, State: "ENABLED", Configuration: workGroupConfiguration{EngineVersion: engine},
	}}, nil
}
