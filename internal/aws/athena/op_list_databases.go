package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// ListDatabases: AmazonAthena.ListDatabases, athena:ListDatabases and glue:GetDatabases
//
// Supported: CatalogName, NextToken, MaxResults, WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) listDatabases(ctx context.Context, c *awshttp.Call, in *listDatabasesRequest) (*listDatabasesResponse, error) {
	r := &reader{}
	r.catalog(c, "CatalogName", in.CatalogName)
	r.workGroup(in.WorkGroup)
	limit, after := r.limit(in.MaxResults, 1, 50), r.after(in.NextToken)
	if r.err != nil {
		return nil, r.err
	}
	all, err := a.tables.Databases(ctx)
	if err != nil {
		return nil, err
	}
	all, token := page(all, func(d *table.Database) string { return d.Name }, after, limit)
	out := &listDatabasesResponse{NextToken: token, DatabaseList: make([]databaseShape, len(all))}
	for i, d := range all {
		out.DatabaseList[i] = fromDatabase(d)
	}
	return out, nil
}

type listDatabasesRequest struct {
	CatalogName *string
	NextToken   *string
	MaxResults  *int
	WorkGroup   *string
}

type listDatabasesResponse struct {
	DatabaseList []databaseShape
	NextToken    *string `json:",omitempty"`
}
