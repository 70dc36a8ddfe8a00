package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// CancelDataset: POST /larder/Dataset/{DatasetName}/Cancel, larder:CancelDataset
//
// Supported: DatasetName; Version, the newest if absent.
// Refused:   a dataset that has ended (ConflictException).
func (a *api) cancelDataset(ctx context.Context, c *awshttp.Call, in *datasetVersionRequest) (*datasetShape, error) {
	r, err := refOf(c, in.Version)
	if err != nil {
		return nil, err
	}
	d, err := a.Datasets.Cancel(ctx, r)
	if err != nil {
		return nil, err
	}
	return fromDataset(d), nil
}
