package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// BatchDeleteTable: AWSGlue.BatchDeleteTable, glue:BatchDeleteTable
//
// Supported: TablesToDelete, up to 100; one error for each that could not be deleted.
// Refused:   TransactionId.
// Differs:   none known.
func (a *api) batchDeleteTable(ctx context.Context, c *awshttp.Call, in *batchDeleteTableRequest) (*batchDeleteTableResponse, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	db := r.name("DatabaseName", in.DatabaseName)
	r.unsupported(in.TransactionId != nil, "TransactionId", "no table is a governed one")
	r.count("TablesToDelete", len(in.TablesToDelete), 100)
	if in.TablesToDelete == nil {
		r.fail("TablesToDelete is missing; it is required")
	}
	for _, name := range in.TablesToDelete {
		r.name("TablesToDelete", &name)
	}
	if r.err != nil {
		return nil, r.err
	}
	if _, err := a.tables.Database(ctx, db); err != nil {
		return nil, err
	}
	out := &batchDeleteTableResponse{Errors: []tableError{}}
	for _, name := range in.TablesToDelete {
		if err := a.tables.DeleteTable(ctx, db, name); err != nil {
			detail, err := detailOf(err)
			if err != nil {
				return nil, err
			}
			out.Errors = append(out.Errors, tableError{TableName: name, ErrorDetail: detail})
		}
	}
	return out, nil
}

var batchDeleteTableMembers = members(databaseNameMembers, []awshttp.Member{{Path: "TablesToDelete"}, transactionMember})

type batchDeleteTableRequest struct {
	CatalogId      *string
	DatabaseName   *string
	TablesToDelete []string
	TransactionId  *string
}

type batchDeleteTableResponse struct{ Errors []tableError }

type tableError struct {
	TableName   string
	ErrorDetail errorDetail
}
