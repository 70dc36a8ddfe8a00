package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// DeleteFeatureGroup: SageMaker.DeleteFeatureGroup, sagemaker:DeleteFeatureGroup
//
// Supported: FeatureGroupName, a name or an ARN.
// Refused:   nothing.
// Differs:   the group is gone when the call returns; it is never seen Deleting.
func (a *api) deleteFeatureGroup(ctx context.Context, _ *awshttp.Call, in *deleteFeatureGroupRequest) (*struct{}, error) {
	name, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	return nil, a.store.DeleteGroup(ctx, feature.GroupRef(name))
}

var deleteFeatureGroupMembers = []awshttp.Member{
	{Path: "FeatureGroupName", Note: "an ARN too"},
}
