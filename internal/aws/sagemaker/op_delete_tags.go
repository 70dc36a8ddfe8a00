package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeleteTags: SageMaker.DeleteTags, sagemaker:DeleteTags
//
// Supported: ResourceArn, that of a feature group, whose name may be in another case; TagKeys. A key that
// is not there is no error.
// Refused:   ARNs of other resources, of which there are none.
// Differs:   none known.
func (a *api) deleteTags(ctx context.Context, _ *awshttp.Call, in *deleteTagsRequest) (*deleteTagsResponse, error) {
	arn, err := required("ResourceArn", in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if in.TagKeys == nil {
		return nil, missing("TagKeys")
	}
	keys, err := toTexts("TagKeys", in.TagKeys)
	if err != nil {
		return nil, err
	}
	if _, err := a.store.DeleteTags(ctx, arn, keys); err != nil {
		return nil, err
	}
	return &deleteTagsResponse{}, nil
}

var deleteTagsMembers = []awshttp.Member{
	{Path: "ResourceArn", Note: "of a feature group"},
	{Path: "TagKeys"},
}
