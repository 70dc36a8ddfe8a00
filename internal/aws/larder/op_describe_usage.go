package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/usage"
)

// DescribeUsage: GET /larder/Usage, larder:DescribeUsage
//
// Supported: it has no members.
// Refused:   nothing.
//
// It reads the index of every object and the size of every file of the data directory, and answers then.
func (a *api) describeUsage(ctx context.Context, _ *awshttp.Call, _ *empty) (*usageResponse, error) {
	r, err := a.Meter.Measure(ctx)
	if err != nil {
		return nil, err
	}
	return fromUsage(r), nil
}

func fromUsage(r *usage.Report) *usageResponse {
	out := &usageResponse{
		MeasuredAt: instant(r.At), Bytes: r.Total, Database: databaseShape(r.Database), Blobs: blobsShape(r.Blobs),
		ImportBytes: r.Imports, ScratchBytes: r.Scratch, OtherBytes: r.Other,
		Buckets: []bucketShape{}, Tables: []tableUsageShape{},
	}
	for _, b := range r.Buckets {
		out.Buckets = append(out.Buckets, bucketShape(b))
	}
	for _, t := range r.Tables {
		out.Tables = append(out.Tables, tableUsageShape{
			Database: t.Database, Table: t.Table, FeatureGroupName: string(t.Group), Location: t.Location,
			Files: t.Files, Bytes: t.Bytes, Rows: t.Rows, ForeignFiles: t.Foreign, ForeignBytes: t.ForeignBytes,
			UnflushedRows: t.UnflushedRows, UnflushedBytes: t.UnflushedBytes,
			ReplacedFiles: t.Replaced, ReplacedBytes: t.ReplacedBytes, Runs: t.Runs, RunBytes: t.RunBytes,
		})
	}
	return out
}
