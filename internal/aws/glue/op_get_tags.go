package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetTags: AWSGlue.GetTags, glue:GetTags
//
// Supported: ResourceArn of a database.
// Refused:   ARNs of other resources: tables have no tags, and there are no others.
// Differs:   none known.
func (a *api) getTags(ctx context.Context, c *awshttp.Call, in *getTagsRequest) (*getTagsResponse, error) {
	r := &reader{}
	db := r.taggedDatabase(c, in.ResourceArn)
	if r.err != nil {
		return nil, r.err
	}
	d, err := a.tables.Database(ctx, db)
	if err != nil {
		return nil, err
	}
	return &getTagsResponse{Tags: filled(d.Tags)}, nil
}

var getTagsMembers = members([]awshttp.Member{{Path: "ResourceArn", Note: "of a database"}})

type getTagsRequest struct {
	ResourceArn *string
}

type getTagsResponse struct{ Tags map[string]string }
