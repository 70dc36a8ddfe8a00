package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeleteDatabase: AWSGlue.DeleteDatabase, glue:DeleteDatabase
//
// Supported: Name, in any case. The tables of the database go with it; their data files stay.
// Refused:   nothing.
// Differs:   all of it is one commit, and done when the call returns.
func (a *api) deleteDatabase(ctx context.Context, c *awshttp.Call, in *deleteDatabaseRequest) (*empty, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	name := r.name("Name", in.Name)
	if r.err != nil {
		return nil, r.err
	}
	if err := a.tables.DeleteDatabase(ctx, name); err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var deleteDatabaseMembers = members(catalogMember, []awshttp.Member{{Path: "Name"}})

type deleteDatabaseRequest struct {
	CatalogId *string
	Name      *string
}
