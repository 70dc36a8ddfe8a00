package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// ListTags: SageMaker.ListTags, sagemaker:ListTags
//
// Supported: ResourceArn, that of a feature group, whose name may be in another case; MaxResults from 50.
// Refused:   ARNs of other resources, of which there are none; a NextToken that is not empty: a page has
// at least 50 tags and a group at most 50, so there is no token to give.
// Differs:   none known. Tags come in the order in which their keys were added.
func (a *api) listTags(ctx context.Context, _ *awshttp.Call, in *listTagsRequest) (*listTagsResponse, error) {
	arn, err := required("ResourceArn", in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if in.MaxResults != nil && *in.MaxResults < 50 {
		return nil, feature.Errorf(feature.Invalid, "MaxResults is %d; it must be 50 or more", *in.MaxResults)
	}
	if err := onePage(in.NextToken); err != nil {
		return nil, err
	}
	tags, err := a.store.Tags(ctx, arn)
	if err != nil {
		return nil, err
	}
	return &listTagsResponse{Tags: fromTags(tags)}, nil
}

var listTagsMembers = []awshttp.Member{
	{Path: "ResourceArn", Note: "of a feature group"},
	{Path: "NextToken", Note: "there is one page; a token that is not empty is refused"},
	{Path: "MaxResults", Support: awshttp.WithoutEffect, Note: "checked; a page of 50 has every tag that a group may have"},
}
