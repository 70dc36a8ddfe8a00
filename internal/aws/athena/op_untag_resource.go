package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// UntagResource: AmazonAthena.UntagResource, athena:UntagResource
//
// Supported: ResourceARN of a work group, TagKeys.
// Refused:   nothing.
// Differs:   none known.
func (a *api) untagResource(ctx context.Context, c *awshttp.Call, in *untagResourceRequest) (*nothing, error) {
	g, err := a.tagged(ctx, c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.queries.UpdateWorkGroup(ctx, g.Name, func(g *query.WorkGroup) {
		for _, key := range in.TagKeys {
			delete(g.Tags, key)
		}
	})
}

type untagResourceRequest struct {
	ResourceARN *string
	TagKeys     []string
}
