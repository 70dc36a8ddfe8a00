package athena

import (
	"context"
	"maps"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// TagResource: AmazonAthena.TagResource, athena:TagResource
//
// Supported: ResourceARN of a work group, Tags.
// Refused:   nothing.
// Differs:   none known.
func (a *api) tagResource(ctx context.Context, c *awshttp.Call, in *tagResourceRequest) (*nothing, error) {
	r := &reader{}
	tags := r.tags(in.Tags)
	if r.err != nil {
		return nil, r.err
	}
	g, err := a.tagged(ctx, c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.queries.UpdateWorkGroup(ctx, g.Name, func(g *query.WorkGroup) {
		if g.Tags == nil {
			g.Tags = map[string]string{}
		}
		maps.Copy(g.Tags, tags)
	})
}

type tagResourceRequest struct {
	ResourceARN *string
	Tags        []tag
}
