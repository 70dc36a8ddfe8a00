package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// UpdatePartition: AWSGlue.UpdatePartition, glue:UpdatePartition
//
// Supported: PartitionValueList, the values that it has; PartitionInput in full, which takes the place of all that was
// said before, and may have other values.
// Refused:   SchemaReference.
// Differs:   none known.
func (a *api) updatePartition(ctx context.Context, c *awshttp.Call, in *updatePartitionRequest) (*empty, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	values, p := r.values("PartitionValueList", in.PartitionValueList), r.partition("PartitionInput", in.PartitionInput)
	if r.err != nil {
		return nil, r.err
	}
	if p.Values == nil {
		p.Values = values
	}
	err := a.tables.UpdatePartition(ctx, db, name, values, p)
	if feature.KindOf(err) == feature.Exists {
		// The operation has no error for it.
		err = feature.Errorf(feature.Invalid, "PartitionInput.Values are those of another partition; delete it first")
	}
	if err != nil {
		return nil, err
	}
	return &empty{}, nil
}

var updatePartitionMembers = members(tableNameMembers, []awshttp.Member{{Path: "PartitionValueList"}}, partitionMembers("PartitionInput"))

type updatePartitionRequest struct {
	ofTable
	PartitionValueList []string
	PartitionInput     *partitionInput
}
