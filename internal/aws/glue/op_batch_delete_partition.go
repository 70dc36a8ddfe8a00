package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// BatchDeletePartition: AWSGlue.BatchDeletePartition, glue:BatchDeletePartition
//
// Supported: PartitionsToDelete, up to 25; one error for each that could not be deleted.
// Refused:   nothing.
// Differs:   none known.
func (a *api) batchDeletePartition(ctx context.Context, c *awshttp.Call, in *batchDeletePartitionRequest) (*partitionErrorsResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	r.count("PartitionsToDelete", len(in.PartitionsToDelete), 25)
	if in.PartitionsToDelete == nil {
		r.fail("PartitionsToDelete is missing; it is required")
	}
	values := make([][]string, len(in.PartitionsToDelete))
	for i, p := range in.PartitionsToDelete {
		values[i] = r.values("PartitionsToDelete.Values", p.Values)
	}
	if r.err != nil {
		return nil, r.err
	}
	errs, err := a.tables.DeletePartitions(ctx, db, name, values)
	if err != nil {
		return nil, err
	}
	return partitionErrors(errs, func(i int) []string { return values[i] })
}

var batchDeletePartitionMembers = members(tableNameMembers, []awshttp.Member{{Path: "PartitionsToDelete"}, {Path: "PartitionsToDelete.Values"}})

type batchDeletePartitionRequest struct {
	ofTable
	PartitionsToDelete []valueList
}
