package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// pageSize is the most rows of a page, and how many there are unless told otherwise.
const pageSize = 1000

// GetQueryResults: AmazonAthena.GetQueryResults, athena:GetQueryResults
//
// Supported: QueryExecutionId, NextToken, MaxResults, QueryResultType: with DATA_MANIFEST the rows are the lines of
// the manifest that CREATE TABLE AS, INSERT or UNLOAD left, in a column manifest.
// Refused:   DATA_MANIFEST of other statements, as by AWS.
// Differs:   none known.
func (a *api) getQueryResults(ctx context.Context, c *awshttp.Call, in *getQueryResultsRequest) (*getQueryResultsResponse, error) {
	id, err := text("QueryExecutionId", in.QueryExecutionId, 1, 128)
	if err != nil {
		return nil, err
	}
	limit := pageSize
	if in.MaxResults != nil {
		if limit = *in.MaxResults; limit < 1 || limit > pageSize {
			return nil, invalid("MaxResults is %d; it must be 1 to %d", limit, pageSize)
		}
	}
	results := a.queries.Results
	switch t := deref(in.QueryResultType); t {
	case "", "DATA_ROWS":
	case "DATA_MANIFEST":
		results = a.queries.Manifest
	default:
		return nil, invalid("QueryResultType is %q; it must be DATA_ROWS or DATA_MANIFEST", t)
	}
	p, err := results(ctx, id, deref(in.NextToken), limit)
	if err != nil {
		return nil, err
	}
	return fromPage(p), nil
}

func fromPage(p *query.Page) *getQueryResultsResponse {
	out := &getQueryResultsResponse{NextToken: p.Next, UpdateCount: p.Updated}
	out.ResultSet.Rows = make([]row, len(p.Rows))
	for i, texts := range p.Rows {
		data := make([]datum, len(texts))
		for j, t := range texts {
			data[j].VarCharValue = t
		}
		out.ResultSet.Rows[i].Data = data
	}
	out.ResultSet.ResultSetMetadata.ColumnInfo = make([]columnInfo, len(p.Columns))
	for i, c := range p.Columns {
		out.ResultSet.ResultSetMetadata.ColumnInfo[i] = columnInfo{
			CatalogName: "hive", Name: c.Name, Label: c.Name, Type: c.Type, Precision: c.Precision, Scale: c.Scale,
			Nullable: "UNKNOWN", CaseSensitive: query.CaseSensitive(c.Type),
		}
	}
	return out
}
