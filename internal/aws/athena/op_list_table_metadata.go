package athena

import (
	"context"
	"regexp"
	"slices"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// ListTableMetadata: AmazonAthena.ListTableMetadata, athena:ListTableMetadata and glue:GetTables
//
// Supported: CatalogName, DatabaseName in any case, Expression, NextToken, MaxResults, WorkGroup.
// Refused:   nothing.
// Differs:   Expression has no back references and no look-around.
func (a *api) listTableMetadata(ctx context.Context, c *awshttp.Call, in *listTableMetadataRequest) (*listTableMetadataResponse, error) {
	r := &reader{}
	r.catalog(c, "CatalogName", in.CatalogName)
	r.workGroup(in.WorkGroup)
	database, expression := r.text("DatabaseName", in.DatabaseName, 1, 128), r.optional("Expression", in.Expression, 0, 256)
	limit, after := r.limit(in.MaxResults, 1, 50), r.after(in.NextToken)
	// The expression is for the whole name; names are lower case, whatever the caller's are.
	matches, err := regexp.Compile("(?is)^(?:" + expression + ")$")
	if err != nil {
		r.fail("Expression %q is not a regular expression: %v", expression, err)
	}
	if r.err != nil {
		return nil, r.err
	}
	all, err := a.tables.Tables(ctx, database)
	if err != nil {
		return nil, fromCatalog(c, err)
	}
	if expression != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(t *table.Table) bool { return !matches.MatchString(t.Name) })
	}
	all, token := page(all, func(t *table.Table) string { return t.Name }, after, limit)
	out := &listTableMetadataResponse{NextToken: token, TableMetadataList: make([]tableMetadata, len(all))}
	for i, t := range all {
		out.TableMetadataList[i] = fromTable(t)
	}
	return out, nil
}

type listTableMetadataRequest struct {
	CatalogName  *string
	DatabaseName *string
	Expression   *string
	NextToken    *string
	MaxResults   *int
	WorkGroup    *string
}

type listTableMetadataResponse struct {
	TableMetadataList []tableMetadata
	NextToken         *string `json:",omitempty"`
}
