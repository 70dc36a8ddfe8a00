package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// GetTable: AWSGlue.GetTable, glue:GetTable
//
// Supported: DatabaseName and Name, in any case; CatalogId, the own account's; AttributesToGet
// NAME. AuditContext and IncludeStatusDetails have no effect at AWS either on such tables.
// Refused:   TransactionId, QueryAsOfTime, other AttributesToGet.
// Differs:   none known.
func (a *api) getTable(ctx context.Context, c *awshttp.Call, in *getTableRequest) (*getTableResponse, error) {
	if err := checkCatalog(c, in.CatalogId); err != nil {
		return nil, err
	}
	db, err := required("DatabaseName", in.DatabaseName)
	if err != nil {
		return nil, err
	}
	name, err := required("Name", in.Name)
	if err != nil {
		return nil, err
	}
	if err := refusePast(in.TransactionId, in.QueryAsOfTime); err != nil {
		return nil, err
	}
	nameOnly, err := attributes(in.AttributesToGet)
	if err != nil {
		return nil, err
	}
	t, err := a.tables.Table(ctx, db, name)
	if err != nil {
		return nil, err
	}
	if nameOnly {
		return &getTableResponse{Table: tableShape{Name: t.Name}}, nil
	}
	return &getTableResponse{Table: fromTable(c, t)}, nil
}

// refusePast refuses the members that read a governed table as it was.
func refusePast(transaction *string, at *awshttp.Timestamp) error {
	switch {
	case transaction != nil:
		return feature.Errorf(feature.Unsupported, "TransactionId is not supported: no table is a governed one; leave it out")
	case at != nil:
		return feature.Errorf(feature.Unsupported, "QueryAsOfTime is not supported: no table is a governed one; leave it out")
	}
	return nil
}

var getTableMembers = members(databaseNameMembers, []awshttp.Member{{Path: "Name"}, attributesMember, statusMember, transactionMember, pastMember}, auditMembers)

type getTableRequest struct {
	CatalogId       *string
	DatabaseName    *string
	Name            *string
	TransactionId   *string
	QueryAsOfTime   *awshttp.Timestamp
	AttributesToGet []string
}

type getTableResponse struct{ Table tableShape }
