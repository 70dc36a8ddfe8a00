package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// CreatePartition: AWSGlue.CreatePartition, glue:CreatePartition
//
// Supported: PartitionInput in full. SQL reads the files of partitions that are registered, and no others of such a
// table.
// Refused:   SchemaReference.
// Differs:   none known.
func (a *api) createPartition(ctx context.Context, c *awshttp.Call, in *createPartitionRequest) (*empty, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	p := r.partition("PartitionInput", in.PartitionInput)
	if r.err != nil {
		return nil, r.err
	}
	errs, err := a.tables.CreatePartitions(ctx, db, name, []*table.Partition{p})
	if err == nil {
		err = errs[0]
	}
	if err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var createPartitionMembers = members(tableNameMembers, partitionMembers("PartitionInput"))

type createPartitionRequest struct {
	ofTable
	PartitionInput *partitionInput
}
