package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeleteTable: AWSGlue.DeleteTable, glue:DeleteTable
//
// Supported: DatabaseName and Name, in any case. Its versions and partitions go with it; its data files stay. The
// table of a feature group may be deleted too: the group goes on, and a table made again for its location
// has all its rows.
// Refused:   TransactionId.
// Differs:   none known.
func (a *api) deleteTable(ctx context.Context, c *awshttp.Call, in *deleteTableRequest) (*empty, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	db, name := r.name("DatabaseName", in.DatabaseName), r.name("Name", in.Name)
	r.unsupported(in.TransactionId != nil, "TransactionId", "no table is a governed one")
	if r.err != nil {
		return nil, r.err
	}
	if err := a.tables.DeleteTable(ctx, db, name); err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var deleteTableMembers = members(databaseNameMembers, []awshttp.Member{{Path: "Name"}, transactionMember})

type deleteTableRequest struct {
	CatalogId     *string
	DatabaseName  *string
	Name          *string
	TransactionId *string
}
