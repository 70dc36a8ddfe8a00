package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/dataset"
)

// ExportDataset: POST /larder/Dataset/{DatasetName}/Export, larder:ExportDataset
//
// Supported: DatasetName; Version, the newest if absent; Format (parquet, csv, arrow); Target (s3://BUCKET/KEY), which
// is replaced.
// Refused:   a Target in the location of a feature group; CSV of lists.
func (a *api) exportDataset(ctx context.Context, c *awshttp.Call, in *exportDatasetRequest) (*exportDatasetResponse, error) {
	r, err := refOf(c, in.Version)
	if err != nil {
		return nil, err
	}
	d, o, err := a.Datasets.Export(ctx, r, dataset.Format(in.Format), in.Target, c.Principal.ARN)
	if err != nil {
		return nil, err
	}
	return &exportDatasetResponse{DatasetName: string(d.Name), Version: d.Version, Rows: d.Rows, File: exportedFile{URI: in.Target, Size: o.Size}}, nil
}
