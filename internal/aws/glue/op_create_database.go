package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// CreateDatabase: AWSGlue.CreateDatabase, glue:CreateDatabase
//
// Supported: DatabaseInput with its names folded to lower case; Tags; CatalogId, the own account's.
// Refused:   TargetDatabase, FederatedDatabase; permissions other than the usual ones, for there is no Lake
// Formation.
// Differs:   none known.
func (a *api) createDatabase(ctx context.Context, c *awshttp.Call, in *createDatabaseRequest) (*empty, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	d := r.database(in.DatabaseInput)
	d.Tags = r.tags("Tags", in.Tags)
	if r.err != nil {
		return nil, r.err
	}
	if err := a.tables.CreateDatabase(ctx, d); err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var createDatabaseMembers = members(catalogMember, databaseMembers, []awshttp.Member{{Path: "Tags"}})

type createDatabaseRequest struct {
	CatalogId     *string
	DatabaseInput *databaseInput
	Tags          map[string]string
}
