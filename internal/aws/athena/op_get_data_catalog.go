package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetDataCatalog: AmazonAthena.GetDataCatalog, athena:GetDataCatalog
//
// Supported: Name, which is AwsDataCatalog in any case or the account's ID; WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getDataCatalog(ctx context.Context, c *awshttp.Call, in *getDataCatalogRequest) (*getDataCatalogResponse, error) {
	r := &reader{}
	r.workGroup(in.WorkGroup)
	if r.catalog(c, "Name", in.Name); r.err != nil {
		return nil, r.err
	}
	return &getDataCatalogResponse{DataCatalog: dataCatalog{
		Name: catalogName, Description: "The catalog of this server's databases and tables", Type: "GLUE",
		Parameters: map[string]string{"catalog-id": c.Principal.Account},
	}}, nil
}

type getDataCatalogRequest struct {
	Name      *string
	WorkGroup *string
}

type getDataCatalogResponse struct{ DataCatalog dataCatalog }
