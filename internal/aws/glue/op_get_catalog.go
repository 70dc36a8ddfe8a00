package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetCatalog: AWSGlue.GetCatalog, glue:GetCatalog
//
// Supported: CatalogId, the own account's: the one catalog that is here.
// Refused:   nothing.
// Differs:   none known.
func (*api) getCatalog(_ context.Context, c *awshttp.Call, in *getCatalogRequest) (*getCatalogResponse, error) {
	r := &reader{}
	id := r.name("CatalogId", in.CatalogId)
	r.catalog(c, &id)
	if r.err != nil {
		return nil, r.err
	}
	return &getCatalogResponse{Catalog: catalogOf(c)}, nil
}

var getCatalogMembers = members([]awshttp.Member{{Path: "CatalogId", Note: "the own account's"}})

type getCatalogRequest struct {
	CatalogId *string
}

type getCatalogResponse struct{ Catalog catalog }

type catalog struct {
	CatalogId   string
	Name        string
	ResourceArn string
}
