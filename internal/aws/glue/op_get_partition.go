package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetPartition: AWSGlue.GetPartition, glue:GetPartition
//
// Supported: PartitionValues, one for each key. AuditContext has no effect at AWS either.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getPartition(ctx context.Context, c *awshttp.Call, in *getPartitionRequest) (*getPartitionResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	values := r.values("PartitionValues", in.PartitionValues)
	if r.err != nil {
		return nil, r.err
	}
	p, err := a.tables.Partition(ctx, db, name, values)
	if err != nil {
		return nil, err
	}
	return &getPartitionResponse{Partition: fromPartition(c, p)}, nil
}

var getPartitionMembers = members(tableNameMembers, []awshttp.Member{{Path: "PartitionValues"}}, auditMembers)

type getPartitionRequest struct {
	ofTable
	PartitionValues []string
}

type getPartitionResponse struct{ Partition partition }
