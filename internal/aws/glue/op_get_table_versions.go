package glue

import (
	"context"
	"fmt"
	"math"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// GetTableVersions: AWSGlue.GetTableVersions, glue:GetTableVersions
//
// Supported: MaxResults and NextToken. The present version is the first; the others are those that were not updated
// with SkipArchive. AuditContext has no effect at AWS either.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getTableVersions(ctx context.Context, c *awshttp.Call, in *getTableVersionsRequest) (*getTableVersionsResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	if r.err != nil {
		return nil, r.err
	}
	all, err := a.tables.TableVersions(ctx, db, name)
	if err != nil {
		return nil, err
	}
	// In the order of the names of pages the newest comes first.
	key := func(t *table.Table) string { return fmt.Sprintf("%020d", math.MaxInt64-t.Version) }
	all, next, err := page(all, key, in.NextToken, in.MaxResults, pageSize)
	if err != nil {
		return nil, err
	}
	out := &getTableVersionsResponse{TableVersions: make([]tableVersion, len(all)), NextToken: next}
	for i, t := range all {
		out.TableVersions[i] = fromVersion(c, t)
	}
	return out, nil
}

var getTableVersionsMembers = members(tableNameMembers, pageMembers, auditMembers)

type getTableVersionsRequest struct {
	ofTable
	NextToken  *string
	MaxResults *int
}

type getTableVersionsResponse struct {
	TableVersions []tableVersion
	NextToken     *string `json:",omitempty"`
}
