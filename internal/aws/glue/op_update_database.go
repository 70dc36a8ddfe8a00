package glue

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// UpdateDatabase: AWSGlue.UpdateDatabase, glue:UpdateDatabase
//
// Supported: Name, in any case; DatabaseInput, which takes the place of all that was said before.
// Refused:   as CreateDatabase; another name in DatabaseInput: a database keeps its name.
// Differs:   none known.
func (a *api) updateDatabase(ctx context.Context, c *awshttp.Call, in *updateDatabaseRequest) (*empty, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	name, d := r.name("Name", in.Name), r.database(in.DatabaseInput)
	if r.err == nil && !strings.EqualFold(name, d.Name) {
		r.unsupported(true, "DatabaseInput.Name other than Name", "a database keeps its name")
	}
	if r.err != nil {
		return nil, r.err
	}
	err := a.tables.UpdateDatabase(ctx, name, func(held *table.Database) error {
		held.Description, held.LocationURI, held.Parameters = d.Description, d.LocationURI, d.Parameters
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var updateDatabaseMembers = members(catalogMember, []awshttp.Member{{Path: "Name"}}, databaseMembers)

type updateDatabaseRequest struct {
	CatalogId     *string
	Name          *string
	DatabaseInput *databaseInput
}
