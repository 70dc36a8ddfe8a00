package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// AddTags: SageMaker.AddTags, sagemaker:AddTags
//
// Supported: ResourceArn, that of a feature group, whose name may be in another case; Tags.
// Refused:   ARNs of other resources, of which there are none.
// Differs:   none known. The reply has all tags that the group has then.
func (a *api) addTags(ctx context.Context, _ *awshttp.Call, in *addTagsRequest) (*addTagsResponse, error) {
	arn, err := required("ResourceArn", in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if in.Tags == nil {
		return nil, missing("Tags")
	}
	tags, err := toTags(in.Tags)
	if err != nil {
		return nil, err
	}
	if tags, err = a.store.AddTags(ctx, arn, tags); err != nil {
		return nil, err
	}
	return &addTagsResponse{Tags: fromTags(tags)}, nil
}

var addTagsMembers = []awshttp.Member{
	{Path: "ResourceArn", Note: "of a feature group"},
	{Path: "Tags"},
	{Path: "Tags.Key"},
	{Path: "Tags.Value"},
}
