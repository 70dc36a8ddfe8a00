package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// DescribeFeatureGroup: SageMaker.DescribeFeatureGroup, sagemaker:DescribeFeatureGroup
//
// Supported: FeatureGroupName, a name or an ARN.
// Refused:   NextToken: a group's definitions fit one page, so there is no token to give.
// Differs:   OnlineStoreTotalSizeBytes lags behind by what has not been moved from the log to its
// place, some MiB.
func (a *api) describeFeatureGroup(ctx context.Context, _ *awshttp.Call, in *describeFeatureGroupRequest) (*describeFeatureGroupResponse, error) {
	name, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	if in.NextToken != nil {
		return nil, feature.Errorf(feature.Invalid, "the NextToken is not one that this operation returned; leave it out")
	}
	g, err := a.store.Group(ctx, feature.GroupRef(name))
	if err != nil {
		return nil, err
	}
	reply := fromGroup(g)
	if reply.OnlineStoreTotalSizeBytes, err = a.store.OnlineSize(ctx, g); err != nil {
		return nil, err
	}
	return reply, nil
}
