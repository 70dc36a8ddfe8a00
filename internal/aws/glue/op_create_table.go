package glue

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// CreateTable: AWSGlue.CreateTable, glue:CreateTable
//
// Supported: TableInput in full, whatever its format: SQL says what it cannot read when it is asked to. Names of
// the table and its columns are folded to lower case. A table at the location of a feature group has that
// group's rows, those that wait for a flush too.
// Refused:   OpenTableFormatInput (send the metadata yourself, as pyiceberg and Spark do), PartitionIndexes,
// TransactionId, TargetTable, FederatedTable, ViewDefinition, SchemaReference.
// Differs:   none known.
func (a *api) createTable(ctx context.Context, c *awshttp.Call, in *createTableRequest) (*empty, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	db := r.name("DatabaseName", in.DatabaseName)
	r.unsupported(in.OpenTableFormatInput != nil, "OpenTableFormatInput", "the writer of an Iceberg table makes its metadata, and gives its place in TableInput.Parameters")
	r.unsupported(len(in.PartitionIndexes) > 0, "PartitionIndexes", "partitions are found without")
	r.unsupported(in.TransactionId != nil, "TransactionId", "no table is a governed one")
	t := r.table(db, in.TableInput)
	if r.err == nil && in.Name != nil && !strings.EqualFold(*in.Name, t.Name) {
		r.fail("Name is %q and TableInput.Name is %q; give one of them, or the same twice", *in.Name, t.Name)
	}
	if r.err != nil {
		return nil, r.err
	}
	t.CreatedBy = c.Principal.ARN
	if err := a.tables.RegisterTable(ctx, t); err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var createTableMembers = members(databaseNameMembers, []awshttp.Member{
	{Path: "Name", Note: "that of TableInput"},
	{Path: "PartitionIndexes", Support: awshttp.Refused, Note: "partitions are found without"},
	transactionMember,
}, tableMembers, createIcebergMembers)

type createTableRequest struct {
	CatalogId            *string
	DatabaseName         *string
	Name                 *string
	TableInput           *tableInput
	PartitionIndexes     []refused
	TransactionId        *string
	OpenTableFormatInput *refused
}
