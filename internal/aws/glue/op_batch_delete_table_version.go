package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// BatchDeleteTableVersion: AWSGlue.BatchDeleteTableVersion, glue:BatchDeleteTableVersion
//
// Supported: VersionIds, up to 100; one error for each that could not be deleted.
// Refused:   the present version.
// Differs:   none known.
func (a *api) batchDeleteTableVersion(ctx context.Context, c *awshttp.Call, in *batchDeleteTableVersionRequest) (*batchDeleteTableVersionResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	r.count("VersionIds", len(in.VersionIds), 100)
	if in.VersionIds == nil {
		r.fail("VersionIds is missing; it is required")
	}
	versions := make([]int64, len(in.VersionIds))
	for i, id := range in.VersionIds {
		versions[i] = r.version(id)
	}
	if r.err != nil {
		return nil, r.err
	}
	if _, err := a.tables.Table(ctx, db, name); err != nil {
		return nil, err
	}
	out := &batchDeleteTableVersionResponse{Errors: []versionError{}}
	for i, version := range versions {
		if err := a.tables.DeleteTableVersion(ctx, db, name, version); err != nil {
			detail, err := detailOf(err)
			if err != nil {
				return nil, err
			}
			out.Errors = append(out.Errors, versionError{TableName: name, VersionId: in.VersionIds[i], ErrorDetail: detail})
		}
	}
	return out, nil
}

var batchDeleteTableVersionMembers = members(tableNameMembers, []awshttp.Member{{Path: "VersionIds"}})

type batchDeleteTableVersionRequest struct {
	ofTable
	VersionIds []string
}

type batchDeleteTableVersionResponse struct{ Errors []versionError }

type versionError struct {
	TableName   string
	VersionId   string
	ErrorDetail errorDetail
}
