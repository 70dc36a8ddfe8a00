package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// GetPartitions: AWSGlue.GetPartitions, glue:GetPartitions
//
// Supported: Expression over the partition keys (=, <>, <, <=, >, >=, IN, BETWEEN, LIKE, IS NULL, NOT, AND, OR);
// Segment; MaxResults and NextToken; ExcludeColumnSchema. AuditContext has no effect at AWS either.
// Refused:   TransactionId, QueryAsOfTime; functions in an Expression, and keys compared with keys.
// Differs:   partitions come sorted by their values; pages have as many as are asked for.
func (a *api) getPartitions(ctx context.Context, c *awshttp.Call, in *getPartitionsRequest) (*getPartitionsResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	expression := r.lines("Expression", in.Expression, 0, 2048)
	limit := r.limit(in.MaxResults, 1000)
	after := r.valuesToken(in.NextToken)
	mine := r.segment(in.Segment)
	if r.err == nil {
		r.err = refusePast(in.TransactionId, in.QueryAsOfTime)
	}
	if r.err != nil {
		return nil, r.err
	}
	t, err := a.tables.Table(ctx, db, name)
	if err != nil {
		return nil, err
	}
	fits, err := table.PartitionFilter(expression, t.PartitionKeys)
	if err != nil {
		return nil, err
	}
	out := &getPartitionsResponse{Partitions: []partition{}}
	for p, err := range a.tables.Partitions(ctx, t, after) {
		if err != nil {
			return nil, err
		}
		// Its keys may have changed since: such a partition has no values for them.
		if len(p.Values) != len(t.PartitionKeys) || !mine(p.Values) || !fits(p.Values) {
			continue
		}
		if len(out.Partitions) == limit {
			out.NextToken = valuesToken(out.Partitions[limit-1].Values)
			break
		}
		shape := fromPartition(c, p)
		if in.ExcludeColumnSchema != nil && *in.ExcludeColumnSchema {
			shape.StorageDescriptor.Columns = []column{}
		}
		out.Partitions = append(out.Partitions, shape)
	}
	return out, nil
}

var getPartitionsMembers = members(tableNameMembers, pageMembers, []awshttp.Member{
	{Path: "Expression"}, {Path: "Segment"}, {Path: "Segment.SegmentNumber"}, {Path: "Segment.TotalSegments"}, {Path: "ExcludeColumnSchema"},
	transactionMember, pastMember,
}, auditMembers)

type getPartitionsRequest struct {
	ofTable
	Expression          *string
	NextToken           *string
	Segment             *segment
	MaxResults          *int
	ExcludeColumnSchema *bool
	TransactionId       *string
	QueryAsOfTime       *awshttp.Timestamp
}

type segment struct{ SegmentNumber, TotalSegments *int }

type getPartitionsResponse struct {
	Partitions []partition
	NextToken  *string `json:",omitempty"`
}
