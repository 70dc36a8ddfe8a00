package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// ListTagsForResource: AmazonAthena.ListTagsForResource, athena:ListTagsForResource
//
// Supported: ResourceARN of a work group, NextToken, MaxResults.
// Refused:   nothing.
// Differs:   data catalogs and capacity reservations have no tags.
func (a *api) listTagsForResource(ctx context.Context, c *awshttp.Call, in *listTagsRequest) (*listTagsResponse, error) {
	r := &reader{}
	after := r.after(in.NextToken)
	limit := 75
	if in.MaxResults != nil {
		if limit = *in.MaxResults; limit < 75 {
			r.fail("MaxResults is %d; it must be 75 or more", limit)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	g, err := a.tagged(ctx, c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	tags, token := page(sortedTags(g.Tags), func(t tag) string { return t.Key }, after, limit)
	return &listTagsResponse{Tags: tags, NextToken: token}, nil
}

type listTagsRequest struct {
	ResourceARN *string
	NextToken   *string
	MaxResults  *int
}

type listTagsResponse struct {
	Tags      []tag
	NextToken *string `json:",omitempty"`
}
