package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// DescribeFeatureMetadata: SageMaker.DescribeFeatureMetadata, sagemaker:DescribeFeatureMetadata
//
// Supported: FeatureGroupName, a name or an ARN, and FeatureName, in its case.
// Refused:   nothing.
// Differs:   none known. CreationTime is when the feature joined its group; LastModifiedTime is the same
// until the feature is described.
func (a *api) describeFeatureMetadata(ctx context.Context, _ *awshttp.Call, in *describeFeatureMetadataRequest) (*describeFeatureMetadataResponse, error) {
	group, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	name, err := required("FeatureName", in.FeatureName)
	if err != nil {
		return nil, err
	}
	g, d, err := a.store.Feature(ctx, feature.GroupRef(group), feature.Name(name))
	if err != nil {
		return nil, err
	}
	return fromFeature(g, d), nil
}

var describeFeatureMetadataMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "FeatureName"},
}

// fromFeature describes a feature of a group (contract §1.8).
func fromFeature(g *feature.Group, d *feature.Definition) *describeFeatureMetadataResponse {
	h := featurestore.Hit{Group: g, Feature: d}
	out := &describeFeatureMetadataResponse{
		FeatureGroupArn: g.ARN, FeatureGroupName: string(g.Name),
		FeatureName: string(d.Name), FeatureType: d.Type.String(),
		CreationTime: awshttp.NewTimestamp(h.Created()), LastModifiedTime: awshttp.NewTimestamp(h.Modified()),
	}
	m := d.Metadata
	if m == nil {
		return out
	}
	out.Description = optional(m.Description)
	out.Parameters = make([]featureParameter, len(m.Parameters))
	for i := range m.Parameters {
		out.Parameters[i] = featureParameter{Key: &m.Parameters[i].Key, Value: &m.Parameters[i].Value}
	}
	return out
}
