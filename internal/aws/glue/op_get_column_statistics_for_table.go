package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetColumnStatisticsForTable: AWSGlue.GetColumnStatisticsForTable, glue:GetColumnStatisticsForTable
//
// Supported: everything. No column has statistics: each name is an EntityNotFoundException among the Errors.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getColumnStatisticsForTable(ctx context.Context, c *awshttp.Call, in *getColumnStatisticsForTableRequest) (*statisticsResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	r.count("ColumnNames", len(in.ColumnNames), 100)
	if in.ColumnNames == nil {
		r.fail("ColumnNames is missing; it is required")
	}
	if r.err != nil {
		return nil, r.err
	}
	if _, err := a.tables.Table(ctx, db, name); err != nil {
		return nil, err
	}
	return noStatistics(in.ColumnNames), nil
}

var getColumnStatisticsForTableMembers = members(tableNameMembers, []awshttp.Member{{Path: "ColumnNames"}})

type getColumnStatisticsForTableRequest struct {
	ofTable
	ColumnNames []string
}

// A statisticsResponse has an error for each column: there are no statistics.
type statisticsResponse struct {
	ColumnStatisticsList []empty
	Errors               []columnError
}

type columnError struct {
	ColumnName string
	Error      errorDetail
}
