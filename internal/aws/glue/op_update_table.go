package glue

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// UpdateTable: AWSGlue.UpdateTable, glue:UpdateTable
//
// Supported: TableInput in full, which takes the place of all that was said before; VersionId, which must be the
// present one then, or ConcurrentModificationException and nothing has changed; SkipArchive. Columns, location and
// all else of a feature group's table may be changed too: SQL goes by what the table says, and what a flush
// writes goes to the group's own location.
// Refused:   as CreateTable; ViewUpdateAction, UpdateOpenTableFormatInput; another name: a table keeps its own.
// Differs:   none known.
func (a *api) updateTable(ctx context.Context, c *awshttp.Call, in *updateTableRequest) (*empty, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	db := r.name("DatabaseName", in.DatabaseName)
	r.unsupported(in.UpdateOpenTableFormatInput != nil, "UpdateOpenTableFormatInput", "the writer of an Iceberg table makes its metadata, and gives its place in TableInput.Parameters")
	r.unsupported(in.ViewUpdateAction != nil, "ViewUpdateAction", "there are no views of many dialects")
	r.unsupported(in.TransactionId != nil, "TransactionId", "no table is a governed one")
	t := r.table(db, in.TableInput)
	if r.err == nil && in.Name != nil && !strings.EqualFold(*in.Name, t.Name) {
		r.unsupported(true, "TableInput.Name other than Name", "a table keeps its name")
	}
	change := table.Replacement{SkipArchive: in.SkipArchive != nil && *in.SkipArchive}
	if in.VersionId != nil {
		version := r.version(*in.VersionId)
		change.Version = &version
	}
	if r.err != nil {
		return nil, r.err
	}
	if err := a.tables.ReplaceTable(ctx, t, change); err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var updateTableMembers = members(databaseNameMembers, []awshttp.Member{
	{Path: "Name", Note: "that of TableInput"},
	{Path: "SkipArchive"},
	{Path: "VersionId"},
	{Path: "Force", Support: awshttp.WithoutEffect, Note: "it waives rules of views of many dialects, of which there are none"},
	{Path: "ViewUpdateAction", Support: awshttp.Refused, Note: "there are no views of many dialects"},
	transactionMember,
}, tableMembers, updateIcebergMembers)

type updateTableRequest struct {
	CatalogId                  *string
	DatabaseName               *string
	Name                       *string
	TableInput                 *tableInput
	SkipArchive                *bool
	TransactionId              *string
	VersionId                  *string
	ViewUpdateAction           *string
	UpdateOpenTableFormatInput *refused
}
