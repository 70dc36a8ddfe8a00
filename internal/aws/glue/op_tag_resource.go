package glue

import (
	"context"
	"maps"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// TagResource: AWSGlue.TagResource, glue:TagResource
//
// Supported: ResourceArn of a database; TagsToAdd, up to 50 on one database.
// Refused:   as GetTags.
// Differs:   none known.
func (a *api) tagResource(ctx context.Context, c *awshttp.Call, in *tagResourceRequest) (*empty, error) {
	r := &reader{}
	db, tags := r.taggedDatabase(c, in.ResourceArn), r.tags("TagsToAdd", in.TagsToAdd)
	if in.TagsToAdd == nil {
		r.fail("TagsToAdd is missing; it is required")
	}
	if r.err != nil {
		return nil, r.err
	}
	err := a.tables.UpdateDatabase(ctx, db, func(d *table.Database) error {
		d.Tags = filled(d.Tags)
		maps.Copy(d.Tags, tags)
		if n := len(d.Tags); n > maxTags {
			return feature.Errorf(feature.Invalid, "the database %s would have %d tags; the most is %d; remove some first", d.Name, n, maxTags)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var tagResourceMembers = members([]awshttp.Member{{Path: "ResourceArn", Note: "of a database"}, {Path: "TagsToAdd"}})

type tagResourceRequest struct {
	ResourceArn *string
	TagsToAdd   map[string]string
}
