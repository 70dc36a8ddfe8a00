package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// GetTableVersion: AWSGlue.GetTableVersion, glue:GetTableVersion
//
// Supported: VersionId, the present one's if it is left out. AuditContext has no effect at AWS either.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getTableVersion(ctx context.Context, c *awshttp.Call, in *getTableVersionRequest) (*getTableVersionResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	version := int64(-1)
	if in.VersionId != nil {
		version = r.version(*in.VersionId)
	}
	if r.err != nil {
		return nil, r.err
	}
	all, err := a.tables.TableVersions(ctx, db, name)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if version < 0 || t.Version == version {
			return &getTableVersionResponse{TableVersion: fromVersion(c, t)}, nil
		}
	}
	return nil, table.NoVersion(all[0].Name, version)
}

var getTableVersionMembers = members(tableNameMembers, []awshttp.Member{{Path: "VersionId"}}, auditMembers)

type getTableVersionRequest struct {
	ofTable
	VersionId *string
}

type getTableVersionResponse struct{ TableVersion tableVersion }
