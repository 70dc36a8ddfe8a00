package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// BatchCreatePartition: AWSGlue.BatchCreatePartition, glue:BatchCreatePartition
//
// Supported: PartitionInputList, up to 100; one error for each that could not be made, and the others are.
// Refused:   SchemaReference.
// Differs:   none known.
func (a *api) batchCreatePartition(ctx context.Context, c *awshttp.Call, in *batchCreatePartitionRequest) (*partitionErrorsResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	r.count("PartitionInputList", len(in.PartitionInputList), 100)
	if in.PartitionInputList == nil {
		r.fail("PartitionInputList is missing; it is required")
	}
	parts := make([]*table.Partition, len(in.PartitionInputList))
	for i := range in.PartitionInputList {
		parts[i] = r.partition("PartitionInputList", &in.PartitionInputList[i])
	}
	if r.err != nil {
		return nil, r.err
	}
	errs, err := a.tables.CreatePartitions(ctx, db, name, parts)
	if err != nil {
		return nil, err
	}
	return partitionErrors(errs, func(i int) []string { return parts[i].Values })
}

var batchCreatePartitionMembers = members(tableNameMembers, partitionMembers("PartitionInputList"))

type batchCreatePartitionRequest struct {
	ofTable
	PartitionInputList []partitionInput
}

// A partitionErrorsResponse has an error for each partition that was refused.
type partitionErrorsResponse struct{ Errors []partitionError }

type partitionError struct {
	PartitionValues []string
	ErrorDetail     errorDetail
}
