package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetPartitionIndexes: AWSGlue.GetPartitionIndexes, glue:GetPartitionIndexes
//
// Supported: everything. There are none: CreateTable refuses them.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getPartitionIndexes(ctx context.Context, c *awshttp.Call, in *getPartitionIndexesRequest) (*getPartitionIndexesResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	if r.err != nil {
		return nil, r.err
	}
	if _, err := a.tables.Table(ctx, db, name); err != nil {
		return nil, err
	}
	return &getPartitionIndexesResponse{PartitionIndexDescriptorList: []empty{}}, nil
}

var getPartitionIndexesMembers = members(tableNameMembers, []awshttp.Member{{Path: "NextToken", Support: awshttp.WithoutEffect, Note: "there is one page, and it is empty"}})

type getPartitionIndexesRequest struct {
	ofTable
}

type getPartitionIndexesResponse struct{ PartitionIndexDescriptorList []empty }
