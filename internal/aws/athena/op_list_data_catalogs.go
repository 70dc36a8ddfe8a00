package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// ListDataCatalogs: AmazonAthena.ListDataCatalogs, athena:ListDataCatalogs
//
// Supported: MaxResults, NextToken, WorkGroup; there is one catalog.
// Refused:   nothing.
// Differs:   none known.
func (a *api) listDataCatalogs(ctx context.Context, c *awshttp.Call, in *listRequest) (*listDataCatalogsResponse, error) {
	r := &reader{}
	r.limit(in.MaxResults, 2, 50)
	r.workGroup(in.WorkGroup)
	if r.after(in.NextToken); r.err != nil {
		return nil, r.err
	}
	return &listDataCatalogsResponse{DataCatalogsSummary: []dataCatalogSummary{{CatalogName: catalogName, Type: "GLUE"}}}, nil
}

type listDataCatalogsResponse struct{ DataCatalogsSummary []dataCatalogSummary }

type dataCatalogSummary struct{ CatalogName, Type string }
