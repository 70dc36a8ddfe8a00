package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// UntagResource: AWSGlue.UntagResource, glue:UntagResource
//
// Supported: ResourceArn of a database; TagsToRemove. A key that is not there is no error.
// Refused:   as GetTags.
// Differs:   none known.
func (a *api) untagResource(ctx context.Context, c *awshttp.Call, in *untagResourceRequest) (*empty, error) {
	r := &reader{}
	db := r.taggedDatabase(c, in.ResourceArn)
	r.count("TagsToRemove", len(in.TagsToRemove), maxTags)
	if in.TagsToRemove == nil {
		r.fail("TagsToRemove is missing; it is required")
	}
	if r.err != nil {
		return nil, r.err
	}
	err := a.tables.UpdateDatabase(ctx, db, func(d *table.Database) error {
		for _, key := range in.TagsToRemove {
			delete(d.Tags, key)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var untagResourceMembers = members([]awshttp.Member{{Path: "ResourceArn", Note: "of a database"}, {Path: "TagsToRemove"}})

type untagResourceRequest struct {
	ResourceArn  *string
	TagsToRemove []string
}
