package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// BatchUpdatePartition: AWSGlue.BatchUpdatePartition, glue:BatchUpdatePartition
//
// Supported: Entries, up to 100; one error for each that could not be updated.
// Refused:   SchemaReference.
// Differs:   none known.
func (a *api) batchUpdatePartition(ctx context.Context, c *awshttp.Call, in *batchUpdatePartitionRequest) (*batchUpdatePartitionResponse, error) {
	r := &reader{}
	db, name := r.ofTable(c, in.ofTable)
	if n := len(in.Entries); n < 1 || n > 100 {
		r.fail("Entries has %d items; it must have 1 to 100", n)
	}
	parts := make([]*table.Partition, len(in.Entries))
	for i, e := range in.Entries {
		r.values("Entries.PartitionValueList", e.PartitionValueList)
		if parts[i] = r.partition("Entries.PartitionInput", e.PartitionInput); parts[i].Values == nil {
			parts[i].Values = e.PartitionValueList
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	if _, err := a.tables.Table(ctx, db, name); err != nil {
		return nil, err
	}
	out := &batchUpdatePartitionResponse{Errors: []updateError{}}
	for i, e := range in.Entries {
		if err := a.tables.UpdatePartition(ctx, db, name, e.PartitionValueList, parts[i]); err != nil {
			detail, err := detailOf(err)
			if err != nil {
				return nil, err
			}
			out.Errors = append(out.Errors, updateError{PartitionValueList: e.PartitionValueList, ErrorDetail: detail})
		}
	}
	return out, nil
}

var batchUpdatePartitionMembers = members(tableNameMembers, []awshttp.Member{{Path: "Entries"}, {Path: "Entries.PartitionValueList"}}, partitionMembers("Entries.PartitionInput"))

type batchUpdatePartitionRequest struct {
	ofTable
	Entries []struct {
		PartitionValueList []string
		PartitionInput     *partitionInput
	}
}

type batchUpdatePartitionResponse struct{ Errors []updateError }

type updateError struct {
	PartitionValueList []string
	ErrorDetail        errorDetail
}
