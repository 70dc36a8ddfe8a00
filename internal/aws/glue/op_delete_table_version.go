package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeleteTableVersion: AWSGlue.DeleteTableVersion, glue:DeleteTableVersion
//
// Supported: VersionId of a version that was kept.
// Refused:   the present version.
// Differs:   none known.
func (a *api) deleteTableVersion(ctx context.Context, c *awshttp.Call, in *deleteTableVersionRequest) (*empty, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	version := r.version(r.name("VersionId", in.VersionId))
	if r.err != nil {
		return nil, r.err
	}
	if err := a.tables.DeleteTableVersion(ctx, db, name, version); err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var deleteTableVersionMembers = members(tableNameMembers, []awshttp.Member{{Path: "VersionId"}})

type deleteTableVersionRequest struct {
	ofTable
	VersionId *string
}
