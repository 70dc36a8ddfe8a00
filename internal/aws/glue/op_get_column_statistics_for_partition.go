package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetColumnStatisticsForPartition: AWSGlue.GetColumnStatisticsForPartition, glue:GetColumnStatisticsForPartition
//
// Supported: everything. No column has statistics: each name is an EntityNotFoundException among the Errors.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getColumnStatisticsForPartition(ctx context.Context, c *awshttp.Call, in *getColumnStatisticsForPartitionRequest) (*statisticsResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	r.count("ColumnNames", len(in.ColumnNames), 100)
	if in.ColumnNames == nil {
		r.fail("ColumnNames is missing; it is required")
	}
	if r.err != nil {
		return nil, r.err
	}
	if _, err := a.tables.Partition(ctx, db, name, in.PartitionValues); err != nil {
		return nil, err
	}
	return noStatistics(in.ColumnNames), nil
}

var getColumnStatisticsForPartitionMembers = members(tableNameMembers, []awshttp.Member{{Path: "PartitionValues"}, {Path: "ColumnNames"}})

type getColumnStatisticsForPartitionRequest struct {
	ofTable
	PartitionValues []string
	ColumnNames     []string
}
