package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeletePartition: AWSGlue.DeletePartition, glue:DeletePartition
//
// Supported: PartitionValues, one for each key. The data files stay.
// Refused:   nothing.
// Differs:   none known.
func (a *api) deletePartition(ctx context.Context, c *awshttp.Call, in *deletePartitionRequest) (*empty, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	values := r.values("PartitionValues", in.PartitionValues)
	if r.err != nil {
		return nil, r.err
	}
	errs, err := a.tables.DeletePartitions(ctx, db, name, [][]string{values})
	if err == nil {
		err = errs[0]
	}
	if err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var deletePartitionMembers = members(tableNameMembers, []awshttp.Member{{Path: "PartitionValues"}})

type deletePartitionRequest struct {
	ofTable
	PartitionValues []string
}
