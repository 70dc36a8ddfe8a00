package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// CreateFeatureGroup: SageMaker.CreateFeatureGroup, sagemaker:CreateFeatureGroup
//
// Supported: every member but those below. KmsKeyIds are kept and echoed, without effect: no
// caller can tell. Tags are kept.
// Refused:   TtlDuration, StorageType InMemory and Standard_V2, ThroughputMode Provisioned,
// TableFormat Iceberg, CollectionType and CollectionConfig, an S3Uri that begins with https.
// Differs:   the group is Created when the call returns. A RoleArn is checked for its form and
// its account; it need not exist.
func (a *api) createFeatureGroup(ctx context.Context, _ *awshttp.Call, in *createFeatureGroupRequest) (*createFeatureGroupResponse, error) {
	asked, err := toGroup(in)
	if err != nil {
		return nil, err
	}
	g, err := a.store.CreateGroup(ctx, asked)
	if err != nil {
		return nil, err
	}
	return &createFeatureGroupResponse{FeatureGroupArn: g.ARN}, nil
}
