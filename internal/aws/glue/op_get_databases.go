package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// GetDatabases: AWSGlue.GetDatabases, glue:GetDatabases
//
// Supported: CatalogId, the own account's; MaxResults and NextToken; ResourceShareType (nothing
// is shared, so FOREIGN and FEDERATED find nothing); AttributesToGet NAME.
// Refused:   AttributesToGet TARGET_DATABASE: there are no resource links.
// Differs:   none known.
func (a *api) getDatabases(ctx context.Context, c *awshttp.Call, in *getDatabasesRequest) (*getDatabasesResponse, error) {
	if err := checkCatalog(c, in.CatalogId); err != nil {
		return nil, err
	}
	nameOnly, err := attributes(in.AttributesToGet)
	if err != nil {
		return nil, err
	}
	all, err := a.tables.Databases(ctx)
	if err != nil {
		return nil, err
	}
	if t := in.ResourceShareType; t != nil {
		switch *t {
		case "ALL":
		case "FOREIGN", "FEDERATED":
			all = nil
		default:
			return nil, feature.Errorf(feature.Invalid, "ResourceShareType is %q; it must be FOREIGN, ALL or FEDERATED", *t)
		}
	}
	all, next, err := page(all, func(d *table.Database) string { return d.Name }, in.NextToken, in.MaxResults, pageSize)
	if err != nil {
		return nil, err
	}
	out := &getDatabasesResponse{DatabaseList: make([]database, len(all)), NextToken: next}
	for i, d := range all {
		if nameOnly {
			out.DatabaseList[i].Name = d.Name
		} else {
			out.DatabaseList[i] = fromDatabase(c, d)
		}
	}
	return out, nil
}

var getDatabasesMembers = members(catalogMember, pageMembers, []awshttp.Member{
	{Path: "ResourceShareType", Note: "nothing is shared: FOREIGN and FEDERATED find nothing"},
	attributesMember,
})

type getDatabasesRequest struct {
	CatalogId         *string
	NextToken         *string
	MaxResults        *int
	ResourceShareType *string
	AttributesToGet   []string
}

type getDatabasesResponse struct {
	DatabaseList []database
	NextToken    *string `json:",omitempty"`
}

// attributes reads AttributesToGet: whole items if there is none.
func attributes(asked []string) (nameOnly bool, err error) {
	for _, a := range asked {
		if a != "NAME" {
			return false, feature.Errorf(feature.Unsupported, "AttributesToGet %q is not supported; use NAME, or leave it out for everything", a)
		}
	}
	return len(asked) > 0, nil
}
