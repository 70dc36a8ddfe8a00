package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// BatchGetPartition: AWSGlue.BatchGetPartition, glue:BatchGetPartition
//
// Supported: PartitionsToGet, up to 1000; one that is not there is not in the reply. AuditContext and
// QuerySessionContext have no effect at AWS either on such tables.
// Refused:   nothing.
// Differs:   UnprocessedKeys is always empty.
func (a *api) batchGetPartition(ctx context.Context, c *awshttp.Call, in *batchGetPartitionRequest) (*batchGetPartitionResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	r.count("PartitionsToGet", len(in.PartitionsToGet), 1000)
	if in.PartitionsToGet == nil {
		r.fail("PartitionsToGet is missing; it is required")
	}
	for _, p := range in.PartitionsToGet {
		r.values("PartitionsToGet.Values", p.Values)
	}
	if r.err != nil {
		return nil, r.err
	}
	t, err := a.tables.Table(ctx, db, name)
	if err != nil {
		return nil, err
	}
	out := &batchGetPartitionResponse{Partitions: []partition{}, UnprocessedKeys: []valueList{}}
	for _, asked := range in.PartitionsToGet {
		p, err := a.tables.Partition(ctx, t.Database, t.Name, asked.Values)
		if feature.KindOf(err) == feature.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Partitions = append(out.Partitions, fromPartition(c, p))
	}
	return out, nil
}

var batchGetPartitionMembers = members(tableNameMembers, []awshttp.Member{{Path: "PartitionsToGet"}, {Path: "PartitionsToGet.Values"}}, auditMembers, sessionMembers)

type batchGetPartitionRequest struct {
	ofTable
	PartitionsToGet []valueList
}

type batchGetPartitionResponse struct {
	Partitions      []partition
	UnprocessedKeys []valueList
}
