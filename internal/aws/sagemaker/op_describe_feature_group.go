package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// DescribeFeatureGroup: SageMaker.DescribeFeatureGroup, sagemaker:DescribeFeatureGroup
//
// Supported: FeatureGroupName, a name or an ARN. The reply has what was given and nothing else, but for
// EnableOnlineStore, DisableGlueTableCreation, ThroughputConfig and, once Created, DataCatalogConfig.
// Refused:   a NextToken that is not empty: a group's definitions fit one page, so there is no token to give.
// Differs:   OnlineStoreTotalSizeBytes lags behind by what has not been moved from the log to its
// place, some MiB.
func (a *api) describeFeatureGroup(ctx context.Context, _ *awshttp.Call, in *describeFeatureGroupRequest) (*describeFeatureGroupResponse, error) {
	name, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	if err := onePage(in.NextToken); err != nil {
		return nil, err
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

var describeFeatureGroupMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "NextToken", Note: "there is one page; a token that is not empty is refused"},
}

// onePage holds the rule of the token of an operation whose reply is always one page.
func onePage(token *string) error {
	if text(token) == "" {
		return nil
	}
	return feature.Errorf(feature.Invalid, "the NextToken is not one that this operation returned; leave it out")
}
