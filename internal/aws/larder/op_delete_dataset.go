package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeleteDataset: DELETE /larder/Dataset/{DatasetName}, larder:DeleteDataset
//
// Supported: DatasetName; Version (query string).
// Refused:   to leave Version out; a dataset that is Running (ConflictException).
//
// The rows are removed. What the version was made of, its hash and its audit trail stay on record.
func (a *api) deleteDataset(ctx context.Context, c *awshttp.Call, _ *empty) (*datasetShape, error) {
	r, err := datasetRef(c)
	if err != nil {
		return nil, err
	}
	d, err := a.Datasets.Delete(ctx, r, c.Principal.ARN)
	if err != nil {
		return nil, err
	}
	return fromDataset(d), nil
}
