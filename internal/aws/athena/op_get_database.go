package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetDatabase: AmazonAthena.GetDatabase, athena:GetDatabase and glue:GetDatabase
//
// Supported: CatalogName, DatabaseName in any case, WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getDatabase(ctx context.Context, c *awshttp.Call, in *getDatabaseRequest) (*getDatabaseResponse, error) {
	r := &reader{}
	r.catalog(c, "CatalogName", in.CatalogName)
	r.workGroup(in.WorkGroup)
	name := r.text("DatabaseName", in.DatabaseName, 1, 128)
	if r.err != nil {
		return nil, r.err
	}
	d, err := a.tables.Database(ctx, name)
	if err != nil {
		return nil, fromCatalog(c, err)
	}
	return &getDatabaseResponse{Database: fromDatabase(d)}, nil
}

type getDatabaseRequest struct {
	CatalogName  *string
	DatabaseName *string
	WorkGroup    *string
}

type getDatabaseResponse struct{ Database databaseShape }
