package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetCatalogs: AWSGlue.GetCatalogs, glue:GetCatalogs
//
// Supported: IncludeRoot, which finds the account's own catalog. There are no others.
// Refused:   nothing.
// Differs:   none known.
func (*api) getCatalogs(_ context.Context, c *awshttp.Call, in *getCatalogsRequest) (*getCatalogsResponse, error) {
	r := &reader{}
	if id := in.ParentCatalogId; id != nil && *id != "" {
		r.catalog(c, id)
	}
	r.limit(in.MaxResults, 1000)
	if r.err != nil {
		return nil, r.err
	}
	out := &getCatalogsResponse{CatalogList: []catalog{}}
	if in.IncludeRoot != nil && *in.IncludeRoot {
		out.CatalogList = append(out.CatalogList, catalogOf(c))
	}
	return out, nil
}

var getCatalogsMembers = members(pageMembers, []awshttp.Member{
	{Path: "ParentCatalogId", Note: "the own account's"},
	{Path: "IncludeRoot"},
	{Path: "Recursive", Support: awshttp.WithoutEffect, Note: "no catalog is within another"},
	{Path: "HasDatabases", Support: awshttp.WithoutEffect, Note: "the one catalog has databases"},
})

type getCatalogsRequest struct {
	ParentCatalogId *string
	MaxResults      *int
	IncludeRoot     *bool
}

type getCatalogsResponse struct{ CatalogList []catalog }
