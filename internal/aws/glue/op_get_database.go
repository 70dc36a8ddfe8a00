package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetDatabase: AWSGlue.GetDatabase, glue:GetDatabase
//
// Supported: Name, in any case; CatalogId, the own account's.
// Refused:   nothing.
// Differs:   none known. CreateTableDefaultPermissions is that of an account without Lake Formation.
func (a *api) getDatabase(ctx context.Context, c *awshttp.Call, in *getDatabaseRequest) (*getDatabaseResponse, error) {
	if err := checkCatalog(c, in.CatalogId); err != nil {
		return nil, err
	}
	name, err := required("Name", in.Name)
	if err != nil {
		return nil, err
	}
	d, err := a.tables.Database(ctx, name)
	if err != nil {
		return nil, err
	}
	return &getDatabaseResponse{Database: fromDatabase(c, d)}, nil
}

var getDatabaseMembers = members(catalogMember, []awshttp.Member{{Path: "Name"}})

type getDatabaseRequest struct {
	CatalogId *string
	Name      *string
}

type getDatabaseResponse struct{ Database database }
